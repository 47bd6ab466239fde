"""Files hold what the page shows, and their own readers agree."""

import io
import json
import re

import networkx as nx
import pandas as pd
import pytest

from explorer.answers import neighbourhood
from explorer.files import export
from explorer.files.graph_page import graph_page


@pytest.fixture(scope="module")
def shown(network) -> pd.DataFrame:
    """The edges of one ego view, as graph and table twin show them."""
    return neighbourhood.ego(
        network.edges, 0, neighbourhood.equation(network.paths[0], 3.4), depth=2
    )


def written(shown, network, suffix: str) -> bytes:
    form = next(f for f in export.FORMATS if f.suffix == suffix)
    return form.write(shown, network.categories)


def triples(edges) -> set[tuple[int, int, float]]:
    return {(int(s), int(t), round(float(c), 6)) for s, t, c in edges}


@pytest.fixture
def expected(shown):
    return triples(zip(shown["source"], shown["target"], shown["coefficient"], strict=True))


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_tables_read_back(shown, network, expected, suffix):
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet}[suffix]
    table = read(io.BytesIO(written(shown, network, suffix)))
    assert (
        triples(zip(table["source"], table["target"], table["coefficient"], strict=True))
        == expected
    )
    assert table["target_name"].tolist() == network.categories["name"][shown["target"]].tolist()


@pytest.mark.parametrize("suffix", ["graphml", "gexf", "json"])
def test_graphs_read_back_with_names(shown, network, expected, suffix):
    content = io.BytesIO(written(shown, network, suffix))
    if suffix == "json":
        graph = nx.node_link_graph(json.load(content), edges="edges")
    else:
        reader = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}[suffix]
        graph = reader(content, node_type=int)
    assert graph.is_directed()
    assert triples(graph.edges(data="coefficient")) == expected
    names = network.categories["name"]
    if suffix != "gexf":  # networkx keeps GEXF labels under the same key
        assert all(data["label"] == names[node] for node, data in graph.nodes(data=True))


def test_the_page_asks_for_nothing_and_holds_the_table(shown, network):
    page = graph_page("T & <b>", "in m", "<p>x</p>", "<svg/>", shown, network.categories)
    assert not re.search(r"(src|href|url)\s*=\s*[\"']?https?:|<script|@import", page)
    assert "T &amp; &lt;b&gt;" in page and "<p>x</p><svg/>" in page
    assert page.count("<tr>") == len(shown) + 1
