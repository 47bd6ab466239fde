"""The dense baseline: ridge regression of every target on all sources that it may use."""

from collections.abc import Callable, Iterator

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from threadpoolctl import threadpool_limits

from precompute.equations.batches import Batch
from precompute.equations.equations import ratio
from precompute.equations.fit import Problem
from precompute.equations.folds import dealt_at_random
from precompute.equations.many.image_products import ImageProducts, about_point, between
from precompute.equations.moments import CentredMoments, Moments
from precompute.threads import in_threads

# Times the mean power of a source.
PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1)
# The penalty is one for all targets: so many of them, evenly spread, are enough to choose it.
_JUDGES = 128
_TARGETS = 1024  # solved at a time


def dense_map(
    folds: list[Moments], problem: Problem, fit: CentredMoments, holdout: CentredMoments
) -> tuple[np.ndarray, np.ndarray]:
    """Held-out relative error and R² (n_targets,) of the ridge map fitted on all fit images."""
    power = np.concatenate(
        list(_residual_power(fit, holdout, problem.exclude, choose_penalty(folds, problem)))
    )
    return ratio(power, holdout.scale), 1.0 - ratio(power, holdout.variance)


def dense_map_of_many(
    images: ImageProducts,
    held_out: Callable[[], Iterator[Batch]],
    n_held_out: int,
    problem: Problem,
    fit: CentredMoments,
) -> tuple[np.ndarray, np.ndarray]:
    """The same with very many categories, fitted on a sample of images by way of products between them."""
    every = np.arange(len(images))
    spread = problem.spread(held_out(), fit)
    held = about_point(held_out(), np.ones(n_held_out, dtype=bool), fit)
    mean_power = float(np.einsum("ij,ij->", images.sources, images.sources, dtype=np.float64))
    mean_power /= images.sources.size
    targets = np.arange(len(problem.exclude))
    judges, dealt = _judges(len(targets)), dealt_at_random(len(images), problem.options.seed)

    # One fold left out, not each in turn, tells four penalties apart.
    rest, fold = np.flatnonzero(dealt != 0), np.flatnonzero(dealt == 0)
    left_out = images.sources[fold], images.targets[fold]
    across = images.products[np.ix_(fold, rest)]

    def error(penalty: float) -> float:
        wanted = judges, problem.exclude[judges], penalty * mean_power
        squared = images.ridge_errors(rest, left_out, across, wanted)
        return float(ratio(squared, fit.scale[judges]).sum())

    penalty = min(PENALTIES, key=error)
    wanted = targets, problem.exclude, penalty * mean_power
    squared = images.ridge_errors(every, held, between(held[0], images.sources), wanted)
    return spread.relative_error(squared, targets), spread.r2(squared, targets)


def _judges(n_targets: int) -> np.ndarray:
    return np.unique(np.linspace(0, n_targets - 1, min(_JUDGES, n_targets)).astype(int))


def choose_penalty(folds: list[Moments], problem: Problem) -> float:
    """The penalty whose relative error is least on a fold left out, in the mean over targets."""
    whole = sum(folds[1:], folds[0])
    n_targets = len(problem.exclude)
    judges = _judges(n_targets)
    scale = np.where(whole.mean_square() > 0, whole.mean_square(), 1.0)[judges]

    # One of them, not each in turn: a fifth of the images tells four penalties apart.
    train = problem.judged(whole - folds[0])
    test = problem.held_out(folds[0], train)

    def error(penalty: float) -> float:
        weights = ridge(train, problem.exclude, judges, penalty)
        return float((_power(weights, judges, test) / scale).sum())

    # Threads of our own: BLAS's would wait for each other at every step of so small a factorisation.
    with threadpool_limits(1, user_api="blas"):
        errors = in_threads(error, PENALTIES)
    return PENALTIES[int(np.argmin(errors))]


def ridge(
    moments: CentredMoments, exclude: np.ndarray, targets: np.ndarray, penalty: float
) -> np.ndarray:
    """Weights (n_sources, B) of some targets: the minimiser of E[(a - w'b)^2] + p w'w with p = `penalty`
    times the mean power of a source, and w = 0 at the excluded one.

    With A = E[bb'] + p and w = A^-1 E[ba], that is w - w_e (A^-1)_e / (A^-1)_ee for excluded e.
    """
    n, mean_power = len(moments.moment), np.diagonal(moments.moment).mean()
    barred = np.flatnonzero(exclude[targets] >= 0)
    e = exclude[targets][barred]
    unit = np.zeros((n, len(e)))
    unit[e, np.arange(len(e))] = 1.0
    regular = moments.moment + max(penalty * mean_power, np.finfo(float).tiny) * np.eye(n)
    factor = cho_factor(regular, lower=True, overwrite_a=True, check_finite=False)
    right = np.hstack([moments.cross[:, targets], unit])
    solved = cho_solve(factor, right, overwrite_b=True, check_finite=False)
    weights, columns = solved[:, : len(targets)], solved[:, len(targets) :]
    weights[:, barred] -= columns * (weights[e, barred] / columns[e, np.arange(len(e))])
    return weights


def _residual_power(fit, holdout, exclude, penalty) -> Iterator[np.ndarray]:
    for start in range(0, len(exclude), _TARGETS):
        targets = np.arange(start, min(start + _TARGETS, len(exclude)))
        yield _power(ridge(fit, exclude, targets, penalty), targets, holdout)


def _power(weights: np.ndarray, targets: np.ndarray, held: CentredMoments) -> np.ndarray:
    """E[(a - w'b)^2] of each target (B,)."""
    explained = weights * (2 * held.cross[:, targets] - held.moment @ weights)
    return np.maximum(held.power[targets] - explained.sum(axis=0), 0.0)
