"""What the path and the held-out images say about an equation."""

from pathlib import Path

import streamlit as st

from explorer.answers.evidence.evidence import Evidence
from explorer.answers.verdicts import survival
from explorer.answers.verdicts.replacement import FEW, replacement_table
from explorer.figures import evidence as evidence_figures
from explorer.figures.survival import survival_plot
from explorer.files import caption
from explorer.session import trials
from explorer.theme import Palette
from explorer.widgets import evidence as evidence_widgets
from explorer.widgets import layout
from explorer.widgets import survival as survival_widgets
from explorer.widgets.charts import chart
from explorer.widgets.tables import Columns
from explorer.words.formatting import plain
from explorer.words.help import HELP


def path(evidence: Evidence, place: float, refit: bool, colours: Palette) -> None:
    """Every coefficient against lambda."""
    layout.section("The whole path", HELP["path"])
    subject = evidence.subject
    names = subject.pair.source.categories["name"].to_numpy()
    figure = evidence_figures.path_plot(subject.path, names, place, refit, colours)
    alt = f"Coefficients of {subject.name} against lambda"
    chart(figure, "path", alt, caption.of_figure(evidence))


def replacement(root: Path, evidence: Evidence, size: float, refit: bool, colours: Palette) -> None:
    """The claim that classification survives the replacement, and its figures; beside one category's few
    images the curve of the network's categories together. `size` is the slider's number of parents."""
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
    _pooled(root, evidence, size, refit, colours)


def _pooled(root: Path, evidence: Evidence, size: float, refit: bool, colours: Palette) -> None:
    """The network's curve, with the category's own where it has images enough."""
    subject = evidence.subject
    model = subject.pair.target.name
    table = trials.survival(root, model)
    own = survival.own(table, subject.target, refit)
    enough = bool(len(own)) and own["n_images"].iat[0] >= FEW
    layout.section("The network's categories together", HELP["survival"])
    figure = survival_plot(
        trials.survival_curve(root, model, refit), colours, own if enough else None, subject.name, size
    )  # fmt: skip
    survival_widgets.draw(figure, table, model, refit)
    n = int(evidence.shows.sum())
    if not len(own):
        said = f"{subject.name} is not in the sample that the curve is made from."
    elif enough:
        said = f"{subject.name} is in the sample: the black line is its own."
    else:
        said = (
            f"{subject.name} is in the sample, but its {n} images are too few for a line of its own; "
            f"{FEW} are asked for."
        )
    st.caption(f"{plain(said, 300)} {survival_widgets.sampled(table)} {survival.rule()}")
