"""Learn: worked examples, the tour, every word of the pages with its unit, formula and source, and what
was found in a network with very many categories."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from explorer.pages.glossary import characters
from explorer.session import address, choices, place
from explorer.widgets import layout, tour, worked_examples
from explorer.words import glossary
from explorer.words.formatting import plain
from explorer.words.glossary import Word
from explorer.words.help import HELP

here = place.here()
network = here.network


def examples() -> None:
    """Three views worth a look, and the way round."""
    layout.section("Worked examples", HELP["worked_examples"])
    worked_examples.cards(here.root, network, "example")
    tour.start_button(network, "glossary-tour")


@st.fragment
def words() -> None:
    """The glossary: by group, or what a search finds."""
    layout.section("Glossary", HELP["glossary"])
    asked = st.text_input(
        "Find a word", type="search", live="200ms", width=420,
        placeholder="certificate, epsilon, AUSUC …", **choices.tie(address.WORD, ""),
    )  # fmt: skip
    if asked and asked.strip():
        found = glossary.find(asked)
        if found:
            entries(found)
        else:
            st.caption(f"No word here is called “{plain(asked)}”.")
        return
    groups = {title: partial(entries, found) for title, found in glossary.GROUPS.items()}
    layout.lazy_tabs(address.GROUP, groups)


def entries(found: Sequence[Word]) -> None:
    """One card per word, in two columns where there is room: down the first, then down the second."""
    half = (len(found) + 1) // 2
    with st.grid(2, min_column_width=400, gap="medium") as grid:
        for column in (found[:half], found[half:]):
            with grid.cell():
                for word in column:
                    with st.container(border=True, gap="xsmall"):
                        entry(word)


def entry(word: Word) -> None:
    """Name, meaning, formula; then unit, source and where it is seen."""
    st.markdown(f"##### {word.name}")
    st.markdown(word.sentence)
    if word.formula:
        st.latex(word.formula)
    st.caption(f"Unit: {word.unit}. Source: {word.source}.")
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption("Seen on", width="content")
        for page in word.pages:
            st.page_link(address.file_of(page))


layout.page_header(
    "Learn",
    "Words and worked examples",
    "What to look at first, what every word and figure means, and what was found among 18,710 characters.",
)
examples()
words()
characters.found()
