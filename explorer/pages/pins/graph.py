"""The dependencies among pinned categories: graph, table twin and files, all from the same edges."""

import pandas as pd
import streamlit as st

from explorer.figures.graphs import ego, picture
from explorer.figures.graphs import pinned as pin_graph
from explorer.figures.graphs.component import ego_graph
from explorer.pages.pins import tools
from explorer.session import kept_sets, selection
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.downloads import graph_downloads
from explorer.widgets.snapshot import Snapshot
from explorer.widgets.tables import COEFFICIENT, R2_OF_TARGET, REFIT, leading_table
from explorer.words.formatting import count
from explorer.words.help import HELP
from explorer.words.markup import key_html, sign_key

SCOPES = ("among them", "with their parents")
COLUMNS = {
    "target_name": "Target",
    "source_name": "Source",
    "coefficient": COEFFICIENT,
    "refit": REFIT,
    "r2": R2_OF_TARGET,
}


@st.fragment
def draw(network: Network, chosen: list[int], colours: Palette) -> None:
    """Everything about the edges of the set."""
    layout.section("Dependencies among them", HELP["pins_graph"])
    selection.remember("scope")
    scope = selection.choice("Show", SCOPES, "scope", help=HELP["scope"])
    if scope == SCOPES[0]:
        edges = pin_graph.among(network.edges, chosen)
        nodes = pin_graph.nodes_among(chosen, network.categories)
    else:
        edges, parents = pin_graph.with_parents(network.edges, chosen)
        nodes = pin_graph.nodes_with_parents(edges, chosen, network.categories)
        if parents > pin_graph.PARENTS:
            st.caption(
                f"{pin_graph.PARENTS} of their {count(parents)} parents: those with the largest "
                "coefficients, in graph, table and files."
            )
    if edges.empty:
        layout.empty_state(
            "No dependency among them",
            "None of these categories is in the equation of another one.",
        )
        return
    nodes = pin_graph.weighted(nodes, edges)
    _graph(network, edges, nodes, colours)
    _table(chosen, edges)
    _files(network, edges, nodes, len(chosen), colours)


def _graph(network: Network, edges: pd.DataFrame, nodes: pd.DataFrame, colours: Palette) -> None:
    names = network.categories["name"].iloc[nodes["category"]].tolist()
    tallest = int(nodes["ring"].value_counts().max())
    ego_graph(
        pin_graph.drawing(edges, nodes, network.categories, colours), colours, key="pins-graph",
        height=60 + max(19 * tallest, min(90 * tallest, 300)),
        alt=f"{len(edges)} dependencies among {len(nodes)} categories",
        on_select=lambda index: selection.open_category(names[index]),
    )  # fmt: skip
    kinds = zip(ego.role_colours(colours), pin_graph.ROLES, strict=False)
    st.html(key_html([
        *sign_key(colours),
        *((colour, role, "dot") for colour, role in kinds if nodes["role"].any() or role == "pinned"),
    ]))  # fmt: skip


def _table(chosen: list[int], edges: pd.DataFrame) -> None:
    # A row leads to a parent that is not pinned, else to the target.
    outside = ~edges["source"].isin(chosen)
    far = edges["source_name"].where(outside, edges["target_name"]).tolist()
    leading_table(
        edges, "pins-edges", far, columns=COLUMNS,
        alt=f"Dependencies among {len(chosen)} pinned categories",
    )  # fmt: skip


def _files(
    network: Network, edges: pd.DataFrame, nodes: pd.DataFrame, pinned: int, colours: Palette
) -> None:
    stem, categories = tools.stem(network), network.categories
    title = kept_sets.current().name or "Working set"
    subtitle = f"Neural dependencies in {network.name}"
    said = f"{count(pinned)} pinned categories, {count(len(edges))} dependencies, each equation at"
    lines = (f"{title} in {network.name}", f"{said} its chosen sparsity.", picture.KEY)

    def svg() -> str:
        return picture.ego_svg(edges, nodes, categories, meanings=pin_graph.ROLES, lines=lines)

    graph_downloads(
        edges, categories, stem, "pins", png=Snapshot("pins-graph", colours, lines), svg=svg,
        html=lambda: picture.ego_page(title, subtitle, "", svg(), edges, categories),
    )  # fmt: skip
