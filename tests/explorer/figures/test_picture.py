"""Small graphs as SVG files: every edge, name and word is there, and nothing covers a name."""

import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from explorer import theme
from explorer.answers import neighbourhood
from explorer.figures.graphs import ego, linked, picture, pinned
from explorer.figures.graphs.places import apart


@pytest.fixture(scope="module")
def shown(network) -> pd.DataFrame:
    """The edges of one ego view."""
    return neighbourhood.ego(
        network.edges, 0, neighbourhood.equation(network.paths[0], 3.4), depth=2
    )


def drawing(edges, network, depth: int = 2) -> dict:
    nodes = ego.nodes_of(edges, 0, network.paths[0].sources.tolist())
    nodes["ring"] = nodes["ring"].clip(-depth, depth)
    return ego.drawing(edges, nodes, network.categories, theme.LIGHT)


def parts(svg: str, kind: str) -> list[ElementTree.Element]:
    """The shapes of a class."""
    return [shape for shape in ElementTree.fromstring(svg).iter() if shape.get("class") == kind]


def name_of(node: ElementTree.Element) -> ElementTree.Element:
    found = node.find("{http://www.w3.org/2000/svg}text")
    assert found is not None
    return found


def place(node: ElementTree.Element) -> tuple[float, float]:
    x, y = re.findall(r"[-\d.]+", node.get("transform", ""))
    return float(x), float(y)


def test_the_picture_draws_every_edge_and_node(shown, network):
    svg = picture.svg(drawing(shown, network))
    ends = pd.unique(pd.concat([shown["target"], shown["source"]]))
    assert len(parts(svg, "edge")) == len(shown)
    dashed = ["stroke-dasharray" in line.attrib for line in parts(svg, "line")]
    assert dashed == (shown["coefficient"] < 0).tolist()
    assert len(parts(svg, "mark")) == len(ends)
    drawn = {name_of(node).text for node in parts(svg, "node")}
    assert drawn == set(network.categories["name"][ends])


def test_no_name_of_a_picture_covers_another(network):
    path = network.paths[0]
    edges = neighbourhood.ego(network.edges, 0, neighbourhood.equation(path, path.last))
    found = drawing(edges, network)
    crowd = [node | {"y": 0.1} for node in found["nodes"] if node["column"] == -1] * 8
    svg = picture.svg({"nodes": [found["nodes"][0], *crowd], "edges": []})
    heights = sorted(place(node)[1] for node in parts(svg, "node")[1:])
    assert len(heights) == len(crowd)
    assert min(b - a for a, b in pairwise(heights)) > 13  # the size of the type


def test_nodes_are_moved_apart_by_least_squares():
    heights = np.array([50.0, 12.0, 52.0, 54.0, 300.0])
    moved = apart(heights, 15, 12, 400)
    np.testing.assert_allclose(moved, [37, 12, 52, 67, 300])
    np.testing.assert_allclose(apart(np.full(5, 30.0), 15, 12, 52), [12, 22, 32, 42, 52])


@pytest.mark.parametrize("direction", ["both", "parents"])
def test_a_picture_is_as_wide_as_its_longest_names(network, direction):
    equation = neighbourhood.equation(network.paths[0], 3.4)
    edges = neighbourhood.ego(network.edges, 0, equation, depth=2, direction=direction)
    nodes = ego.nodes_of(edges, 0, network.paths[0].sources.tolist())
    long = network.categories.assign(
        name=network.categories["name"] + " and a good many words more"
    )
    svg = picture.svg(ego.drawing(edges, nodes, long, theme.LIGHT))
    width = float(ElementTree.fromstring(svg).get("viewBox", "").split()[2])
    for node in parts(svg, "node"):
        name = name_of(node)
        wide = 0.55 * float(name.get("font-size", 0)) * len(name.text or "")
        before = {"end": 1.0, "middle": 0.5, "start": 0.0}[name.get("text-anchor", "")]
        start = place(node)[0] + float(name.get("x", 0)) - before * wide
        assert 0 <= start <= width - wide


def test_lines_below_a_picture_say_where_it_comes_from(shown, network):
    plain, said = (
        picture.svg(drawing(shown, network), lines=lines) for lines in ((), ("a < b", "λ = 1"))
    )
    captions = parts(said, "caption")
    assert [text.text for text in captions] == ["a < b", "λ = 1"]
    below, tall = (
        float(ElementTree.fromstring(svg).get("viewBox", "").split()[3]) for svg in (plain, said)
    )
    assert all(below < float(text.get("y", 0)) < tall for text in captions)


def test_a_long_line_below_is_broken_and_nothing_of_it_is_lost(shown, network):
    said = "its evidence in one sentence " * 20 + "end"
    svg = picture.svg(drawing(shown, network), lines=("a", said))
    width = float(ElementTree.fromstring(svg).get("viewBox", "").split()[2])
    captions = parts(svg, "caption")
    assert len(captions) > 3 and " ".join(text.text for text in captions[1:]) == said
    assert all(24 + 0.55 * 13 * len(text.text) <= width for text in captions)
    assert [text.get("font-weight") for text in captions] == ["700", *["400"] * (len(captions) - 1)]


def test_names_among_lines_stand_on_the_ground(shown, network):
    plates = lambda depth: len(parts(picture.svg(drawing(shown, network, depth)), "plate"))  # noqa: E731
    inner = [node for node in drawing(shown, network)["nodes"] if abs(node["column"]) == 1]
    assert plates(2) - plates(1) == len(inner)


def test_a_chain_is_drawn_with_its_coefficients_and_names(network):
    chain = pd.DataFrame({"source": [3, 5], "target": [5, 8], "coefficient": [0.5, -0.25]})
    nodes = pinned.nodes_of_chain(chain)
    found = pinned.chain_drawing(chain, nodes, network.categories, theme.LIGHT)
    svg = picture.svg(found, height=160)
    texts = {
        text.text for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")
    }
    assert texts == {"0.50", "−0.25", *(network.name_of(k) for k in (3, 5, 8))}
    assert 'viewBox="0 0 960 160"' in svg


def test_two_that_use_each_other_have_two_lines_in_the_picture(network):
    edges = pd.DataFrame(
        {"target": [0, 1], "source": [1, 0], "coefficient": [0.5, 0.25], "ring": [-1, 1]}
    )
    nodes = ego.nodes_of(edges, 0, [1])
    svg = picture.svg(ego.drawing(edges, nodes, network.categories, theme.LIGHT))
    there, back = (
        set(re.findall(r"([\d.]+) ([\d.]+)", line.get("d", ""))) for line in parts(svg, "line")
    )
    assert len(there & back) <= 2  # the ends


def test_a_source_of_a_link_has_the_shape_that_says_which_networks_agree(network):
    equation = pd.DataFrame({"source": [3, 5], "coefficient": [0.5, -0.25]})
    edges, nodes = linked.two_sided(equation, [3, 5], 0)
    kinds = {network.name_of(3): 0, network.name_of(5): 3}
    found = linked.drawing(edges, nodes, network.categories, theme.LIGHT, kinds)
    assert [node.get("symbol") for node in found["nodes"]] == [None, "diamond", "circle"]
    diamond = parts(picture.svg(found), "mark")[1].get("d", "")
    assert diamond.count("L") == 3 and "C" not in diamond
