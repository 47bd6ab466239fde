"""Every network and every set that it has looked at."""

from pathlib import Path

import streamlit as st

from explorer.figures import foreign as figures
from explorer.session import foreign
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words import choice as words_of_choice
from explorer.words.formatting import count
from explorer.words.help import HELP

NUMBER = st.column_config.NumberColumn


def draw(root: Path, network: Network, colours: Palette) -> None:
    """How far the dependency score is ahead of its best control; nothing where nobody has looked."""
    if foreign.every_set(root).empty:
        return
    rows = foreign.everywhere(root, network.choice)
    layout.section("Ahead of the best control?", HELP["everywhere"])
    lines = (
        "AUROC of the dependency score less that of its best control. Networks: "
        f"{count(rows['model'].nunique())}; sets of foreign images: {count(rows['set'].nunique())}.",
        f"Equations: {words_of_choice.said(network.choice)}, refit.",
    )
    chart(
        figures.everywhere_plot(rows, colours), "foreign-everywhere",
        "AUROC of the dependency score less that of its best control, by network and set", lines,
    )  # fmt: skip
    columns: Columns = {
        "model": "Network",
        "set": "Set",
        "auroc": NUMBER("Dependency score", format="%.3f", help=HELP["dependency_score"]),
        "control": st.column_config.TextColumn("Best control", help=HELP["best_control"]),
        "control_auroc": NUMBER("Its AUROC", format="%.3f", help=HELP["foreign_auroc"]),
        "difference": NUMBER("Difference", format="%+.3f", help=HELP["everywhere"]),
        "low": NUMBER("from", format="%+.3f", help=HELP["foreign_ahead"]),
        "high": NUMBER("to", format="%+.3f", help=HELP["foreign_ahead"]),
    }
    st.dataframe(
        rows[list(columns)], hide_index=True, column_config=columns, height=300, placeholder="–",
        alt="The same as a table",
    )  # fmt: skip
    downloads(rows, "foreign-everywhere", "everywhere")
