"""What every page is made of: header, headline figures, sections, tabs, empty states."""

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.session import choices
from explorer.session.address import Key
from explorer.words.formatting import count, plain


def page_header(eyebrow: str, title: str, lede: str) -> None:
    """The frame of every page: where one is, what it is called, what it answers."""
    with st.container(gap="xsmall"):
        st.caption(eyebrow)
        st.title(plain(title), anchor=False)
        if lede:
            st.markdown(lede)


def metric_row(figures: list[tuple[str, ...]]) -> None:
    """Headline figures: label, value with its unit, what it means, and maybe a note below it."""
    with st.grid(len(figures), min_column_width=140, gap="small"):
        for label, value, meaning, *note in figures:
            st.metric(
                label, value, note[0] if note else None, delta_color="off", delta_arrow="off",
                help=meaning, border=True, height="stretch",
            )  # fmt: skip


def section(title: str, meaning: str) -> None:
    """A heading whose question mark says what is shown, its unit, and where it comes from."""
    st.subheader(title, help=meaning, anchor=False)


def cut(shown: int, of: int, which: str, rest: str = "") -> None:
    """Below a list that shows only `which` ("first", "strongest") of all: how many, and what is with the
    `rest`. Nothing below one that shows all."""
    if shown < of:
        st.caption(f"The {which} {count(shown)} of {count(of)}{f'; {rest}' if rest else ''}.")


def lazy_tabs(key: Key, views: Mapping[str, Callable[[], None]]) -> None:
    """Tabs of which only the open one is made; which one it is stands in the address under `key`."""
    tabs = st.tabs(list(views), on_change="rerun", **choices.tie(key, next(iter(views))))
    for tab, draw in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def empty_state(title: str, text: str, icon: str = ":material/search_off:") -> None:
    """What to show where there is nothing to show, and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.subheader(f"{icon} {title}", anchor=False, text_alignment="center")
        st.markdown(text, text_alignment="center")
