"""Two networks' dependencies, joined by name and sorted into four kinds."""

import io

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from explorer.answers import comparison
from explorer.answers.comparison import compare, counts, fitted
from explorer.files import export
from explorer.session import cache


def edges(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["target_name", "source_name", "coefficient"])


@pytest.fixture
def table() -> pd.DataFrame:
    a = edges(("cat", "dog", 0.5), ("cat", "fox", 0.2), ("dog", "fox", 0.9), ("dog", "yak", 0.4))
    b = edges(("cat", "dog", 0.3), ("cat", "fox", -0.8), ("fox", "dog", 0.1))
    return compare(a, b, {"cat", "dog", "fox"})


def test_both_coefficients_leave_with_the_edges_as_a_graph(atlas):
    first, second = (cache.network(atlas.root, model, "readable") for model in atlas.models())
    table = comparison.compare(first.edges, second.edges)
    content = export.FORMATS[3].write(comparison.edges(table, first.search.index), first.categories)
    graph = nx.read_graphml(io.BytesIO(content), node_type=int)
    assert graph.number_of_edges() == len(table)
    for row in table.itertuples():
        ends = first.index_of(row.source_name), first.index_of(row.target_name)
        values = graph.edges[ends]
        both = [row.coefficient_a, row.coefficient_b]
        held = [values.get("coefficient_a", np.nan), values.get("coefficient_b", np.nan)]
        np.testing.assert_allclose(held, both)
        assert abs(values["coefficient"]) == pytest.approx(np.nanmax(np.abs(both)))
        assert values["kind"] == row.kind


def test_every_dependency_has_its_kind(table):
    kinds = {(row.target_name, row.source_name): row.kind for row in table.itertuples()}
    assert kinds == {
        ("cat", "dog"): "shared",
        ("cat", "fox"): "sign flip",
        ("dog", "fox"): "only in A",
        ("fox", "dog"): "only in B",
    }
    assert counts(table) == {"shared": 1, "sign flip": 1, "only in A": 1, "only in B": 1}


def test_the_stronger_side_counts(table):
    assert table["strength"].tolist() == [0.9, 0.8, 0.5, 0.1]


def test_the_chosen_fit_brings_its_own_strength_and_sign():
    both = edges(("cat", "dog", -0.004), ("cat", "fox", 0.2)).assign(
        refit=[0.034, -0.1], strength=[0.004, 0.2], sign=[-1, 1]
    )
    assert fitted(both, refit=False) is both
    seen = fitted(both, refit=True)
    assert seen["coefficient"].tolist() == [0.034, -0.1]
    assert seen["strength"].tolist() == [0.034, 0.1] and seen["sign"].tolist() == [1, -1]


def test_a_network_agrees_with_itself(network):
    same = compare(network.edges, network.edges, set(network.search.names))
    assert counts(same) == {
        "shared": len(network.edges),
        "sign flip": 0,
        "only in A": 0,
        "only in B": 0,
    }


def test_planted_flips_are_counted_exactly(network):
    """Negating half of B's logits turns the sign of every dependency between the halves."""
    edges = network.edges
    turned = (edges["target"] % 2) != (edges["source"] % 2)
    negated = edges.assign(coefficient=edges["coefficient"].where(~turned, -edges["coefficient"]))
    found = counts(compare(edges, negated, set(network.search.names)))
    assert 0 < turned.sum() < len(edges)
    assert found["sign flip"] == turned.sum() and found["shared"] == (~turned).sum()


def test_refit_coefficients_are_compared_when_asked(network):
    edges = network.edges
    negated = edges.assign(refit=-edges["refit"])
    names = set(network.search.names)
    assert counts(compare(edges, negated, names))["sign flip"] == 0
    assert (
        counts(compare(edges, negated, names, refit=True))["sign flip"]
        == (edges["refit"] != 0).sum()
    )


def test_signs_are_judged_where_both_networks_are_sure():
    a = edges(("cat", "dog", 0.5), ("cat", "fox", 0.2), ("dog", "fox", 0.9), ("dog", "yak", 0.4))
    b = edges(("cat", "dog", -0.3), ("cat", "fox", -0.8), ("dog", "fox", 0.1), ("fox", "dog", 0.1))
    stable = compare(a.assign(stability=[0.9, 0.7, 0.8, 1.0]), b.assign(stability=[0.8, 1, 1, 1]))
    assert comparison.stable_flips(stable) == (1, 2), "cat - fox is no stable one of A"
    # The control: without stability nothing is said.
    assert comparison.stable_flips(compare(a, b)) == (0, 0)


def test_unrelated_networks_share_what_chance_gives():
    """Eight parents of 40, drawn anew for each network: 8 x 8 / 39 of them are shared, and half of the
    signs differ."""
    rng = np.random.default_rng(0)
    names = [f"c{k}" for k in range(40)]

    def drawn() -> pd.DataFrame:
        rows = [
            (target, source, rng.normal())
            for target in names
            for source in rng.choice([n for n in names if n != target], 8, replace=False)
        ]
        return edges(*rows)

    found = counts(compare(drawn(), drawn(), set(names)))
    shared = found["shared"] + found["sign flip"]
    assert shared == pytest.approx(40 * 8 * 8 / 39, rel=0.25)
    assert found["sign flip"] / shared == pytest.approx(0.5, abs=0.2)
