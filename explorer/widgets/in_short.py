"""What belongs under every equation: its evidence in one sentence, and the equation to be copied."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers.evidence.evidence import Evidence
from explorer.answers.evidence.in_one_sentence import in_one_sentence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.session import cache
from explorer.words import equation_text
from explorer.words.formatting import plain
from explorer.words.help import HELP

LONGEST = 1500  # letters of the sentence


def agreed(root: Path, pair: NetworkPair) -> pd.DataFrame | None:
    """The rows of consensus.parquet that speak about a network's equations; None between two, where
    networks are not compared."""
    if pair.source is not pair.target:
        return None
    return cache.consensus(root, pair.target.info["label_set"], pair.choice)


def sentence(root: Path, evidence: Evidence) -> None:
    """The evidence in one sentence; its question mark says what every number means."""
    said = in_one_sentence(evidence, agreed(root, evidence.subject.pair))
    st.markdown(plain(said, LONGEST), help=HELP["one_sentence"])


def copy(subject: Subject, equation: pd.DataFrame) -> None:
    """The equation as text and as LaTeX, each with a button that copies it."""
    with st.popover("Copy equation", icon=":material/content_copy:"):
        for title, write, language in (
            ("Text", equation_text.as_text, None),
            ("LaTeX", equation_text.as_latex, "latex"),
        ):
            st.caption(title)
            written = write(subject.name, equation, subject.intercept(equation))
            st.code(written, language=language, wrap_lines=True)
        st.caption(HELP["copy_equation"])
