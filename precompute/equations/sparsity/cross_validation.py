"""Cross-validation: the error of every target at every size, on folds of the fit images left out."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from precompute.equations.batches import Batch, chosen
from precompute.equations.equations import Equations
from precompute.equations.evaluation import mean_squared_error
from precompute.equations.fit import Problem
from precompute.equations.folds import Folds
from precompute.equations.moments import SecondMoments
from precompute.equations.sparsity.sizes import by_size


def cross_validate(
    folds: Folds,
    images: Callable[[], Iterator[Batch]],
    dealt: np.ndarray,
    problem: Problem,
    sizes: Sequence[int],
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard error over folds of the relative error, (n_targets, n_sizes) each; column j is
    the solution with sizes[j] parents, or the largest size below that the fold's path has.

    `images()` streams all images again and again, `dealt` (n_images,) has the fold of each. A fold's
    residual power is taken relative to the power over all fit images, since with few images of a category
    a fold may hold none.
    """
    scale = problem.judged(folds.whole).scale.copy()
    errors: list[np.ndarray] = []
    for train in folds.each_without():
        mine = dealt == len(errors)
        left_out = lambda mine=mine: chosen(images(), mine)  # noqa: E731
        errors.append(_fold_error(train, left_out, scale, problem, sizes))
        del train  # there may be room for one beside the whole
    return np.mean(errors, axis=0), np.std(errors, axis=0, ddof=1) / np.sqrt(len(errors))


def _fold_error(
    train: SecondMoments,
    left_out: Callable[[], Iterable[Batch]],
    scale: np.ndarray,
    problem: Problem,
    sizes: Sequence[int],
) -> np.ndarray:
    levels = Equations.from_solved(problem.solve_part(train, np.arange(len(scale)))).levels(sizes)
    fit = problem.judged(train)
    without = problem.spread(left_out(), fit).power
    power = by_size(levels, mean_squared_error(levels, fit, left_out()), without, sizes)
    return power / np.where(scale > 0, scale, 1.0)[:, None]
