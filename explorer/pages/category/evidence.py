"""What the path and the held-out images say about an equation."""

import streamlit as st

from explorer.answers.bootstrap import bootstrap
from explorer.answers.verdicts import replacement as replacement_verdict
from explorer.figures import evidence as evidence_figures
from explorer.pages.category.subject import Evidence, Subject
from explorer.widgets import layout, verdict
from explorer.widgets.charts import chart
from explorer.words.help import HELP


def figures_row(subject: Subject, evidence: Evidence, n_parents: int) -> None:
    """The equation in five numbers, each with its interval."""
    intervals = bootstrap(evidence.truth, evidence.predicted, subject.sd, subject.origin)
    verdict.figures_row(evidence.judged, intervals, subject.evaluation, n_parents, subject.sd)


def path(subject: Subject, place: float, refit: bool) -> None:
    """Every coefficient against lambda."""
    layout.section("The whole path", HELP["path"])
    names = subject.network.categories["name"].to_numpy()
    figure = evidence_figures.path_plot(subject.path, names, place, refit, subject.colours)
    chart(figure, "path", f"Coefficients of {subject.name} against lambda")


def truth(subject: Subject, evidence: Evidence) -> None:
    """Predicted against true logit."""
    layout.section("Predicted and true logit", HELP["truth"])
    images = evidence.images
    figure = evidence_figures.truth_plot(
        evidence.truth, evidence.predicted, images.truth == subject.target, images.image_ids,
        subject.sd, subject.name, subject.colours,
    )  # fmt: skip
    chart(figure, "truth", f"True against predicted logit of {subject.name}")


def epsilon(subject: Subject, evidence: Evidence) -> None:
    """The paper's epsilon and delta."""
    layout.section("How often is it off by more than ε?", HELP["epsilon"])
    residual, about_mean = (
        evidence.truth - evidence.predicted,
        evidence.truth - evidence.truth.mean(),
    )
    figure = evidence_figures.epsilon_plot(residual, about_mean, subject.sd, subject.colours)
    chart(figure, "epsilon", f"Epsilon-delta curve of {subject.name}")


def replacement(subject: Subject, evidence: Evidence) -> None:
    """The claim that classification survives the replacement."""
    labelled = evidence.images.has_labels
    verdict.verdict(evidence.judged, subject.name, labelled)
    columns = {
        "measure": "Measure",
        "before": st.column_config.NumberColumn("As it is", format="%.1f %%"),
        "after": st.column_config.NumberColumn("Replaced", format="%.1f %%"),
    }
    table = replacement_verdict.replacement_table(evidence.judged)
    st.dataframe(
        table.assign(before=100 * table["before"], after=100 * table["after"]), hide_index=True,
        column_config=columns, placeholder="–", alt="Classification before and after the replacement",
    )  # fmt: skip
    st.caption(
        "The reference is the true label."
        if labelled
        else "No held-out image has a label: the network's own top-1 is the reference."
    )
