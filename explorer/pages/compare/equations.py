"""One category in both networks: its equations, the graphs of both in the same places, the table."""

import html
from collections.abc import Callable

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers import comparison
from explorer.figures.graphs import compared
from explorer.figures.graphs.component import ego_graph
from explorer.files import caption
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout, snapshot
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.formatting import plain
from explorer.words.help import HELP
from explorer.words.markup import equation_html

SIGNED = "%.3f"
MARKS = {"circle": "●", "triangle": "▲", "diamond": "◆"}


def draw(
    first: Network,
    second: Network,
    name: str,
    refit: bool,
    choose: Callable[[str], None],
) -> None:
    """`choose` is called with the name of a source that was chosen on a graph or in the table."""
    layout.section(f"{plain(name)} in both", HELP["both"])
    colours = theme.palette()
    table = comparison.equations(first.edges, second.edges, name, refit=refit)
    drawn = compared.shown(table)
    with st.grid(2, min_column_width=300, gap="large") as grid:
        for letter, network in (("a", first), ("b", second)):
            with grid.cell():
                _side(network, letter, name, table, drawn, choose, colours)
    st.html(_key(colours))
    layout.cut(len(drawn), len(table), "strongest", "the table has them all")
    columns: Columns = {
        "source_name": "Source",
        "kind": "Kind",
        "coefficient_a": st.column_config.NumberColumn("in A", format=SIGNED),
        "coefficient_b": st.column_config.NumberColumn("in B", format=SIGNED),
    }
    leading_table(
        table, "pair", table["source_name"].tolist(), columns=columns, height=320,
        alt=f"Sources of {name} in both networks", choose=choose,
    )  # fmt: skip
    files = table.drop(columns=["row_a", "row_b"])
    downloads(files, f"{first.name}-{second.name}-{name}", "pair")


def _side(
    network: Network,
    letter: str,
    name: str,
    table: pd.DataFrame,
    drawn: pd.DataFrame,
    choose: Callable[[str], None],
    colours: Palette,
) -> None:
    st.markdown(f"**{letter.upper()}: {plain(network.name)}**")
    if name not in network.search.index:
        layout.empty_state("Not here", f"This network has no category {plain(name)}.")
        return
    own = table.rename(columns={f"coefficient_{letter}": "coefficient"})
    own = own.dropna(subset=["coefficient"])
    own = own.sort_values("coefficient", key=abs, ascending=False, kind="stable")
    sources = drawn["source_name"].tolist()

    def chosen(node: int) -> None:
        if node:  # the first one is the category itself
            choose(sources[node - 1])

    ego_graph(
        compared.drawing(drawn, name, letter, colours), colours, key=f"pair-{letter}",
        height=max(220, 22 * len(drawn) + 60), alt=f"{len(own)} parents of {name} in {network.name}",
        on_select=chosen,
    )  # fmt: skip
    st.html(equation_html(name, own, None, network.name, colours))
    picture = f"{network.name}-{name}-{letter.upper()}.png"
    lines = (f"{name} in {network.name}", caption.of_stored(network, name), _key_in_words())
    shot = snapshot.Snapshot(f"pair-{letter}", colours, lines)
    shot.button(picture, f"picture-{letter}")


def _key(colours: Palette) -> str:
    by_kind = compared.kind_colours(colours)
    entries = [
        (by_kind.get(kind, colours.faint), mark, meaning) for kind, mark, meaning in _marks()
    ]
    spans = (
        f'<span><b aria-hidden="true" style="color:{colour}">{mark}</b>{html.escape(meaning)}</span>'
        for colour, mark, meaning in entries
    )
    return f'<p class="nde-key">{"".join(spans)}</p>'


def _key_in_words() -> str:
    return " · ".join(f"{mark} {meaning}" for _, mark, meaning in _marks())


def _marks() -> list[tuple[str, str, str]]:
    """Kind of a dependency, the mark that the graphs have for it, and what it means."""
    return [
        ("shared", MARKS[compared.SHAPES["shared"]], "in both, same sign"),
        ("sign flip", MARKS[compared.SHAPES["sign flip"]], "in both, opposite signs"),
        ("only in A", MARKS[compared.SHAPES["only in A"]], "only in this network"),
        ("", "○", "only in the other network"),
        ("", "┄", "dashed: negative coefficient"),
    ]
