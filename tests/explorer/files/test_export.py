"""Files hold what the page shows, and their own readers agree."""

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import networkx as nx
import pandas as pd
import pytest

from explorer.answers import neighbourhood
from explorer.figures.graphs import ego, picture
from explorer.figures.graphs import pinned as pin_graph
from explorer.files import export


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


def picture_of(shown, network) -> tuple[str, str]:
    nodes = ego.nodes_of(shown, 0, network.paths[0].sources.tolist())
    svg = picture.ego_svg(shown, nodes, network.categories)
    return svg, picture.ego_page("T & <b>", "in m", "<p>x</p>", svg, shown, network.categories)


def test_the_picture_draws_every_edge_and_node(shown, network):
    svg, _ = picture_of(shown, network)
    root = ElementTree.fromstring(svg)
    space = "{http://www.w3.org/2000/svg}"
    ends = pd.unique(pd.concat([shown["target"], shown["source"]]))
    edges = root.findall(f"{space}g")
    assert len(edges) == len(shown)
    dashed = ["stroke-dasharray" in edge.find(f"{space}path").attrib for edge in edges]
    assert dashed == (shown["coefficient"] < 0).tolist()
    assert len(root.findall(f"{space}circle")) == len(ends)
    drawn = {text.text for text in root.findall(f"{space}text")}
    assert drawn == set(network.categories["name"][ends])


def test_no_name_of_a_picture_covers_another(network):
    path = network.paths[0]
    edges = neighbourhood.ego(network.edges, 0, neighbourhood.equation(path, path.last))
    nodes = ego.nodes_of(edges, 0, path.sources.tolist())
    crowd = pd.concat([nodes[nodes["ring"] == -1].assign(y=0.1)] * 8, ignore_index=True)
    crowd["category"] = range(len(crowd))
    many = network.categories.iloc[[0] * len(crowd)].reset_index(drop=True)
    texts = ElementTree.fromstring(picture.ego_svg(edges.iloc[:0], crowd, many)).iter(
        "{http://www.w3.org/2000/svg}text"
    )
    heights = sorted(float(text.get("y")) for text in texts)
    assert min(b - a for a, b in pairwise(heights)) > 13  # the size of the type


def test_lines_below_a_picture_say_where_it_comes_from(shown, network):
    nodes = ego.nodes_of(shown, 0, network.paths[0].sources.tolist())
    plain, said = (
        ElementTree.fromstring(picture.ego_svg(shown, nodes, network.categories, lines=lines))
        for lines in ((), ("a < b", "λ = 1"))
    )
    captions = [text for text in said if text.get("class") == "caption"]
    assert [text.text for text in captions] == ["a < b", "λ = 1"]
    below, tall = (float(root.get("viewBox").split()[3]) for root in (plain, said))
    assert all(below < float(text.get("y")) < tall for text in captions)


def test_names_among_lines_stand_on_the_ground(shown, network):
    nodes = ego.nodes_of(shown, 0, network.paths[0].sources.tolist())
    plates = lambda ring: picture.ego_svg(  # noqa: E731
        shown, nodes.assign(ring=nodes["ring"].clip(-ring, ring)), network.categories
    ).count('height="16"')
    assert plates(1) == 0
    assert plates(2) == (nodes["ring"].abs() == 1).sum()


def test_a_chain_is_drawn_with_its_coefficients_and_names(network):
    chain = pd.DataFrame({"source": [3, 5], "target": [5, 8], "coefficient": [0.5, -0.25]})
    svg = picture.ego_svg(
        chain.assign(ring=0), pin_graph.nodes_of_chain(chain), network.categories,
        meanings=("in the chain",), lowest=160, written=True,
    )  # fmt: skip
    root = ElementTree.fromstring(svg)
    texts = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert texts == {"0.50", "−0.25", *(network.name_of(k) for k in (3, 5, 8))}
    assert root.get("viewBox").endswith(" 160")


def test_two_that_use_each_other_have_two_lines_in_the_picture(network):
    edges = pd.DataFrame(
        {"target": [0, 1], "source": [1, 0], "coefficient": [0.5, 0.25], "ring": [-1, 1]}
    )
    svg = picture.ego_svg(edges, ego.nodes_of(edges, 0, [1]), network.categories)
    there, back = (
        {tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", d)}
        for d in re.findall(r'd="(M[^"]+C[^"]+)"', svg)
    )
    assert len(there & back) <= 2  # the ends


def test_the_page_asks_for_nothing_and_holds_the_table(shown, network):
    _, page = picture_of(shown, network)
    assert not re.search(r"(src|href|url)\s*=\s*[\"']?https?:|<script|@import", page)
    assert "T &amp; &lt;b&gt;" in page
    assert page.count("<tr>") == len(shown) + 1
