"""Would more images help? The same search on a quarter, a half and all of the fit images."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from precompute.atlas.schema import READABLE
from precompute.equations.batches import Batch, chosen
from precompute.equations.equations import Equations
from precompute.equations.evaluation import mean_squared_error
from precompute.equations.fit import Problem
from precompute.equations.folds import moments_of
from precompute.equations.moments import SecondMoments

QUARTERS = 4

Batches = Callable[[str], Iterator[Batch]]


def learning_table(
    batches: Batches,
    problem: Problem,
    whole: SecondMoments,
    n_images: dict[str, int],
    seed: int,
) -> pd.DataFrame:
    """learning.parquet. The fit images are dealt into quarters at random; each quarter, each of two
    halves that they make, and all of them (`whole`) are solved on their own, so that fewer images are drawn
    more often. What they find is judged on the same held-out images."""
    dealt = np.random.default_rng(seed).permutation(np.arange(n_images["fit"]) % QUARTERS)
    rows = []
    for size in (1, 2, QUARTERS):
        found, sizes = [], []
        for first in range(0, QUARTERS, size):
            part = whole
            if size < QUARTERS:
                part = _some(batches, dealt // size == first // size)
            sizes.append(part.n_images)
            found.append(_median_r2(part, lambda: batches("holdout"), problem))
            del part  # there may be room for one beside the whole
        rows.append({
            "n_fit": round(np.mean(sizes)), "n_draws": len(sizes), "r2_refit": np.mean(found),
        })  # fmt: skip
    return pd.DataFrame(rows)


def _some(batches: Batches, mask: np.ndarray) -> SecondMoments:
    return moments_of(chosen(batches("fit"), mask), int(mask.sum()))


def _median_r2(
    images: SecondMoments, held_out: Callable[[], Iterator[Batch]], problem: Problem
) -> float:
    """Median over targets of held-out R² of the readable equations that these images give, refit."""
    targets = np.arange(len(problem.exclude), dtype=np.int64)
    levels = Equations.from_solved(problem.solve_part(images, targets, READABLE)).levels()
    fit = problem.judged(images)
    rows = levels.rows_with(targets, np.full(len(targets), READABLE))
    equations = levels.take(rows[rows >= 0]).refit(fit)
    squared = mean_squared_error(equations, fit, held_out())
    found = problem.spread(held_out(), fit).r2(squared, equations.target)
    return float(np.median(found)) if len(found) else float("nan")
