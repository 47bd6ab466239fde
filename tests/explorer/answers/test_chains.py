"""Shortest chains, on a graph that can be counted by hand and against networkx."""

import itertools
import time

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from explorer.answers.chains import ChainFinder


def edges_of(*rows: tuple[int, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["target", "source", "coefficient"])


@pytest.fixture
def small() -> pd.DataFrame:
    """0 uses 1 and 2, 1 and 2 use 3, 3 uses 4, and 5 uses 0."""
    return edges_of(
        (0, 1, 0.9), (0, 2, -0.4), (1, 3, 0.1), (2, 3, -0.5), (3, 4, 0.2), (5, 0, 0.7)
    )  # fmt: skip


def steps(chain: pd.DataFrame) -> list[tuple[int, int]]:
    return list(zip(chain["source"], chain["target"], strict=True))


def test_a_chain_runs_from_source_to_target_over_the_stronger_way(small):
    found = ChainFinder(small, 7).shortest(4, 5)
    assert steps(found) == [(4, 3), (3, 2), (2, 0), (0, 5)]  # 0.4 * 0.5 beats 0.9 * 0.1
    assert found["coefficient"].prod() == pytest.approx(0.2 * -0.5 * -0.4 * 0.7)


def test_there_is_no_way_against_the_arrows(small):
    finder = ChainFinder(small, 7)
    assert finder.shortest(5, 4) is None
    assert finder.shortest(6, 0) is None and finder.shortest(0, 6) is None
    assert len(finder.shortest(6, 6)) == 0


def random_edges(n: int, m: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.integers(n, size=(m, 2)), columns=["target", "source"])
    table = table[table["target"] != table["source"]].drop_duplicates()
    return table.assign(coefficient=rng.normal(size=len(table))).reset_index(drop=True)


@pytest.mark.parametrize("m", [30, 80, 250])
def test_it_agrees_with_networkx_on_length_and_on_the_largest_product(m):
    n, edges = 40, random_edges(40, m, seed=m)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n))
    for edge in edges.itertuples():
        graph.add_edge(edge.source, edge.target, weight=abs(edge.coefficient))
    finder, chains = ChainFinder(edges, n), 0
    for source, target in itertools.permutations(range(0, n, 3), 2):
        found = finder.shortest(source, target)
        if not nx.has_path(graph, source, target):
            assert found is None
            continue
        best = max(
            np.prod([graph.edges[step]["weight"] for step in itertools.pairwise(path)])
            for path in nx.all_shortest_paths(graph, source, target)
        )
        chains += 1
        assert found["source"].iat[0] == source and found["target"].iat[-1] == target
        assert (found["target"].to_numpy()[:-1] == found["source"].to_numpy()[1:]).all()
        assert len(found) == nx.shortest_path_length(graph, source, target)
        assert found["coefficient"].abs().prod() == pytest.approx(best)
    assert chains > 10


def test_a_hundred_thousand_edges_are_searched_while_one_waits():
    edges = random_edges(21_841, 100_000, seed=1)
    finder = ChainFinder(edges, 21_841)
    begin = time.perf_counter()
    for target in range(5):
        finder.shortest(21_000, target)
    assert (time.perf_counter() - begin) / 5 < 0.5  # 0.03 s on an idle core
