"""Would more images help? The same search on a quarter, a half and all of the fit images."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from precompute.atlas.schema import READABLE
from precompute.equations.batches import Batch, chosen
from precompute.equations.equations import Equations
from precompute.equations.evaluation import mean_squared_error
from precompute.equations.fit import Problem
from precompute.equations.folds import moments_of, part_of_many
from precompute.equations.moments import Moments, SecondMoments

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
    more often. With very many categories one quarter and one half are. What they find is judged on the same
    held-out images."""
    dealt = np.random.default_rng(seed).permutation(np.arange(n_images["fit"]) % QUARTERS)
    draws = pd.DataFrame(
        {
            "size": size,
            "n_fit": images.n_images,
            "r2_refit": _median_r2(images, lambda: batches("holdout"), problem),
        }
        for size, images in _drawn(batches, whole, dealt)
    )
    return (
        draws.groupby("size")
        .agg(n_fit=("n_fit", "mean"), n_draws=("n_fit", "size"), r2_refit=("r2_refit", "mean"))
        .assign(n_fit=lambda table: table["n_fit"].round().astype(int))
        .reset_index(drop=True)
    )


def _drawn(
    batches: Batches, whole: SecondMoments, dealt: np.ndarray
) -> Iterator[tuple[int, SecondMoments]]:
    """Sets of images with their size in quarters; each holds until the next."""

    def images(mask: np.ndarray) -> tuple[Iterator[Batch], int]:
        return chosen(batches("fit"), mask), int(mask.sum())

    if isinstance(whole, Moments):
        for size in (1, 2):
            for first in range(0, QUARTERS, size):
                yield size, moments_of(*images(dealt // size == first // size))
    else:
        few = part_of_many(*images(dealt == 0))
        yield 1, few
        yield 2, few.with_more(*images(dealt == 1))
        del few  # there is room for one beside the whole
    yield QUARTERS, whole


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
