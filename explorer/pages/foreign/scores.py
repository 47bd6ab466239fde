"""How well each score tells foreign images from held-out ones, and one score on all of them."""

import streamlit as st

from explorer.answers.foreign import standing
from explorer.answers.foreign.standing import CONTROL, MEASURES, OTHER
from explorer.figures import foreign as figures
from explorer.pages.foreign.trial import Trial
from explorer.session import address, choices
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.formatting import count, number, percent
from explorer.words.help import HELP
from precompute.ood.scores import DEPENDENCY, LOGIT, NAMES, SOFTMAX

NUMBER = st.column_config.NumberColumn
AXES = {
    "auroc": "AUROC: large is good, 0.5 is guessing",
    "aupr": "AUPR: large is good",
    "fpr95": "FPR at 95 %: small is good",
}


def beside_each_other(trial: Trial) -> None:
    """All scores: a figure of merit with intervals, curves, and everything as a table."""
    layout.section("Every score", HELP["foreign_scores"])
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            measure = choices.choice("Figure of merit", address.DETECTED, help=HELP["measures"])
            column = MEASURES[measure]
            figure = figures.score_plot(trial.scores, column, AXES[column], trial.colours)
            alt = f"{measure} of every score with its 95% interval"
            chart(figure, f"foreign-{column}", alt, trial.lines)
        with grid.cell():
            curves(trial)
    table(trial)


def curves(trial: Trial) -> None:
    """ROC curves of the dependency score, its best control, max logit, max softmax, and the best other."""
    st.markdown("**ROC curves**", help=HELP["foreign_roc"])
    known = set(trial.scores["score"])
    other = standing.best(trial.scores, OTHER, (LOGIT, SOFTMAX))
    chosen = (DEPENDENCY, standing.best(trial.scores, CONTROL), LOGIT, SOFTMAX, other)
    lines = {
        NAMES[score]: standing.roc(*trial.found.values(score))
        for score in filter(None, chosen)
        if score in known
    }
    figure = figures.roc_plot(lines, trial.colours)
    chart(figure, "foreign-roc", "Held-out against foreign images that pass, by score", trial.lines)


def table(trial: Trial) -> None:
    """Every figure with its interval."""
    columns: Columns = {
        "name": "Score",
        "kind": st.column_config.TextColumn("Kind", help=HELP["foreign_scores"]),
    }
    for column, title, meaning in (
        ("auroc", "AUROC", HELP["foreign_auroc"]),
        ("aupr", "AUPR", HELP["aupr"]),
        ("fpr95", "FPR at 95 %", HELP["fpr95"]),
        ("ahead", "Ahead by", HELP["foreign_ahead"]),
    ):
        columns[column] = NUMBER(title, format="%.3f", help=meaning)
        columns[f"{column}_low"] = NUMBER("from", format="%.3f", help=meaning)
        columns[f"{column}_high"] = NUMBER("to", format="%.3f", help=meaning)
    st.dataframe(
        trial.scores[list(columns)], hide_index=True, column_config=columns, placeholder="–",
        alt="Every score with all its figures",
    )  # fmt: skip
    downloads(trial.scores[["score", *columns]], f"{trial.stem}-detection", "detection")


def one_score(trial: Trial) -> None:
    """How one score is spread over the images of either kind."""
    layout.section("Held-out and foreign images by one score", HELP["foreign_distribution"])
    options = trial.scores["name"].tolist()
    chosen = choices.one_of(
        "Score", address.SCORE, options, options[0], help=HELP["one_score"], width=320
    )
    score = str(trial.scores.loc[trial.scores["name"] == chosen, "score"].iat[0])
    held_out, foreign = trial.found.values(score)
    at = standing.threshold(held_out)
    figure = figures.distribution_plot(held_out, foreign, at, chosen, trial.colours)
    alt = f"Held-out and foreign images by {chosen}"
    chart(figure, "foreign-distribution", alt, trial.lines)
    passing = float((foreign >= at).mean())
    st.caption(
        f"{percent(passing, 0)} of the {count(len(foreign))} foreign images reach {number(at)}, as 95 % of "
        f"the {count(len(held_out))} held-out ones do."
    )
