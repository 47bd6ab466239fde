"""The shortest chain of dependencies between two categories, in both directions."""

import math

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers.chains import ChainFinder
from explorer.answers.yardsticks import stability
from explorer.figures.graphs import picture, pinned
from explorer.figures.graphs.component import ego_graph
from explorer.files import caption
from explorer.files.graph_page import graph_page
from explorer.pages.pins.pick import pick
from explorer.session import address, selection
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.downloads import graph_downloads
from explorer.widgets.snapshot import Snapshot
from explorer.widgets.tables import COEFFICIENT, REFIT, STABILITY, Columns, leading_table
from explorer.words.formatting import plain
from explorer.words.help import HELP
from explorer.words.markup import chain_html, key_html, sign_key, stability_key

COLUMNS: Columns = {
    "source_name": "Source",
    "target_name": "enters the equation of",
    "coefficient": COEFFICIENT,
    "refit": REFIT,
    **STABILITY,
}
HEIGHT = 160  # pixels, of the drawing and of the picture


@st.fragment
def draw(network: Network, colours: Palette) -> None:
    """Choose two categories and see what connects them."""
    layout.section("From one to the other", HELP["chain"])
    with st.grid(2, min_column_width=260, gap="small") as grid:
        with grid.cell():
            one = pick(network, "From", address.FROM, HELP["chain_end"])
        with grid.cell():
            other = pick(network, "To", address.TO, HELP["chain_end"])
    if one is None or other is None:
        st.caption("Choose two categories to see over which others one reaches the other.")
        return
    if one == other:
        st.caption("Both are the same category. Choose another one on one side.")
        return
    finder = _finder(network.version, network)
    with st.grid(2, min_column_width=380, gap="large") as grid:
        for source, target in ((one, other), (other, one)):
            with grid.cell():
                _chain(network, finder, source, target, colours)


@st.cache_resource(max_entries=4, show_spinner=False)
def _finder(version: str, _network: Network) -> ChainFinder:
    return ChainFinder(_network.edges, len(_network.categories))


def _chain(
    network: Network, finder: ChainFinder, source: str, target: str, colours: Palette
) -> None:
    found = finder.shortest(network.index_of(source), network.index_of(target))
    if found is None:
        layout.empty_state(
            "No chain",
            f"However many equations one follows, none leads from {plain(source)} into the equation "
            f"of {plain(target)}.",
            icon=":material/link_off:",
        )
        return
    names = [source, *found["target_name"]]
    st.html(chain_html(names, found["coefficient"].tolist(), network.name, colours))
    st.caption(_meaning(found, plain(source), plain(target)))
    nodes = pinned.nodes_of_chain(found)
    _graph(network, found, nodes, names, colours)
    key = f"chain-{source}-{target}"
    leading_table(
        stability.in_words(found), key, found["source_name"].tolist(), columns=COLUMNS,
        alt=f"Chain from {source} to {target}",
    )  # fmt: skip
    _files(network, found, nodes, names, colours)


def _meaning(found: pd.DataFrame, source: str, target: str) -> str:
    product = math.prod(found["coefficient"].tolist())
    size = f"{product:.2g}".replace("-", "−")
    steps = f"{len(found)} steps" if len(found) > 1 else "One step"
    return (
        f"{steps}. The product of the coefficients is {size}: along these equations, images with one logit "
        f"more of {source} go with so much more of {target}. That is association, not cause: nothing here "
        "says that raising the one would move the other."
    )


def _graph(
    network: Network, found: pd.DataFrame, nodes: pd.DataFrame, names: list[str], colours: Palette
) -> None:
    ego_graph(
        pinned.chain_drawing(found, nodes, network.categories, colours), colours,
        key=_place(names), height=HEIGHT, alt=" → ".join(names),
        on_select=lambda index: selection.open_category(names[index]),
    )  # fmt: skip
    st.html(key_html([*sign_key(colours), *stability_key(colours, found)]))


def _place(names: list[str]) -> str:
    return f"chain-graph-{names[0]}-{names[-1]}"


def _files(
    network: Network, found: pd.DataFrame, nodes: pd.DataFrame, names: list[str], colours: Palette
) -> None:
    source, target = names[0], names[-1]
    title, said = f"{source} → {target}", _meaning(found, source, target)
    lines = (
        f"{title} in {network.name}", said, caption.of_network(network), picture.key(found),
    )  # fmt: skip

    def svg() -> str:
        drawing = pinned.chain_drawing(found, nodes, network.categories, theme.LIGHT)
        return picture.svg(drawing, lines=lines, height=HEIGHT)

    def page() -> str:
        subtitle = f"Chain of neural dependencies in {network.name}"
        return graph_page(title, subtitle, "", svg(), found, network.categories)

    graph_downloads(
        found, network.categories, f"{network.name}-{source}-to-{target}", f"chain-{source}-{target}",
        png=Snapshot(_place(names), colours, lines), svg=svg, html=page,
    )  # fmt: skip
