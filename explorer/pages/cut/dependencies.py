"""Every dependency that was to be cut: before, in the control, after, and the ways around."""

import pandas as pd
import streamlit as st

from explorer.answers.cutting import dependencies
from explorer.figures.cut import pulls_plot
from explorer.pages.cut.made import lines
from explorer.tables.cut import CutTables
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.formatting import plain
from explorer.words.help import HELP

DRAWN = 20  # in the plot; the table has them all
NUMBER = st.column_config.NumberColumn


def draw(cut: CutTables, network: Network, colours: Palette) -> None:
    """The plot, and all figures as a table whose rows open their category in this network."""
    layout.section("The cut dependencies", HELP["cut_pairs"])
    found = dependencies.each(cut.pairs, network.categories["name"])
    chart(
        pulls_plot(found.head(DRAWN), colours), "cut-pulls",
        "Pull over lambda of every cut dependency, before, in the control and after cutting",
        lines(cut),
    )  # fmt: skip
    layout.cut(min(DRAWN, len(found)), len(found), "first", "the table has them all")
    st.markdown(plain(dependencies.said(found), 800))
    layout.section("As a table", HELP["cut_table"])
    _table(found, cut)


def _table(found: pd.DataFrame, cut: CutTables) -> None:
    value = "%.4f"
    columns: Columns = {
        "target_name": "Category",
        "source_name": "lost",
        "pull_before": NUMBER("Pull before", format="%.2f", help=HELP["pull"]),
        "pull_control": NUMBER("control", format="%.2f", help=HELP["pull"]),
        "pull_after": NUMBER("after", format="%.2f", help=HELP["pull"]),
        "selected": NUMBER("Selected", help=HELP["cut_table"]),
        "n_seeds": "of seeds",
        "detour": st.column_config.TextColumn("Detour", help=HELP["detour"]),
        "detour_after": NUMBER("by", format="percent", help=HELP["detour_share"]),
        "detour_before": NUMBER("before ", format="percent", help=HELP["detour_share"]),
        "detour_control": NUMBER("in control", format="percent", help=HELP["detour_share"]),
        "coefficient_before": NUMBER("Coefficient before", format=value),
        "coefficient_control": NUMBER("control ", format=value),
        "coefficient_after": NUMBER("after ", format=value),
        "coefficient_scaled_after": NUMBER("after, scaled", format=value),
        "coefficient_holdout_after": NUMBER("after, held-out", format=value),
    }
    leading_table(
        found, "cut-pairs", found["target_name"].tolist(), columns=columns, height=320,
        alt="Every cut dependency with its figures",
    )  # fmt: skip
    downloads(found, f"{cut.name}-pairs", "cut-pairs")
