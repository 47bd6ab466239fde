"""What held-out images say about an equation, in figures and in a sentence: within a network or between."""

import pandas as pd
import streamlit as st

from explorer.answers.bootstrap import Interval
from explorer.answers.heldout import Judgement
from explorer.answers.verdicts import replacement as replacement_verdict
from explorer.widgets import layout
from explorer.words.formatting import number, percent, plain
from explorer.words.help import HELP

WORDS = {True: "holds", False: "does not hold", None: "not decided"}
ICONS = {True: ":material/check_circle:", False: ":material/cancel:", None: ":material/help:"}


def figures_row(
    judged: Judgement,
    intervals: dict[str, Interval],
    evaluation: pd.DataFrame,
    n_parents: int,
    sd: float,
) -> None:
    """An equation in five numbers, the control among them, with 95% intervals. `evaluation` holds the
    rows of its target."""
    control = evaluation.loc[evaluation["n_parents"] <= max(n_parents, 1), "control_error"]
    half = HELP["within_half"].format(sd=number(sd))
    figures = (
        ("Held-out error", "error", number, HELP["error"]),
        ("Held-out R²", "r2", number, HELP["r2"]),
        ("Within ½ sd", "within_half_sd", _share, half),
        ("Within 1 sd", "within_one_sd", _share, HELP["within_one"]),
    )
    row = [
        (title, text(getattr(judged, name)), f"{meaning} {HELP['interval']}", _note(intervals[name], text))
        for title, name, text, meaning in figures
    ]  # fmt: skip
    shuffled = number(control.iat[-1] if len(control) else None)
    row.insert(1, ("Shuffled control", shuffled, HELP["control"], "nothing to find"))
    layout.metric_row(row)


def verdict(judged: Judgement, name: str, labelled: bool) -> None:
    """The claim that classification survives the replacement, judged in plain words."""
    layout.section("Replacement test", HELP["replacement"])
    say(*replacement_verdict.replacement(judged, name, labelled))


def say(holds: bool | None, text: str, hope: str = "") -> None:
    """A verdict in the box of its kind; `hope` is what was on trial, in front of it."""
    box = {True: st.success, False: st.warning, None: st.info}[holds]
    before = f"**{plain(hope)}: {WORDS[holds]}.** " if hope else ""
    box(before + plain(text, 500), icon=ICONS[holds])


def _share(value: float) -> str:
    return percent(value, 0)


def _note(interval: Interval, text) -> str:
    low, high = (text(end).removesuffix(" %") for end in interval)
    return f"{low} to {high}" + (" %" if text is _share else "")
