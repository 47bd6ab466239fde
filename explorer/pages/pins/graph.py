"""The dependencies among pinned categories: graph, table twin and files, all from the same edges."""

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers.yardsticks import stability
from explorer.figures.graphs import ego, picture, pinned
from explorer.figures.graphs.component import ego_graph
from explorer.files import caption
from explorer.files.graph_page import graph_page
from explorer.pages.pins import tools
from explorer.session import address, choices, kept_sets, selection
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.downloads import graph_downloads
from explorer.widgets.snapshot import Snapshot
from explorer.widgets.tables import (
    COEFFICIENT,
    R2_OF_TARGET,
    REFIT,
    STABILITY,
    Columns,
    leading_table,
)
from explorer.words.formatting import count
from explorer.words.help import HELP
from explorer.words.markup import key_html, sign_key, stability_key

COLUMNS: Columns = {
    "target_name": "Target",
    "source_name": "Source",
    "coefficient": COEFFICIENT,
    "refit": REFIT,
    **STABILITY,
    "r2": R2_OF_TARGET,
}


@st.fragment
def draw(network: Network, chosen: list[int], colours: Palette) -> None:
    """Everything about the edges of the set."""
    layout.section("Dependencies among them", HELP["pins_graph"])
    scope = choices.choice("Show", address.SCOPE, help=HELP["scope"])
    if scope == address.SCOPE.default:
        edges = pinned.among(network.edges, chosen)
        nodes = pinned.nodes_among(chosen, network.categories)
    else:
        edges, parents = pinned.with_parents(network.edges, chosen)
        nodes = pinned.nodes_with_parents(edges, chosen, network.categories)
        if parents > pinned.PARENTS:
            st.caption(
                f"{pinned.PARENTS} of their {count(parents)} parents: those with the largest "
                "coefficients, in graph, table and files."
            )
    if edges.empty:
        layout.empty_state(
            "No dependency among them",
            "None of these categories is in the equation of another one.",
        )
        return
    nodes = pinned.weighted(nodes, edges)
    _graph(network, edges, nodes, colours)
    _table(chosen, edges)
    _files(network, edges, nodes, len(chosen), colours)


def _graph(network: Network, edges: pd.DataFrame, nodes: pd.DataFrame, colours: Palette) -> None:
    names = network.categories["name"].iloc[nodes["category"]].tolist()
    ego_graph(
        pinned.drawing(edges, nodes, network.categories, colours), colours, key="pins-graph",
        height=_height(nodes),
        alt=f"{len(edges)} dependencies among {len(nodes)} categories",
        on_select=lambda index: selection.open_category(names[index]),
    )  # fmt: skip
    kinds = zip(ego.role_colours(colours), pinned.ROLES, strict=False)
    st.html(key_html([
        *sign_key(colours),
        *stability_key(colours, edges),
        *((colour, role, "dot") for colour, role in kinds if nodes["role"].any() or role == "pinned"),
    ]))  # fmt: skip


def _height(nodes: pd.DataFrame) -> int:
    tallest = int(nodes["ring"].value_counts().max())
    return 60 + max(19 * tallest, min(90 * tallest, 300))


def _table(chosen: list[int], edges: pd.DataFrame) -> None:
    # A row leads to a parent that is not pinned, else to the target.
    outside = ~edges["source"].isin(chosen)
    far = edges["source_name"].where(outside, edges["target_name"]).tolist()
    leading_table(
        stability.in_words(edges), "pins-edges", far, columns=COLUMNS,
        alt=f"Dependencies among {len(chosen)} pinned categories",
    )  # fmt: skip


def _files(
    network: Network, edges: pd.DataFrame, nodes: pd.DataFrame, size: int, colours: Palette
) -> None:
    stem, categories = tools.stem(network), network.categories
    title = kept_sets.current().name or "Working set"
    subtitle = f"Neural dependencies in {network.name}"
    said = f"{count(size)} pinned categories, {count(len(edges))} dependencies."
    lines = (
        f"{title} in {network.name}", said, caption.of_network(network), picture.key(edges),
    )  # fmt: skip

    def svg() -> str:
        drawing = pinned.drawing(edges, nodes, categories, theme.LIGHT)
        return picture.svg(drawing, lines=lines, height=_height(nodes))

    graph_downloads(
        edges, categories, stem, "pins", png=Snapshot("pins-graph", colours, lines), svg=svg,
        html=lambda: graph_page(title, subtitle, "", svg(), edges, categories),
    )  # fmt: skip
