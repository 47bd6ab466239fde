"""Characters: what dependencies look like with 18,710 categories, and how to see it oneself."""

import streamlit as st

from explorer.widgets import layout
from explorer.words import characters
from explorer.words.formatting import THIN


def found() -> None:
    """The network, the commands that make its atlas, and what was found in it, a card each."""
    layout.section("Characters", characters.SOURCES)
    st.markdown(characters.WHAT)
    st.code(characters.MAKE, language="bash", wrap_lines=True)
    with st.grid(2, min_column_width=400, gap="medium") as grid:
        for finding in characters.FINDINGS:
            with grid.cell(), st.container(border=True, height="stretch"):
                text = finding.text.replace(" %", f"{THIN}%")
                st.markdown(f"**{finding.title}**  \n{text}")
    st.caption(characters.SOURCES)
