"""What held-out figures are read beside: baselines, what rank forces, and paths that stopped too early."""

import pandas as pd
import streamlit as st

from explorer.answers.evidence.evidence import Evidence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.answers.yardsticks import baselines, rank
from explorer.theme import Palette
from explorer.words import baseline_table, choice
from explorer.words.formatting import number
from explorer.words.help import HELP


def beside(evidence: Evidence, colours: Palette) -> None:
    """The equation beside its baselines, and what the rank of the sources' logits forces."""
    refit, size = evidence.refit, len(evidence.equation)
    own = (evidence.figures,) if refit is None else (refit.figures, evidence.figures)
    found = baselines.beside(evidence.subject.evaluation, size, *own)
    if found is None:
        return
    st.markdown("**What it is compared with**", help=HELP["baselines"])
    st.html(baseline_table.html_of(found.rows, colours))
    pair = evidence.subject.pair
    said = "" if found.size == size else (
        f"Baselines are those of {found.size} parents, the nearest number that is stored. "
    )  # fmt: skip
    st.caption(said + rank.sentence(pair.source.info, between=pair.source is not pair.target))


def medians(pair: NetworkPair, colours: Palette) -> None:
    """The medians over a pair's equations beside the baselines', folded away below their R²."""
    chosen = pair.chosen
    if chosen.empty:
        return
    rows = baselines.medians(chosen)
    with st.expander(in_a_line(rows), icon=":material/balance:"):
        st.html(baseline_table.html_of(rows, colours))
        st.caption(
            f"Medians over categories on held-out images, each equation at “{pair.choice}”, baselines "
            "with as many parents, by least squares as the refit is.", help=HELP["baselines"],
        )  # fmt: skip
    with st.container(gap="xsmall"):
        between = pair.source is not pair.target
        st.caption(rank.sentence(pair.source.info, between=between), help=HELP["rank"])
        note = choice.stopped_count(pair.choice, chosen["stopped"], pair.info["max_parents"])
        if note:
            st.caption(f":material/trending_down: {note}", help=HELP["stopped"])


def in_a_line(rows: pd.DataFrame) -> str:
    """`baselines.medians` in a line: like is compared with like, and the lasso's own figure is named."""
    refit, lasso, *others, _ = rows.itertuples()
    beside = ", ".join(f"{row.what.lower()} {number(row.r2)}" for row in others)
    return f"R², refit {number(refit.r2)} (lasso {number(lasso.r2)}) beside: {beside}"


def stopped(subject: Subject, size: int) -> None:
    """Say that an equation of `size` parents is only the best of a path that stopped too early, if so."""
    if subject.more_would_help(size):
        longest = int(subject.evaluation["n_parents"].max())
        st.caption(f":material/trending_down: {choice.stopped(longest)}", help=HELP["stopped"])
