"""Every number of parents along a category's path in a table: what cross-validation and held-out images
say about each, and a way to go there."""

from collections.abc import Iterator

import pandas as pd
import streamlit as st

from explorer.answers.network_pair import Subject
from explorer.answers.yardsticks.baselines import BASELINES
from explorer.session import address
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.choice import stopped
from explorer.words.help import HELP

NUMBER = st.column_config.NumberColumn
COMPARED = {"holdout_error_refit", "r2_refit"}  # as the baselines, by least squares: always shown
SHARES = (
    "within_half_sd", "within_half_sd_mean", "within_one_sd", "top1_before", "top1_after",
    "recall_before", "recall_after", "fpr_before", "fpr_after",
)  # fmt: skip


def draw(subject: Subject, refit: bool, sd: float, stem: str) -> None:
    """The table, with the coefficients that the switch chose, and its file, with both kinds. `sd` is the
    logit's standard deviation."""
    layout.section("Every sparsity", HELP["levels"])
    rows = subject.evaluation.drop(columns="target").reset_index(drop=True)
    leading_table(
        shown(rows, refit), f"levels-{subject.name}", rows["n_parents"].astype(str).tolist(),
        columns=headings(refit, sd),
        alt=f"{subject.name} at every number of parents",
        choose=lambda size: address.SPARSITY.set(float(size)),
    )  # fmt: skip
    downloads(rows, f"{stem}-evaluation", "levels")


def shown(rows: pd.DataFrame, refit: bool) -> pd.DataFrame:
    """Rows of evaluation.parquet as the table shows them: in `choice` the names of the choices that a row
    has, or that the path stopped there too early; shares in percent; of refit columns and others what
    `refit` asks for, and those that are COMPARED with the baselines."""
    columns = [name for name in rows if _base(name) in rows]
    twins = {name: f"{name}_refit" for name in columns if f"{name}_refit" in rows}
    found = rows.drop(columns=list(twins) if refit else list(set(twins.values()) - COMPARED))
    shares = [name for name in found if _base(name) in SHARES]
    found[shares] = 100 * found[shares]
    return found.assign(choice=list(_choices(rows)))


def _choices(rows: pd.DataFrame) -> Iterator[str]:
    last = rows["n_parents"].max()
    for row in rows.to_dict("records"):
        names = ", ".join(name for name in address.CHOICE.options if row[name])
        ends = row["stopped"] and row["n_parents"] == last
        yield "; ".join([names] * bool(names) + [stopped(last)] * bool(ends))


def headings(refit: bool, sd: float) -> Columns:
    """Columns of the table in their order, each with heading, unit and meaning; `sd` is the logit's
    standard deviation."""
    kind = "_refit" if refit else ""
    half = HELP["within_half"].format(sd=f"{sd:.2f}")
    share = "%.1f %%"
    return {
        "n_parents": NUMBER("Parents", format="%d", help=HELP["parents_of_row"]),
        "choice": st.column_config.TextColumn("Choice", help=HELP["named_choices"]),
        "lambda": NUMBER("λ", format="%.4g", help=HELP["lambda"]),
        "cv_error": NUMBER("Cross-validated error", format="%.3f", help=HELP["cv_error"]),
        "cv_standard_error": NUMBER("± standard error", format="%.3f", help=HELP["cv_spread"]),
        f"fit_error{kind}": NUMBER("Fit error", format="%.3f", help=HELP["fit_error"]),
        **_own("holdout_error", "Held-out error", refit, HELP["error"]),
        **{
            f"{name}_error": NUMBER(f"{title}, error", format="%.3f", help=HELP["baselines"])
            for name, title in BASELINES
        },
        **_own("r2", "Held-out R²", refit, HELP["r2"]),
        **{
            f"{name}_r2": NUMBER(f"{title}, R²", format="%.3f", help=HELP["baselines"])
            for name, title in BASELINES
        },
        f"within_half_sd{kind}": NUMBER("Within ½ sd", format=share, help=half),
        "within_half_sd_mean": NUMBER(
            "Within ½ sd, guessing the mean", format=share, help=HELP["baselines"]
        ),
        f"within_one_sd{kind}": NUMBER("Within 1 sd", format=share, help=HELP["within_one"]),
        **{
            f"{name}_{when}{kind if when == 'after' else ''}": NUMBER(
                f"{title}, {state}", format=share, help=HELP["replacement"]
            )
            for name, title in (("top1", "Top-1"), ("recall", "Recall"), ("fpr", "False positives"))
            for when, state in (("before", "as it is"), ("after", "replaced"))
        },
    }


def _own(name: str, title: str, refit: bool, meaning: str) -> Columns:
    """The equation's own figure beside its baselines: refit, and the lasso's where that was chosen."""
    found: Columns = {f"{name}_refit": NUMBER(f"{title}, refit", format="%.3f", help=meaning)}
    lasso: Columns = {name: NUMBER(f"{title}, lasso", format="%.3f", help=meaning)}
    return found if refit else lasso | found


def _base(name: str) -> str:
    return name.removesuffix("_refit")
