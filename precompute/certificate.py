"""The proof that comes with every path: its duality gap, at each knot, from the matrices alone."""

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_limits

if TYPE_CHECKING:
    from precompute.covlasso import CovLassoPaths


def largest_gaps(
    paths: "CovLassoPaths",
    moment: np.ndarray,
    cross: np.ndarray,
    power: np.ndarray,
    exclude: np.ndarray,
) -> np.ndarray:
    """Largest relative duality gap over the knots of each target of `paths` (n_targets,).

    With mu = lambda / 2 and c = g - Mb, the primal is r/2 + mu |b|_1 with r = E[residual^2]; a dual
    point is the residual scaled by s so that no source correlates with it beyond mu. The gap between
    the two, over power / 2, bounds how far the objective can be from its optimum.
    """
    gaps = np.zeros(len(paths.targets))
    # Thousands of small products: BLAS threads would spend their time on waking up.
    with threadpool_limits(1, user_api="blas"):
        for t, i in enumerate(paths.targets):
            if paths.target_ptr[t] < paths.target_ptr[t + 1] and power[i] > 0:
                gaps[t] = _largest_gap(paths, t, moment, cross[:, i], power[i], exclude[i])
    return gaps


def _largest_gap(paths, t, moment, g, power, excluded) -> float:
    first, last = paths.target_ptr[t], paths.target_ptr[t + 1]
    entries = slice(paths.knot_ptr[first], paths.knot_ptr[last])
    support, place = np.unique(paths.sources[entries], return_inverse=True)
    knot = np.repeat(np.arange(last - first), np.diff(paths.knot_ptr[first : last + 1]))
    b = np.zeros((last - first, len(support)))
    b[knot, place] = paths.coefs[entries]
    c = g - b @ moment[support]
    if excluded >= 0:
        c[:, excluded] = 0.0
    yr = power - b @ g[support]
    r = np.maximum(yr - np.einsum("kj,kj->k", b, c[:, support]), 0.0)
    mu = paths.lambdas[first:last] / 2
    gap = _gap(r, yr, mu, np.abs(b).sum(axis=1), np.abs(c).max(axis=1))
    return max(0.0, float(gap.max())) / (power / 2)


def _gap(r, yr, mu, norm, largest) -> np.ndarray:
    """Primal minus dual of each knot; the dual's scale s is the best that keeps |s c| <= mu."""
    feasible = mu / np.maximum(largest, np.finfo(float).tiny)
    scale = np.minimum(feasible, yr / np.maximum(r, np.finfo(float).tiny))
    return r / 2 + mu * norm - scale * yr + scale**2 * r / 2
