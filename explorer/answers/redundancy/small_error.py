"""Redundancy beside the error that equations reach: by category, and at every number of parents."""

import numpy as np
import pandas as pd

from precompute.redundancy.small_error import (
    Yardstick,
    goes_with_error,
    goes_with_size,
    yardstick,
)

LEVELS = (1, 2, 3, 5, 8, 16, 32, 64, 128)
COLUMNS = ("target", "n_parents", "holdout_error", "holdout_error_refit", "dense_error")


def measured(categories: pd.DataFrame, evaluation: pd.DataFrame) -> Yardstick:
    """The floor of every category, or the held-out error of its dense map where the floor says nothing."""
    dense = evaluation.drop_duplicates("target").set_index("target")["dense_error"]
    return yardstick(
        categories["floor"].to_numpy(float), dense.reindex(range(len(categories))).to_numpy(float)
    )


def by_category(
    categories: pd.DataFrame, chosen: pd.DataFrame, by: Yardstick, refit: bool
) -> pd.DataFrame:
    """name, redundancy (the yardstick), error (held-out, at the choice that `chosen` has), n_parents and
    definition of every category with an equation, the most redundant first."""
    rows = chosen[["target", "n_parents"]].assign(error=chosen[_error(refit)].astype(float))
    rows = rows.assign(redundancy=by.values[rows["target"]]).join(
        categories[["name", "definition"]], on="target"
    )
    columns = ["name", "redundancy", "error", "n_parents", "definition"]
    return rows.sort_values("redundancy", kind="stable")[columns].reset_index(drop=True)


def by_parents(
    evaluation: pd.DataFrame, by: Yardstick, power: np.ndarray, refit: bool
) -> pd.DataFrame:
    """n_parents, spearman, low, high, n_categories, median_error: how well the yardstick orders the errors
    of equations of at most so many parents, at those of LEVELS that some path reaches; by_size: how well
    the logits' `power` (n,) alone does."""
    wide = evaluation.pivot(index="target", columns="n_parents", values=_error(refit)).astype(float)
    rows = []
    for level in LEVELS:
        if level > wide.columns.max():
            break
        # A path that jumps over a number counts with the largest support below it.
        error = wide.loc[:, wide.columns <= level].ffill(axis=1).iloc[:, -1]
        found = goes_with_error(by.values[error.index], error.to_numpy())
        size = goes_with_size(power[error.index], error.to_numpy())
        rows.append((level, found.value, found.low, found.high, size, found.n, np.nanmedian(error)))
    names = ["n_parents", "spearman", "low", "high", "by_size", "n_categories", "median_error"]
    return pd.DataFrame(rows, columns=names)


def _error(refit: bool) -> str:
    return "holdout_error_refit" if refit else "holdout_error"
