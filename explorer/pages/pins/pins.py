"""Working set: the categories that the reader has pinned, what ties them, and how to keep them."""

import streamlit as st

from explorer import theme
from explorer.figures.graphs import pinned
from explorer.pages.pins import chain, graph, tools
from explorer.session import kept_sets, place
from explorer.session.working_set import MOST
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.formatting import plain
from explorer.words.help import HELP

network = place.here().network
colours = theme.palette()

COLUMNS: Columns = {
    "name": "Category",
    "definition": "Meaning",
    "community": "Community",
    "n_parents": "Parents",
    "n_children": "Children",
    "r2": st.column_config.NumberColumn("Held-out R²", format="%.2f"),
}


def warn(surplus: int, missing: list[str]) -> None:
    """Say aloud what of the set cannot be shown."""
    if surplus > 0:
        st.warning(
            f"This address pins {MOST + surplus} categories; only the first {MOST} are taken.",
            icon=":material/link_off:",
        )
    if missing:
        names = ", ".join(f"“{plain(name)}”" for name in missing[:8])
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        st.warning(
            f"{plain(network.name)} has no category {names}{more}. Left out here.",
            icon=":material/link_off:",
        )
        st.button("Forget them", icon=":material/close:", on_click=tools.drop, args=(missing,))


def draw(chosen: list[int]) -> None:
    """The pinned categories and their dependencies."""
    rows = pinned.table(network.categories, network.chosen, network.community_names, chosen)
    layout.section("Pinned categories", HELP["pinned"])
    leading_table(
        rows, "pinned-table", rows["name"].tolist(), columns=COLUMNS, alt="Pinned categories"
    )
    downloads(rows, f"{tools.stem(network)}-categories", "pinned")
    graph.draw(network, chosen, colours)


surplus = kept_sets.follow_address()
here, missing = kept_sets.current().split(network.search.index)
layout.page_header(
    f"{len(here)} pinned · {plain(network.name)}",
    "Working set",
    "Categories that you pinned, and the dependencies among them.",
)
warn(surplus, missing)
tools.draw(network, here)
if here:
    draw([network.index_of(name) for name in here])
else:
    layout.empty_state(
        "Nothing pinned yet",
        "Choose categories above, or press **Pin** on the page of a category.",
        icon=":material/keep:",
    )
chain.draw(network, colours)
