"""The sparse equations of one category at every size, with weight of its own."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.blas import dtrsm
from scipy.linalg.lapack import dpotrf, dpotrs

from precompute.covlasso.homotopy import follow_paths
from precompute.survival.dense import spared

# Own images with much weight raise lambda_max a hundredfold, and a path that ended at the usual 1e-3 of it
# would stop after few parents.
MIN_LAMBDA_RATIO = 1e-5


@dataclass(frozen=True)
class SparseEquation:
    """One equation, and what it makes of fit images that are left out of its coefficients' fit (S,)."""

    size: int  # asked for: at most so many parents
    kind: str  # lasso or refit
    sources: np.ndarray
    coefficients: np.ndarray
    left_out: np.ndarray


def sparse_equations(
    moment: np.ndarray, target: int, sizes: list[int], logits: np.ndarray, weight: float
) -> list[SparseEquation]:
    """Lasso and refit of the target at each size (ascending), by one path over `moment` (n, n), which is
    checked nowhere: it comes from logits. `logits` (S, n), best by columns and about its point, are images
    with `weight` in it.
    """
    power = moment.diagonal().copy()
    _, _, _, n_entries, sources, coefficients = follow_paths(
        moment, moment, power, np.arange(len(moment)), np.array([target]), sizes[-1], MIN_LAMBDA_RATIO
    )  # fmt: skip
    ends = np.cumsum(n_entries)
    non_zero = np.r_[0, np.cumsum(coefficients != 0)]
    n_parents = non_zero[ends] - non_zero[ends - n_entries]
    found: list[SparseEquation] = []
    done: dict[int, tuple] = {}
    for size in sizes:
        fitting = np.flatnonzero((n_parents <= size) & (n_parents > 0))
        if not len(fitting):
            continue
        # Of the supports that are small enough the largest, at its smallest lambda: the last of equals.
        knot = int(fitting[len(fitting) - 1 - n_parents[fitting][::-1].argmax()])
        if knot not in done:
            entries = slice(ends[knot] - n_entries[knot], ends[knot])
            kept = coefficients[entries] != 0
            done[knot] = _both(
                moment, target, sources[entries][kept], coefficients[entries][kept], logits, weight
            )
        found += [SparseEquation(size, kind, *parts) for kind, *parts in done[knot]]
    return found


def _both(moment, target, support, lasso, logits, weight) -> tuple:
    """(kind, sources, coefficients, left_out) of the lasso and of the refit on its support.

    Left out of least squares on the support, an image's residual is r / (1 - w x' M_AA^-1 x): exact for the
    refit. The same holds to first order for the lasso, whose support stays as it is under small changes
    (approximate leave-one-out; Wang et al., ICML 2018, arXiv 1807.02694).
    """
    chosen = logits.T[support].T  # by columns, as LAPACK wants them
    refit, leverage = _least_squares(
        moment[np.ix_(support, support)], moment[support, target], chosen
    )
    left = spared(weight * leverage)
    truth = logits[:, target]
    return tuple(
        (kind, support, weights, truth - (truth - chosen @ weights) / left)
        for kind, weights in (("lasso", lasso), ("refit", refit))
    )


def _least_squares(matrix, right, chosen) -> tuple[np.ndarray, np.ndarray]:
    """matrix^-1 right (k,), and x' matrix^-1 x of every row of `chosen` (S, k)."""
    lower, failed = dpotrf(matrix, lower=True)
    if failed:
        inverse = np.linalg.pinv(matrix, rcond=1e-12, hermitian=True)
        return inverse @ right, np.einsum("ij,ij->i", chosen @ inverse, chosen)
    # Half of a solution is enough, as x' (LL')^-1 x is the square of L^-1 x.
    half = dtrsm(1.0, lower, chosen, side=1, lower=True, trans_a=True)
    return dpotrs(lower, right, lower=True)[0], np.einsum("ij,ij->i", half, half)
