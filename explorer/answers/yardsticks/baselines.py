"""What an equation is compared with, at as many parents and on the same held-out images."""

from dataclasses import dataclass

import pandas as pd

from explorer.answers.evidence.heldout import HeldOutFigures

# Columns of evaluation.parquet begin so; the strictest first.
BASELINES = (
    ("dense", "Dense ridge"),
    ("correlated", "Most correlated"),
    ("random", "Random parents"),
    ("control", "Shuffled"),
)
TITLES = {
    "dense": "Dense ridge, all sources",
    "correlated": "{n} most correlated",
    "random": "{n} random parents",
    "control": "Shuffled targets",
}


@dataclass(frozen=True)
class Beside:
    """An equation beside its baselines."""

    size: int  # parents of the row of evaluation.parquet that the baselines are from
    # what, r2, error, within_half_sd (null where it is not stored): the equation, refit, and as the lasso
    # has it, the baselines, the mean
    rows: pd.DataFrame


def medians(chosen: pd.DataFrame) -> pd.DataFrame:
    """Medians over targets of the equations and of their baselines, as `Beside.rows`; `chosen` has one row
    of evaluation.parquet for each target. Equations are refit, as the baselines are, then the lasso's."""
    middle = chosen.select_dtypes("number").median()
    found = [
        ("Equations, refit", middle["r2_refit"], middle["holdout_error_refit"],
         middle["within_half_sd_refit"]),
        ("Equations, lasso", middle["r2"], middle["holdout_error"], middle["within_half_sd"]),
        *((title, middle[f"{name}_r2"], middle[f"{name}_error"], None) for name, title in BASELINES),
        ("Guessing the mean", 0.0, None, middle["within_half_sd_mean"]),
    ]  # fmt: skip
    return _table(found)


def _own(figures: HeldOutFigures) -> tuple[float, float, float]:
    return figures.r2, figures.error, figures.within_half_sd


def _table(found: list[tuple[str, float | None, float | None, float | None]]) -> pd.DataFrame:
    columns = ["what", "r2", "error", "within_half_sd"]
    return pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[1:], float))


def beside(
    evaluation: pd.DataFrame, size: int, refit: HeldOutFigures, lasso: HeldOutFigures | None = None
) -> Beside | None:
    """An equation of `size` parents beside the baselines of the stored size that is nearest to it, the
    smaller one of two. It is compared as they are, by least squares (`refit`); its figures as the `lasso`
    has it follow where the reader looks at these. `evaluation` has one target's rows of
    evaluation.parquet; None where there are none."""
    if evaluation.empty:
        return None
    row = evaluation.iloc[int((evaluation["n_parents"] - size).abs().argmin())]
    stored = int(row["n_parents"])
    found = [
        ("This equation, refit", *_own(refit)),
        *([("This equation, lasso", *_own(lasso))] if lasso else []),
        *(
            (TITLES[name].format(n=stored), row[f"{name}_r2"], row[f"{name}_error"], None)
            for name, _ in BASELINES
        ),
        ("Guessing the mean", 0.0, None, row["within_half_sd_mean"]),
    ]
    return Beside(stored, _table(found))
