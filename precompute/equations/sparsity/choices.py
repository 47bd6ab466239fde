"""The sparsities with a name, chosen from the cross-validated error of every target."""

from collections.abc import Sequence

import numpy as np

from precompute.atlas.schema import READABLE
from precompute.equations.equations import Equations


def choose(
    levels: Equations, error: np.ndarray, standard_error: np.ndarray, sizes: Sequence[int]
) -> dict[str, np.ndarray]:
    """For each of CHOICES a mask (m,) over the levels, one level of every target that has any.

    `error` and `standard_error` (n_targets, n_sizes) are those of `cross_validate`. *best* is the
    minimum of the error; *few* the fewest parents within one standard error of it; *readable* has 8
    parents. Where a path lacks that size, the largest below takes its place. One parent at least has
    also a target that nothing predicts: its held-out error and the control say so.
    """
    targets, first = np.unique(levels.target, return_index=True)
    column = error[targets].argmin(axis=1)
    best = _at_most(levels, targets, first, np.asarray(sizes)[column])
    limit = np.full(len(error), -np.inf)
    limit[targets] = error[targets, column] + standard_error[targets, column]
    good = np.flatnonzero(_at_levels(error, levels, sizes) <= limit[levels.target])
    # The first good level of each target; where ties on the path leave none, the best there is.
    few = best.copy()
    owner, place = np.unique(levels.target[good], return_index=True)
    few[np.searchsorted(targets, owner)] = good[place]
    readable = _at_most(levels, targets, first, np.full(len(targets), READABLE))
    rows = {"few": few, "readable": readable, "best": best}
    return {name: _mask(len(levels), chosen) for name, chosen in rows.items()}


def stopped(error: np.ndarray, status: np.ndarray) -> np.ndarray:
    """Targets (n_targets,) bool whose path ended by max_parents and whose cross-validated error is least
    at the last size: more parents would help. `status` (n_targets,) is `CovLassoPaths.status`."""
    return (status == "max_parents") & (error.argmin(axis=1) == error.shape[1] - 1)


def _at_levels(error: np.ndarray, levels: Equations, sizes: Sequence[int]) -> np.ndarray:
    return error[levels.target, np.searchsorted(sizes, levels.n_parents)]


def _at_most(levels, targets, first, n_parents) -> np.ndarray:
    """Rows with so many parents or the most below; the smallest where all have more."""
    rows = levels.rows_with(targets, n_parents)
    return np.where(rows >= 0, rows, first)


def _mask(length: int, rows: np.ndarray) -> np.ndarray:
    mask = np.zeros(length, dtype=bool)
    mask[rows] = True
    return mask
