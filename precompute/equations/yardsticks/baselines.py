"""What an equation has to beat: as many parents drawn at random, the most correlated ones, and the mean.

All are least squares on the fit images, judged on held-out ones like the equations' own refit.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.evaluation import Spread
from precompute.equations.folds import many
from precompute.equations.moments import CentredMoments

N_DRAWS = 5
_TARGETS = 1024  # at a time: their sources are put in order all at once

Judge = Callable[[Equations], np.ndarray]  # mean squared errors (m,) on held-out images


def random_parents(
    fit: CentredMoments,
    judge: Judge,
    holdout: Spread,
    exclude: np.ndarray,
    sizes: Sequence[int],
    seed: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Held-out relative error and R² of random parents, (n_targets, n_sizes) each, mean of N_DRAWS
    draws, or one draw of very many categories.

    A draw puts all sources but the excluded one in random order, and takes the first of them: parents of
    one size are those of the size before, and more.
    """
    rng = np.random.default_rng(seed)

    def random(targets: np.ndarray) -> np.ndarray:
        return rng.random((len(targets), len(fit.moment)))

    # Of thousands of targets one draw tells as much in the median, and each costs n^2 random numbers.
    n_draws = 1 if many(len(fit.moment)) else N_DRAWS
    draws = [_squared_error(random, fit, judge, exclude, sizes) for _ in range(n_draws)]
    return _figures(np.mean(draws, axis=0), holdout)


def correlated_parents(
    seen: CentredMoments,
    fit: CentredMoments,
    judge: Judge,
    holdout: Spread,
    exclude: np.ndarray,
    sizes: Sequence[int],
) -> tuple[np.ndarray, np.ndarray]:
    """The same of the sources with the largest |E[b a]| / sqrt(E[b^2]) in the moments as the solver sees
    them: the correlation where it is centred, and the cosine of the two logits where it is not."""
    power = np.diagonal(seen.moment)
    norm = np.sqrt(np.where(power > 0, power, np.inf))

    def weakness(targets: np.ndarray) -> np.ndarray:
        return -np.abs(seen.cross[:, targets].T) / norm

    return _figures(_squared_error(weakness, fit, judge, exclude, sizes), holdout)


def within_of_mean(
    batches: Callable[[str], Iterator[Batch]], mean: np.ndarray, sd: np.ndarray, width: float = 0.5
) -> np.ndarray:
    """Share of the held-out images (n_targets,) whose logit lies within `width` standard deviations `sd`
    of the fit images' mean."""
    inside, total = np.zeros(len(mean)), 0
    for batch in batches("holdout"):
        inside += (np.abs(batch.targets - mean) < width * sd).sum(axis=0)
        total += len(batch.labels)
    return inside / total


def _squared_error(
    score: Callable[[np.ndarray], np.ndarray],
    fit: CentredMoments,
    judge: Judge,
    exclude: np.ndarray,
    sizes: Sequence[int],
) -> np.ndarray:
    """Mean squared error (n_targets, n_sizes), as `judge` finds it, of the sources of least score, which
    is (B, n_sources)."""
    parts = []
    for start in range(0, len(exclude), _TARGETS):
        targets = np.arange(start, min(start + _TARGETS, len(exclude)), dtype=np.int32)
        order = _least(score(targets), exclude[targets], sizes[-1])
        parts.append(_least_squares(targets, order, np.asarray(sizes), fit))
    equations = Equations.joined(parts)
    return judge(equations).reshape(len(exclude), len(sizes))


def _least_squares(
    targets: np.ndarray, order: np.ndarray, sizes: np.ndarray, fit: CentredMoments
) -> Equations:
    """Of each target and size the equation on the first sources of its order (B, K)."""
    from precompute.equations.kernels import nested_least_squares

    coefficients = nested_least_squares(targets, order, sizes, fit.moment, fit.cross)
    taken = np.minimum(sizes, (order >= 0).sum(axis=1)[:, None])  # (B, n_sizes)
    inside = np.arange(order.shape[1]) < taken[:, :, None]
    return Equations(
        np.repeat(targets, len(sizes)), np.zeros(taken.size, np.int32), np.zeros(taken.size),
        np.r_[0, np.cumsum(taken)].astype(np.int64),
        np.broadcast_to(order[:, None], inside.shape)[inside], coefficients[inside],
    )  # fmt: skip


def _least(score: np.ndarray, exclude: np.ndarray, n: int) -> np.ndarray:
    """The n sources of least score of each row (B, n) int32, in that order, without the excluded one;
    filled up with -1 where there are fewer."""
    barred = np.flatnonzero(exclude >= 0)
    score[barred, exclude[barred]] = np.inf
    n = min(n, score.shape[1])
    few = np.argpartition(score, n - 1, axis=1)[:, :n]
    values = np.take_along_axis(score, few, axis=1)
    place = np.argsort(values, axis=1, kind="stable")
    order = np.take_along_axis(few, place, axis=1)
    return np.where(np.isinf(np.take_along_axis(values, place, axis=1)), -1, order).astype(np.int32)


def _figures(squared: np.ndarray, holdout: Spread) -> tuple[np.ndarray, np.ndarray]:
    flat, target = squared.ravel(), np.repeat(np.arange(len(squared)), squared.shape[1])
    error, r2 = holdout.relative_error(flat, target), holdout.r2(flat, target)
    return error.reshape(squared.shape), r2.reshape(squared.shape)
