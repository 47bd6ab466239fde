"""What an equation is compared with, at as many parents and on the same held-out images."""

from dataclasses import dataclass

import pandas as pd

# Columns of evaluation.parquet begin so; the strictest first.
BASELINES = (
    ("dense", "Dense ridge"),
    ("correlated", "Most correlated"),
    ("random", "Random parents"),
    ("control", "Shuffled"),
)


@dataclass(frozen=True)
class Beside:
    """An equation beside its baselines."""

    size: int  # parents of the row of evaluation.parquet that the baselines are from
    # what, r2, error, within_half_sd (null where it is not stored): the equation, the baselines, the mean
    rows: pd.DataFrame


def beside(
    evaluation: pd.DataFrame, size: int, r2: float, error: float, within_half_sd: float
) -> Beside | None:
    """An equation of `size` parents, with its figures on held-out images, beside the baselines of the
    stored size that is nearest to it, the smaller one of two. `evaluation` has one target's rows of
    evaluation.parquet; None where there are none."""
    if evaluation.empty:
        return None
    row = evaluation.iloc[int((evaluation["n_parents"] - size).abs().argmin())]
    found = [
        ("This equation", r2, error, within_half_sd),
        *((title, row[f"{name}_r2"], row[f"{name}_error"], None) for name, title in BASELINES),
        ("Guessing the mean", 0.0, None, row["within_half_sd_mean"]),
    ]
    columns = ["what", "r2", "error", "within_half_sd"]
    rows = pd.DataFrame(found, columns=columns).astype(dict.fromkeys(columns[1:], float))
    return Beside(int(row["n_parents"]), rows)
