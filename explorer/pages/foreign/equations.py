"""Which equations break most on foreign images."""

import streamlit as st

from explorer.answers.foreign import equations
from explorer.pages.foreign.trial import Trial
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.help import HELP

NUMBER = st.column_config.NumberColumn
LISTED = 200


def draw(trial: Trial) -> None:
    """The equations by how much they break; a row opens its category."""
    layout.section("Equations that break most", HELP["broken"])
    rows = equations.ranked(trial.found.broken, trial.network.categories, trial.network.chosen)
    if rows.empty:
        layout.empty_state("No equation", "No category of this network has an equation here.")
        return
    st.caption(equations.said(rows))
    shown = rows.head(LISTED)
    columns: Columns = {
        "name": "Category",
        "ratio": NUMBER("Breaks by", format="%.2f", help=HELP["broken"]),
        "held_out": NUMBER("Held-out (rms)", format="%.2f", help=HELP["broken"]),
        "foreign": NUMBER("Foreign (rms)", format="%.2f", help=HELP["broken"]),
        "bias": NUMBER("Bias (rms)", format="%+.2f", help=HELP["broken"]),
        "r2": NUMBER("Held-out R²", format="%.2f", help=HELP["r2_of_target"]),
    }
    if (rows["caution"] != "").any():
        columns["caution"] = st.column_config.TextColumn("Caution", help=HELP["broken_caution"])
    leading_table(
        shown, "broken", shown["name"].tolist(), columns=columns, height=390,
        alt="Equations, those first that break most on the foreign images",
    )  # fmt: skip
    layout.cut(len(shown), len(rows), "first", "the files have them all")
    downloads(rows, f"{trial.stem}-broken", "broken")
