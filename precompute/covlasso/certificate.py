"""The proof that comes with every path, at each of its knots, from the second moments alone.

With mu = lambda / 2, g = E[source * target], c = g - Mb and r = E[residual^2], the CovLasso is worth
P = r/2 + mu*|b|_1. The residual times s is feasible for the dual as long as s*|c_j| <= mu, and worth
D = s*E[residual*target] - s^2 r/2. As E[residual*target] = r + c'b, the best s is 1 + c'b/r or, if that
is not feasible, mu / max|c_j|, and the gap is P - D = (1 - s)^2 r/2 + mu*|b|_1 - s*c'b. It bounds how
far b is from optimal (Boyd & Vandenberghe, section 5.5).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from precompute.covlasso.validation import Inputs
from precompute.threads import in_threads

# A coefficient that explains less than this of its target has no sign: rounding gave it one.
SIGNLESS = 1e-12
# Targets that a thread takes at a time, on the same room for rows of M and for c. Of so many sources c
# stays in a core's cache.
CHUNK = 16
TILE = 8192


class Knots(NamedTuple):
    """What is certified: the knots of several targets, as `precompute.covlasso.CovLassoPaths` has them."""

    targets: np.ndarray
    target_ptr: np.ndarray
    lambdas: np.ndarray
    knot_ptr: np.ndarray
    sources: np.ndarray
    coefs: np.ndarray


class Solutions(NamedTuple):
    """The solutions at a target's knots, and what is asked of their c = g - Mb."""

    target: int
    mu: np.ndarray  # (knots,)
    support: np.ndarray  # (k,) every source of the path, in order
    b: np.ndarray  # (knots, k)
    c: np.ndarray  # (knots, k) of the support
    largest: np.ndarray  # (knots,) largest |c_j| over all sources


def duality_gap(paths: Knots, inputs: Inputs) -> np.ndarray:
    """Largest P - D over the knots of each target, relative to its power / 2 (n_targets,)."""
    return _worst_knots(paths, inputs, _gap)


def kkt_violation(paths: Knots, inputs: Inputs) -> np.ndarray:
    """Largest violation of |2c_j| <= lambda, and of 2c_j = lambda*sign(b_j) where b_j is not zero,
    over the knots of each target, relative to its lambda_max (n_targets,)."""
    return _worst_knots(paths, inputs, _violation)


def _worst_knots(
    paths: Knots, inputs: Inputs, measure: Callable[[Inputs, Solutions], float]
) -> np.ndarray:
    worst = np.zeros(len(paths.targets))

    def certify(start: int) -> None:
        solved = {t: _coefficients(paths, t) for t in range(start, min(start + CHUNK, len(worst)))}
        most = max(max(b.shape) for _, b in solved.values())
        n = len(inputs.moment)
        room = np.empty((most, n)), np.empty((most, min(n, TILE)))
        for t, (support, b) in solved.items():
            target, knots = paths.targets[t], slice(*paths.target_ptr[t : t + 2])
            if len(b) and inputs.power[target] > 0.0:
                c, largest = _correlations(inputs, target, support, b, room)
                mu = paths.lambdas[knots] / 2
                worst[t] = measure(inputs, Solutions(target, mu, support, b, c, largest))

    # Thousands of small products: BLAS threads would spend their time on waking up.
    with threadpool_limits(1, user_api="blas"):
        in_threads(certify, range(0, len(worst), CHUNK))
    return worst


def _coefficients(paths: Knots, t: int) -> tuple[np.ndarray, np.ndarray]:
    """Every source of the t-th path (k,), and their coefficients at its knots (n_knots, k)."""
    first, last = paths.target_ptr[t : t + 2]
    ptr = paths.knot_ptr[first : last + 1]
    entries = slice(ptr[0], ptr[-1])
    support, column = np.unique(paths.sources[entries], return_inverse=True)
    b = np.zeros((last - first, len(support)))
    b[np.repeat(np.arange(last - first), np.diff(ptr)), column] = paths.coefs[entries]
    return support, b


def _correlations(
    inputs: Inputs,
    target: int,
    support: np.ndarray,
    b: np.ndarray,
    room: tuple[np.ndarray, np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:
    """c of the support at every knot (n_knots, k), and the largest |c_j| of all sources (n_knots,)."""
    rows, largest, own = room[0][: len(support)], np.zeros(len(b)), np.empty_like(b)
    np.take(inputs.moment, support, axis=0, out=rows, mode="clip")  # "raise" would copy once more
    excluded = inputs.exclude[target]
    for start in range(0, len(inputs.moment), TILE):
        g = inputs.rows[target][start : start + TILE]
        c = room[1][: len(b), : len(g)]
        np.matmul(b, rows[:, start : start + TILE], out=c)
        np.subtract(g, c, out=c)
        if start <= excluded < start + len(g):
            c[:, excluded - start] = 0.0
        here = slice(*np.searchsorted(support, (start, start + len(g))))
        own[:, here] = c[:, support[here] - start]
        np.maximum(largest, np.maximum(c.max(axis=1), -c.min(axis=1)), out=largest)
    return own, largest


def _gap(inputs: Inputs, solutions: Solutions) -> float:
    target, mu, support, b, c, largest = solutions
    power, tiny = inputs.power[target], np.finfo(float).tiny
    explained = np.einsum("kj,kj->k", b, c)
    r = np.maximum(power - b @ inputs.rows[target][support] - explained, tiny)
    scale = np.minimum(mu / np.maximum(largest, tiny), 1.0 + explained / r)
    gap = (1.0 - scale) ** 2 * r / 2 + mu * np.abs(b).sum(axis=1) - scale * explained
    return max(gap.max(), 0.0) / (power / 2)


def _violation(inputs: Inputs, solutions: Solutions) -> float:
    target, mu, support, b, c, largest = solutions
    scale = np.sqrt(np.maximum(inputs.moment[support, support], 0.0) / inputs.power[target])
    signs = np.where(np.abs(b) * scale > SIGNLESS, np.sign(b), 0.0)
    wrong = np.abs(c - mu[:, None] * signs)[signs != 0.0]
    return max((largest - mu).max(), wrong.max(initial=0.0), 0.0) / mu[0]
