"""Whether a cut network tells foreign images from held-out ones better than its control."""

import streamlit as st

from explorer.answers.cutting import foreign
from explorer.figures.cut import gains_plot
from explorer.pages.cut.made import lines
from explorer.tables.cut import CutTables
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.help import HELP

NUMBER = st.column_config.NumberColumn
TITLES = {"auroc": "AUROC", "aupr": "AUPR", "fpr95": "FPR"}


def draw(cut: CutTables, colours: Palette) -> None:
    """Gains of every score on every set, and all figures as a table."""
    layout.section("Foreign images", HELP["cut_foreign"])
    if cut.detection.empty:
        model = cut.info["model"]
        layout.empty_state(
            "It has looked at no foreign images",
            f"Show them to the network with `python -m precompute ood {model} --images FOLDER`, and cut it "
            "again.",
        )
        return
    found = foreign.figures(cut)
    if cut.gain.empty:
        st.caption("Intervals of what cutting gained are not among its tables: figures only.")
    else:
        chart(
            gains_plot(found, colours), "cut-gains",
            "AUROC before and after cutting less that of the control, by set of foreign images and score",
            (*lines(cut), "95 % intervals: bootstrap over images and seeds."),
        )  # fmt: skip
    gain = "%+.3f"
    columns: Columns = {
        "set": "Foreign images",
        "score": "Score",
        "gain": NUMBER("Gain", format=gain, help=HELP["cut_foreign"]),
        "low": NUMBER("from", format=gain),
        "high": NUMBER("to", format=gain),
    }
    for figure, title in TITLES.items():
        columns |= {
            f"{figure}_before": NUMBER(f"{title} before", format="%.3f", help=HELP["cut_figures"]),
            f"{figure}_control": NUMBER(f"{title} control", format="%.3f"),
            f"{figure}_after": NUMBER(f"{title} after", format="%.3f"),
        }
    st.dataframe(
        found[list(columns)], hide_index=True, column_config=columns, height=320, placeholder="–",
        alt="How well every network tells foreign images, by set and score",
    )  # fmt: skip
    downloads(found, f"{cut.name}-foreign", "cut-foreign")
