"""Cross-validation: the error of every target at every size, on folds of the fit images left out."""

from collections.abc import Sequence

import numpy as np

from precompute.equations.equations import Equations
from precompute.equations.fit import Problem
from precompute.equations.moments import Moments
from precompute.equations.sparsity.sizes import by_size


def cross_validate(
    folds: list[Moments], problem: Problem, sizes: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard error over folds of the relative error, (n_targets, n_sizes) each; column j is
    the solution with sizes[j] parents, or the largest size below that the fold's path has.

    A fold's residual power is taken relative to the power over all fit images, since with few images
    of a category a fold may hold none.
    """
    whole = sum(folds[1:], folds[0])
    scale = problem.judged(whole).scale
    errors = np.array([_fold_error(whole - fold, fold, scale, problem, sizes) for fold in folds])
    return errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(len(folds))


def _fold_error(train: Moments, test: Moments, scale, problem: Problem, sizes) -> np.ndarray:
    paths = problem.solve_part(train, np.arange(len(scale)))
    levels = Equations.from_solved(paths).levels(sizes)
    held = problem.held_out(test, problem.judged(train))
    power = by_size(levels, levels.residual_power(held), held.power, sizes)
    return power / np.where(scale > 0, scale, 1.0)[:, None]
