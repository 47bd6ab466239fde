"""A verdict as it stands on a page: whether a claim holds, in a sentence."""

import streamlit as st

from explorer.words.formatting import plain

WORDS = {True: "holds", False: "does not hold", None: "not decided"}
ICONS = {True: ":material/check_circle:", False: ":material/cancel:", None: ":material/help:"}


def say(holds: bool | None, text: str, hope: str = "") -> None:
    """A verdict in the box of its kind; `hope` is what was on trial, in front of it."""
    box = {True: st.success, False: st.warning, None: st.info}[holds]
    before = f"**{plain(hope)}: {WORDS[holds]}.** " if hope else ""
    box(before + plain(text, 500), icon=ICONS[holds])
