"""A verdict as it stands on a page: whether a claim holds, in a sentence."""

import streamlit as st

from explorer.words.formatting import plain

WORDS = {True: "holds", False: "does not hold", None: "not decided"}
ICONS = {True: ":material/check_circle:", False: ":material/cancel:", None: ":material/help:"}


def say(holds: bool | None, text: str, hope: str = "", word: str = "") -> None:
    """A verdict in the box of its kind; `hope` is what was on trial, in front of it, and `word` what came
    out, where that is said otherwise than in WORDS."""
    box = {True: st.success, False: st.warning, None: st.info}[holds]
    before = f"**{plain(hope)}: {word or WORDS[holds]}.** " if hope else ""
    box(before + plain(text, 800), icon=ICONS[holds])
