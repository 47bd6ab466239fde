"""The buttons that follow a thread: back and forward along what was visited, and the pin."""

import streamlit as st

from explorer.session import address, kept_sets, selection
from explorer.session.working_set import MOST
from explorer.tables.network import Network
from explorer.words.formatting import plain


@st.fragment
def draw(network: Network, name: str) -> None:
    """All of them in one row, for the page of a category; a pin does not run the page again."""
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        walk_buttons(network, "walk")
        _pin(name)
        kept_sets.attach()


def walk_buttons(network: Network, key: str) -> None:
    """Back and forward, each with the name of the category that it leads to."""
    visited, known = selection.history(), network.search.index
    steps = (
        ("Back", ":material/arrow_back:", lambda history: history.back_among(known)),
        ("Forward", ":material/arrow_forward:", lambda history: history.forward_among(known)),
    )
    for title, icon, step in steps:
        there = step(visited)
        nowhere = there == visited
        st.button(
            title, key=f"{key}-{title}", icon=icon, disabled=nowhere,
            help=f"Nothing to go {title.lower()} to yet." if nowhere else plain(there.here),
            on_click=selection.walk, args=(step,),
        )  # fmt: skip


def _pin(name: str) -> None:
    """Put a category into the working set, or take it out."""
    pinned = kept_sets.current()
    inside = name in pinned
    st.button(
        "Unpin" if inside else "Pin", key="pin",
        icon=":material/keep_off:" if inside else ":material/keep:",
        disabled=pinned.full and not inside, on_click=kept_sets.change, args=(pinned.toggled(name),),
        help=f"Take {plain(name)} out of the working set." if inside
        else f"The working set holds {MOST} categories." if pinned.full
        else f"Put {plain(name)} into the working set.",
    )  # fmt: skip
    if pinned.categories:
        st.page_link(
            address.file_of("pins"), icon=":material/keep:",
            label=f"Working set ({len(pinned.categories)})",
        )  # fmt: skip
