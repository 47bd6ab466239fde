"""Places in the ego graph: fixed while the slider moves, spread however few nodes there are."""

import json

import numpy as np
import pandas as pd

from explorer import theme
from explorer.answers import neighbourhood
from explorer.figures.graphs import ego


def test_slots_are_spread_for_every_number_of_nodes():
    for n in (1, 2, 3, 5, 8, 13, 32):
        places = np.sort(ego.spread(np.arange(n)))
        gaps = np.diff(np.r_[0, places, 1])
        assert len(set(places)) == n
        # The widest gap of a van der Corput beginning is at most a few times the even one.
        assert gaps.max() <= 2.5 / (n + 1) + 1e-12


def test_slots_of_a_path_are_at_equal_distances_and_spread_from_the_start():
    for size in (1, 5, 32, 46, 100):
        places = ego.slots(size)
        np.testing.assert_allclose(np.sort(places), (np.arange(size) + 0.5) / size)
        for n in range(1, size + 1):
            assert np.diff(np.r_[0, np.sort(places[:n]), 1]).max() <= 2 / (n + 1) + 1e-12


def test_what_is_cut_is_said():
    def frame(*rings: tuple[int, int, int]) -> pd.DataFrame:
        rows = [(ring, found) for ring, shown, found in rings for _ in range(shown)]
        return pd.DataFrame(rows, columns=["ring", "found"])

    assert ego.shown(frame((-1, 9, 9), (1, 32, 44))) == (
        "9 parents, 32 of 44 children, strongest first"
    )
    assert ego.shown(frame((-1, 1, 1), (1, 2, 2), (-2, 3, 3), (2, 4, 7))) == (
        "1 parent, 2 children; step 2: 3 on the left, 4 of 7 on the right, strongest first"
    )
    assert ego.shown(frame((-1, 2, 2))) == "2 parents"
    assert ego.shown(frame()) == "no dependency"


def test_further_nodes_stand_near_those_that_led_there(network):
    edges = pd.DataFrame(
        {
            "target": [0, 0, 1, 2],
            "source": [1, 2, 3, 4],
            "coefficient": [0.5, 0.4, 0.1, 0.9],
            "ring": [-1, -1, -2, -2],
        }
    )
    for order in ([1, 2], [2, 1]):
        y = ego.nodes_of(edges, 0, order).set_index("category")["y"]
        assert (y[1] > y[2]) == (y[3] > y[4])


def ego_nodes(network, target, position):
    path = network.paths[target]
    edges = neighbourhood.ego(network.edges, target, neighbourhood.equation(path, position))
    return edges, ego.nodes_of(edges, target, path.sources.tolist())


def test_nodes_stay_in_place_while_the_slider_moves(network):
    before = ego_nodes(network, 0, 2.5)[1].set_index("category")
    after = ego_nodes(network, 0, 4.5)[1].set_index("category")
    both = before.index[before["ring"] == -1].intersection(after.index[after["ring"] == -1])
    assert len(both) > 1 and len(after) >= len(before)
    np.testing.assert_array_equal(before.loc[both, "y"], after.loc[both, "y"])
    np.testing.assert_array_equal(before.loc[both, "x"], after.loc[both, "x"])


def test_parents_stand_left_and_children_right(network):
    _, nodes = ego_nodes(network, 0, 3)
    assert (nodes.loc[nodes["ring"] < 0, "x"] < 0).all()
    assert (nodes.loc[nodes["ring"] > 0, "x"] > 0).all()
    assert nodes["category"].is_unique and nodes["category"].iat[0] == 0


def test_the_drawing_has_every_edge_in_plain_values(network):
    edges, nodes = ego_nodes(network, 0, 4)
    drawing = ego.drawing(edges, nodes, network.categories, theme.LIGHT)
    drawing = json.loads(json.dumps(drawing, allow_nan=False))
    names = network.categories["name"]
    drawn = [node["name"] for node in drawing["nodes"]]
    assert drawn == names[nodes["category"]].tolist()
    assert [(drawn[edge["target"]], drawn[edge["source"]]) for edge in drawing["edges"]] == [
        (names[e.target], names[e.source]) for e in edges.itertuples()
    ]


def test_signs_have_colours_of_their_own(network):
    edges, nodes = ego_nodes(network, 0, 4)
    drawn = ego.drawing(edges, nodes, network.categories, theme.DARK)["edges"]
    for edge, line in zip(edges.itertuples(), drawn, strict=True):
        expected = theme.DARK.positive if edge.coefficient > 0 else theme.DARK.negative
        assert line["colour"] == expected


def test_a_heavier_edge_is_wider(network):
    edges, nodes = ego_nodes(network, 0, 4)
    drawn = ego.drawing(edges, nodes, network.categories, theme.LIGHT)["edges"]
    order = edges["coefficient"].abs().to_numpy().argsort(kind="stable")
    widths = [drawn[k]["width"] for k in order]
    assert widths == sorted(widths) and widths[0] < widths[-1]


def test_two_categories_that_use_each_other_have_two_lines(network):
    categories = network.categories
    edges = pd.DataFrame(
        {
            "target": [0, 1, 0],
            "source": [1, 0, 2],
            "coefficient": [0.5, 0.4, 0.3],
            "ring": [-1, 1, -1],
        }
    )
    nodes = ego.nodes_of(edges, 0, [1, 2])
    drawn = ego.drawing(edges, nodes, categories, theme.LIGHT)["edges"]
    assert ["bow" in line for line in drawn] == [False, True, False]


def test_an_ego_graph_without_edges_is_its_category_alone(network):
    edges = network.edges.iloc[:0].assign(ring=0)
    nodes = ego.nodes_of(edges, 4, [])
    drawing = ego.drawing(edges, nodes, network.categories, theme.LIGHT)
    assert [node["name"] for node in drawing["nodes"]] == [network.name_of(4)]
    assert drawing["edges"] == []
