"""What an experiment achieves: a sentence with its price, and U, S and H in percent with intervals."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from explorer.answers import category_draws, unseen
from explorer.answers.category_draws import Spread
from explorer.answers.verdicts import achievement
from explorer.pages.unseen.category import Trial
from explorer.session import experiments
from explorer.widgets import layout
from explorer.words.formatting import number, percent, plain
from explorer.words.help import HELP
from precompute.unseen import seen_unseen_curve
from precompute.unseen.map_key import CHANCE


def sentence(trial: Trial, now: Mapping) -> None:
    """The achievement and its price at the slider's gamma, and what is to be known about both."""
    info = trial.experiment.info
    result = unseen.outcome_of(trial.experiment, trial.key, trial.calibration)
    alone = float(seen_unseen_curve.rates(result, float("-inf"))["S"])
    guessing = float(unseen.metric(trial.experiment, CHANCE, trial.calibration)["U"])
    shares = {name: float(now[name]) for name in ("U", "S")}
    said = achievement.achievement(info, shares, alone, guessing)
    st.markdown(f"#### {plain(said, 500)}")
    st.caption(plain(achievement.proviso(info), 300))


def cards(trial: Trial, now: Mapping, gamma: float) -> None:
    """The figures at a gamma. Other draws of the categories stand as far from the gamma that was chosen
    for them as the slider does from its own."""
    kind = [
        one
        for one in experiments.of_one_kind(trial.root, trial.experiment)
        if unseen.has(one, trial.key)
    ]
    own, _, _ = unseen.calibration_of(trial.experiment, trial.key, trial.calibration)
    chosen = [unseen.calibration_of(one, trial.key, trial.calibration)[0] for one in kind]
    spreads = category_draws.spreads(
        [unseen.outcome_of(one, trial.key, trial.calibration) for one in kind],
        [found + gamma - own for found in chosen],
    )
    rows = [
        (
            label,
            percent(float(now[name])),
            f"{meaning} {HELP['unseen_interval']}",
            note(spreads[name]),
        )
        for label, name, meaning in (
            ("U, unseen right", "U", HELP["U"]),
            ("S, seen right", "S", HELP["S"]),
            ("H", "H", HELP["H"]),
            ("Unseen-only top-1", "unseen_top1", HELP["unseen_only"]),
        )
    ]
    area = ("AUSUC", number(float(now["ausuc"]), 3), HELP["AUSUC"], "area, 0 to 1")
    layout.metric_row([*rows, area])
    drawn = str(trial.experiment.info["categories"]).startswith(unseen.DRAWN)
    st.caption(plain(achievement.of_draws(len(kind), drawn), 300))


def note(found: Spread) -> str:
    """The interval, and the mean where it is one over several draws of categories."""
    ends = f"{percent(found.low, 0).removesuffix(' %')} to {percent(found.high, 0)}"
    return (
        ends if found.n_draws == 1 else f"{found.n_draws} draws: {percent(found.mean, 0)}, {ends}"
    )


def with_interval(name: str, value: float, low: float, high: float) -> str:
    """A figure of metrics.parquet with its interval over images: in percent, the area as it is."""
    if name == unseen.MEASURES[unseen.AREA]:
        return number(value, 3) + ("" if pd.isna(low) else f"  ({number(low)} to {number(high)})")
    ends = "" if pd.isna(low) else f"  ({100 * low:.0f} to {100 * high:.0f})"
    return percent(value) + ends
