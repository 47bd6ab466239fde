"""Seen and unseen categories compete for one picture, in a student that never learned the latter."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers import unseen
from explorer.answers.unseen import Experiment
from explorer.pages.live.answers import Look
from explorer.session import address, choices, experiments
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.formatting import number, plain, plain_name
from explorer.words.help import HELP
from precompute.unseen.map_key import CALIBRATIONS, MapKey

CALIBRATION = CALIBRATIONS[0]
MOST_PARENTS = 32
TOP = 10


def draw(look: Look) -> None:
    """Only where the atlas has an experiment whose student looks at the picture."""
    found = experiments.by_title(look.root, look.networks)
    if not found:
        return
    layout.section("With categories it never learned", HELP["competition"])
    name = next(iter(found))
    if len(found) > 1:
        name = choices.one_of(
            "Student ← teacher", address.LIVE_EXPERIMENT, list(found), name,
            format_func=plain_name, width=520,
        )  # fmt: skip
    trial = experiments.read(look.root, found[name])
    levels = [level for level in trial.levels if level <= MOST_PARENTS]
    key = MapKey("dependency", max(levels, default=trial.levels[0]), True)
    logits = look.logits[trial.student]
    names = look.networks[trial.student].categories["name"].to_numpy()
    table = unseen.competition(trial, key, CALIBRATION, logits, names)
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            competitors(table)
        with grid.cell():
            verdict(trial, key, table, str(names[int(np.argmax(logits))]))


def competitors(table: pd.DataFrame) -> None:
    """The best of both kinds in one ranking."""
    columns: Columns = {
        "category": "Category",
        "kind": "Kind",
        "score": st.column_config.NumberColumn("Score", format="%.2f", help=HELP["live_score"]),
    }
    st.dataframe(
        table[list(columns)].head(TOP), hide_index=True, column_config=columns,
        alt="Seen and unseen categories in one ranking",
    )  # fmt: skip
    layout.cut(TOP, len(table), "first", "the files have them all")
    downloads(table, "live-competition", "competition")


def verdict(trial: Experiment, key: MapKey, table: pd.DataFrame, own: str) -> None:
    """What wins, and what would have won had nothing been masked."""
    first = table.iloc[0]
    masked = own in set(trial.unseen["name"])
    whose = "learned" if first["kind"] == "seen" else "**never learned**"
    st.markdown(
        f"Without the {trial.info['n_unseen']} categories of the experiment, and with equations of at most "
        f"{key.n_parents} parents in their place, {plain(trial.student)} sees "
        f"**{plain(first['category'])}**, a category that it has {whose}. "
        f"Its whole head sees {plain(own)}{', one of those that were masked' if masked else ''}."
    )
    best = table[table["kind"] == "unseen"].iloc[0]
    st.caption(
        f"The best unseen category is {plain(best['category'])} with {number(best['score'])}, the best "
        f"seen one has {number(table.loc[table['kind'] == 'seen', 'score'].iloc[0])}. Coefficients: refit; "
        "calibrated per category on fit images, without labels."
    )
