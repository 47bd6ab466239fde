"""What the path and the held-out images say about an equation."""

import streamlit as st

from explorer.answers.evidence.evidence import Evidence
from explorer.answers.network_pair import Subject
from explorer.answers.verdicts.replacement import replacement_table
from explorer.figures import evidence as evidence_figures
from explorer.theme import Palette
from explorer.widgets import evidence as evidence_widgets
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.tables import Columns
from explorer.words.help import HELP


def path(subject: Subject, place: float, refit: bool, colours: Palette) -> None:
    """Every coefficient against lambda."""
    layout.section("The whole path", HELP["path"])
    names = subject.pair.source.categories["name"].to_numpy()
    figure = evidence_figures.path_plot(subject.path, names, place, refit, colours)
    chart(figure, "path", f"Coefficients of {subject.name} against lambda")


def replacement(evidence: Evidence) -> None:
    """The claim that classification survives the replacement, and its figures."""
    evidence_widgets.claim(evidence)
    columns: Columns = {
        "measure": "Measure",
        "before": st.column_config.NumberColumn("As it is", format="%.1f %%"),
        "after": st.column_config.NumberColumn("Replaced", format="%.1f %%"),
    }
    table = replacement_table(evidence.figures)
    st.dataframe(
        table.assign(before=100 * table["before"], after=100 * table["after"]), hide_index=True,
        column_config=columns, placeholder="–", alt="Classification before and after the replacement",
    )  # fmt: skip
    st.caption(
        "The reference is the true label."
        if evidence.images.has_labels
        else "No held-out image has a label: the network's own top-1 is the reference."
    )
