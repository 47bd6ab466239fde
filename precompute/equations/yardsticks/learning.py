"""Would more images help? The same search on a quarter, a half and all of the fit images."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from precompute.atlas.schema import READABLE
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.fit import Problem
from precompute.equations.folds import fold_moments
from precompute.equations.moments import Moments

QUARTERS = 4


def learning_table(
    batches: Callable[[str], Iterator[Batch]], problem: Problem, n_images: dict[str, int], seed: int
) -> pd.DataFrame:
    """learning.parquet. The fit images are dealt into quarters at random; each quarter, each of two
    halves that they make, and all of them are solved on their own, so that fewer images are drawn more
    often. What they find is judged on the same held-out images."""
    dealt = np.random.default_rng(seed).permutation(np.arange(n_images["fit"]) % QUARTERS)
    quarters = fold_moments(batches("fit"), dealt, QUARTERS)
    (held_out,) = fold_moments(batches("holdout"), np.zeros(n_images["holdout"], dtype=int), 1)
    rows = []
    for size in (1, 2, QUARTERS):
        parts = [quarters[k : k + size] for k in range(0, QUARTERS, size)]
        sums = [sum(part[1:], part[0]) for part in parts]
        rows.append({
            "n_fit": round(np.mean([part.n_images for part in sums])),
            "n_draws": len(sums),
            "r2_refit": np.mean([_median_r2(part, held_out, problem) for part in sums]),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _median_r2(images: Moments, held_out: Moments, problem: Problem) -> float:
    """Median over targets of held-out R² of the readable equations that these images give, refit."""
    fit = problem.judged(images)
    targets = np.arange(len(fit.power), dtype=np.int64)
    levels = Equations.from_solved(problem.solve_part(images, targets, READABLE)).levels()
    rows = levels.rows_with(targets, np.full(len(targets), READABLE))
    equations = levels.take(rows[rows >= 0]).refit(fit)
    found = equations.r2(problem.held_out(held_out, fit))
    return float(np.median(found)) if len(found) else float("nan")
