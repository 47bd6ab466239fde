"""What stands below an equation, within a network or between two."""

import streamlit as st

from explorer.answers.network_pair import Subject
from explorer.words.choice import stopped as words
from explorer.words.help import HELP


def stopped(subject: Subject, size: int) -> None:
    """Say that an equation of `size` parents is only the best of a path that stopped too early, if so."""
    if subject.more_would_help(size):
        longest = int(subject.evaluation["n_parents"].max())
        st.caption(f":material/trending_down: {words(longest)}", help=HELP["stopped"])
