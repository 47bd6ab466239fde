"""Questions to the tables, on small graphs whose answers can be counted by hand."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers import dependencies, lists, neighbourhood, sparsity
from explorer.answers.yardsticks.baselines import BASELINES
from explorer.session import cache
from explorer.tables.communities import community_names
from explorer.tables.network import edge_table


def edges_of(*rows: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["target", "source", "coefficient"])


@pytest.fixture
def chain() -> pd.DataFrame:
    """0 uses 1 and 2, 1 uses 3, 3 uses 4, and 5 uses 0."""
    return edges_of((0, 1, 0.9), (0, 2, -0.4), (1, 3, 0.5), (3, 4, 0.2), (5, 0, 0.7))


def test_dependencies_carry_names_strength_and_distance(network):
    edges = network.edges
    names = network.categories["name"]
    assert (edges["target_name"].to_numpy() == names[edges["target"]].to_numpy()).all()
    assert (edges["strength"] == edges["coefficient"].abs()).all()
    assert edges["strength"].is_monotonic_decreasing
    chosen = network.chosen.set_index("target")["r2"]
    np.testing.assert_allclose(edges["r2"], chosen[edges["target"]])


def test_distance_counts_steps_over_the_nearest_common_word():
    categories = pd.DataFrame(
        {
            "name": ["husky", "tabby", "stone"],
            "hypernyms": [["dog", "carnivore", "animal"], ["cat", "carnivore", "animal"], None],
        }
    )
    table = edges_of((0, 1, 0.3), (1, 2, 0.1))
    chosen = pd.DataFrame(
        {"target": [0, 1], "r2": [0.5, 0.6], "n_parents": [1, 1], "stopped": [False, True]}
    )
    found = edge_table(categories, table, chosen)
    assert found["distance"].iat[0] == 4  # husky - dog - carnivore - cat - tabby
    assert np.isnan(found["distance"].iat[1])


def test_filters_keep_what_they_say(atlas, network):
    edges = cache.network(atlas.root, network.name, "few").edges
    keep = dependencies.passing(edges, strength=0.3, parents=(2, 4), sign="negative")
    assert 0 < keep.sum() < len(edges)
    for passes, edge in zip(keep, edges.itertuples(), strict=True):
        assert passes == (
            edge.strength >= 0.3 and 2 <= edge.n_parents <= 4 and edge.coefficient < 0
        )
    assert dependencies.passing(edges).all()


def test_filters_ask_about_the_targets_equation_and_about_both_ends(network):
    edges = network.edges.copy()
    edges.loc[::3, "duality_gap"] = 1e-3
    among = np.arange(len(network.categories)) % 3 > 0
    low, high = edges["r2"].quantile([0.2, 0.8])
    for solved, proved in (("solved exactly", True), ("not solved exactly", False)):
        keep = dependencies.passing(edges, r2=(low, high), solved=solved, among=among)
        assert 0 < keep.sum() < len(edges)
        for passes, edge in zip(keep, edges.itertuples(), strict=True):
            assert passes == (
                low <= edge.r2 <= high
                and (edge.duality_gap <= dependencies.SOLVED) == proved
                and among[edge.target]
                and among[edge.source]
            )


def test_lists_count_in_what_passes(chain):
    categories = pd.DataFrame({"category": range(6), "n_children": 9, "n_parents": 9})
    found = lists.most_depended_on(categories, chain[chain["coefficient"] > 0.3])
    tallied = dict(zip(found["category"], found["n_children"], strict=True))
    assert tallied == {0: 1, 1: 1, 3: 1}
    assert dict(zip(found["category"], found["n_parents"], strict=True)) == {0: 1, 1: 1, 3: 0}
    evaluation = pd.DataFrame({"target": range(6), "r2": [0.5, 0.4, 0.3, 0.2, 0.1, 0],
                               "holdout_error": 0.0})  # fmt: skip
    worst = lists.worst_explained(categories, evaluation, among=np.array([0, 1, 3]))
    assert worst["category"].tolist() == [3, 1, 0]


def test_the_equation_is_the_paths_largest_first(network):
    path = network.paths[2]
    found = neighbourhood.equation(path, 3.5)
    weights = path.coefficients_at(3.5)
    assert set(found["source"]) == set(path.sources[weights != 0])
    assert found["coefficient"].abs().is_monotonic_decreasing
    assert neighbourhood.equation(path, 0).empty
    assert neighbourhood.equation(None, 1).empty


def test_ego_of_depth_one_is_parents_and_children(chain):
    own = edges_of((0, 2, 0.8))
    found = neighbourhood.ego(chain, 0, own)
    assert {(e.target, e.source, e.ring) for e in found.itertuples()} == {(0, 2, -1), (5, 0, 1)}


def test_deeper_rings_follow_the_arrows(chain):
    own = chain[chain["target"] == 0]
    found = neighbourhood.ego(chain, 0, own, depth=3, direction="parents")
    assert {(e.source, e.ring) for e in found.itertuples()} == {(1, -1), (2, -1), (3, -2), (4, -3)}
    children = neighbourhood.ego(
        chain, 4, edges_of((4, 0, 0.0)).iloc[:0], depth=2, direction="children"
    )
    assert children[["target", "ring"]].values.tolist() == [[3, 1], [1, 2]]


def test_ego_keeps_the_strongest_within_its_limit(chain):
    own = chain[chain["target"] == 0]
    found = neighbourhood.ego(chain, 0, own, direction="parents", limits=(1,))
    assert found["source"].tolist() == [1]
    assert found["found"].tolist() == [2]


def test_a_full_first_step_leaves_the_further_ones_their_share():
    children = [(k, 0, 1.0) for k in range(1, 50)]
    edges = edges_of(*children, *((50 + k, 1, 0.1) for k in range(30)))
    found = neighbourhood.ego(edges, 0, edges.iloc[:0], depth=3)
    sizes = found["ring"].value_counts()
    assert (sizes[1], sizes[2]) == neighbourhood.STEPS[:2]
    assert found.groupby("ring")["found"].first().to_dict() == {1: 49, 2: 30}


def test_a_further_step_adds_to_what_the_nearer_ones_show(chain):
    """1 uses 0 as well: the second step towards sources meets that edge anew."""
    both = pd.concat([chain, edges_of((1, 0, 0.8))], ignore_index=True)
    own = both[both["target"] == 0]
    near, far = (neighbourhood.ego(both, 0, own, depth=depth) for depth in (1, 2))
    pd.testing.assert_frame_equal(far.iloc[: len(near)], near)
    assert len(far) > len(near) and not far.duplicated(["target", "source"]).any()


def test_every_step_uses_the_equation_that_the_slider_shows():
    edges = edges_of((0, 1, 0.9), (2, 0, 0.5), (0, 2, 0.4))
    own = edges_of((0, 1, 0.9))  # 2 has not entered yet
    found = neighbourhood.ego(edges, 0, own, depth=2, direction="children")
    assert list(zip(found["target"], found["source"], strict=True)) == [(2, 0)]


def test_a_cycle_is_walked_once():
    edges = edges_of((0, 1, 0.5), (1, 0, 0.5))
    found = neighbourhood.ego(edges, 0, edges[edges["target"] == 0], depth=3, direction="parents")
    assert len(found) == 2


def test_lists_lead_to_extremes(network):
    assert lists.strongest(network.edges, 5)["strength"].iat[0] == network.edges["strength"].max()
    used = lists.most_depended_on(network.categories, network.edges, 3)["n_children"].tolist()
    assert used[0] == network.categories["n_children"].max()
    worst = lists.worst_explained(network.categories, network.chosen, 3)
    assert worst["r2"].iat[0] == network.chosen["r2"].min()


def test_communities_are_named_by_the_word_that_fits_best():
    categories = pd.DataFrame(
        {
            "name": list("abcdef"),
            "community": [0, 0, 0, 1, 1, 2],
            "hypernyms": [["dog", "animal"]] * 3 + [["cat", "animal"]] * 2 + [None],
        }
    )
    used = np.array([1, 5, 2, 0, 3, 1])
    assert community_names(categories, used) == {0: "dog", 1: "cat", 2: "around f"}
    categories["hypernyms"] = None
    assert community_names(categories, used) == {0: "around b", 1: "around e", 2: "around f"}


def test_medians_count_a_jumped_over_size_with_the_support_below():
    evaluation = pd.DataFrame(
        {
            "target": [0, 0, 1, 1, 1],
            "n_parents": [1, 3, 1, 2, 3],
            "holdout_error": [0.8, 0.2, 0.6, 0.4, 0.3],
            "r2": [0.1, 0.7, 0.3, 0.5, 0.6],
            "holdout_error_refit": [0.7, 0.1, 0.5, 0.3, 0.2],
            "r2_refit": [0.2, 0.8, 0.4, 0.6, 0.7],
            **{f"{name}_error": 1.0 for name, _ in BASELINES},
            **{f"{name}_r2": 0.0 for name, _ in BASELINES},
        }
    )
    table = sparsity.sparsity_table({"m": evaluation}, refit=False)
    assert table["error"].tolist() == pytest.approx([0.7, 0.6, 0.25])
    assert table["refit_error"].tolist() == pytest.approx([0.6, 0.5, 0.15]), "what baselines are"
    refit = sparsity.sparsity_table({"m": evaluation}, refit=True)
    assert refit["error"].tolist() == table["refit_error"].tolist()
    assert "refit_error" not in refit
    assert sparsity.at_parents(table, "error")["3"].tolist() == pytest.approx([0.25])
