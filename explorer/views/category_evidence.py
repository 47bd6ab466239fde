"""What the path and the held-out images say about an equation."""

import streamlit as st

from explorer import claims, components, figures
from explorer.text import number, percent, plain
from explorer.views.subject import Evidence, Subject
from explorer.words import HELP

QUIET = {"displaylogo": False}


def figures_row(subject: Subject, evidence: Evidence, n_parents: int) -> None:
    """The equation in five numbers, the control among them."""
    judged, rows = evidence.judged, subject.evaluation
    control = rows.loc[rows["n_parents"] <= max(n_parents, 1), "control_error"]
    half = HELP["within_half"].format(sd=number(subject.sd))
    components.metric_row([
        ("Held-out error", number(judged.error), HELP["error"]),
        ("Shuffled control", number(control.iat[-1] if len(control) else None), HELP["control"]),
        ("Held-out R²", number(judged.r2), HELP["r2"]),
        ("Within ½ sd", percent(judged.within_half_sd, 0), half),
        ("Within 1 sd", percent(judged.within_one_sd, 0), HELP["within_one"]),
    ])  # fmt: skip


def path(subject: Subject, place: float, refit: bool) -> None:
    """Every coefficient against lambda."""
    components.section("The whole path", HELP["path"])
    names = subject.network.categories["name"].to_numpy()
    figure = figures.path_plot(subject.path, names, place, refit, subject.colours)
    st.plotly_chart(
        figure, key="path", config=QUIET, alt=f"Coefficients of {subject.name} against lambda"
    )


def truth(subject: Subject, evidence: Evidence) -> None:
    """Predicted against true logit."""
    components.section("Predicted and true logit", HELP["truth"])
    images = evidence.images
    figure = figures.truth_plot(
        evidence.truth, evidence.predicted, images.truth == subject.target, images.image_ids,
        subject.sd, subject.name, subject.colours,
    )  # fmt: skip
    st.plotly_chart(
        figure, key="truth", config=QUIET, alt=f"True against predicted logit of {subject.name}"
    )


def epsilon(subject: Subject, evidence: Evidence) -> None:
    """The paper's epsilon and delta."""
    components.section("How often is it off by more than ε?", HELP["epsilon"])
    residual, about_mean = (
        evidence.truth - evidence.predicted,
        evidence.truth - evidence.truth.mean(),
    )
    figure = figures.epsilon_plot(residual, about_mean, subject.sd, subject.colours)
    st.plotly_chart(
        figure, key="epsilon", config=QUIET, alt=f"Epsilon-delta curve of {subject.name}"
    )


def replacement(subject: Subject, evidence: Evidence) -> None:
    """The claim that classification survives the replacement, judged in plain words."""
    components.section("Replacement test", HELP["replacement"])
    judged = evidence.judged
    holds, verdict = claims.replacement(judged, subject.name, evidence.images.has_labels)
    box = {True: st.success, False: st.warning, None: st.info}[holds]
    icons = {True: ":material/check_circle:", False: ":material/cancel:", None: ":material/help:"}
    box(plain(verdict, 400), icon=icons[holds])
    columns = {
        "measure": "Measure",
        "before": st.column_config.NumberColumn("As it is", format="percent"),
        "after": st.column_config.NumberColumn("Replaced", format="percent"),
    }
    st.dataframe(
        claims.replacement_table(judged), hide_index=True, column_config=columns,
        alt="Classification before and after the replacement",
    )  # fmt: skip
    st.caption(
        "The reference is the true label."
        if evidence.images.has_labels
        else "No held-out image has a label: the network's own top-1 is the reference."
    )
