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

# A coefficient that explains less than this of its target has no sign: rounding gave it one.
SIGNLESS = 1e-12


class Knots(NamedTuple):
    """What is certified: the knots of several targets, as `precompute.covlasso.CovLassoPaths` has them."""

    targets: np.ndarray
    target_ptr: np.ndarray
    lambdas: np.ndarray
    knot_ptr: np.ndarray
    sources: np.ndarray
    coefs: np.ndarray


def duality_gap(paths: Knots, inputs: Inputs) -> np.ndarray:
    """Largest P - D over the knots of each target, relative to its power / 2 (n_targets,)."""
    return _worst_knots(paths, inputs, _gap)


def kkt_violation(paths: Knots, inputs: Inputs) -> np.ndarray:
    """Largest violation of |2c_j| <= lambda, and of 2c_j = lambda*sign(b_j) where b_j is not zero,
    over the knots of each target, relative to its lambda_max (n_targets,)."""
    return _worst_knots(paths, inputs, _violation)


def _worst_knots(paths: Knots, inputs: Inputs, measure: Callable[..., float]) -> np.ndarray:
    worst = np.zeros(len(paths.targets))
    # Thousands of small products: BLAS threads would spend their time on waking up.
    with threadpool_limits(1, user_api="blas"):
        for t, target in enumerate(paths.targets):
            first, last = paths.target_ptr[t : t + 2]
            if first < last and inputs.power[target] > 0.0:
                support, b = _solutions(paths, first, last)
                c = inputs.rows[target] - b @ inputs.moment[support]
                if inputs.exclude[target] >= 0:
                    c[:, inputs.exclude[target]] = 0.0
                worst[t] = measure(inputs, target, support, b, c, paths.lambdas[first:last] / 2)
    return worst


def _solutions(paths: Knots, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Every source of a path (k,), and their coefficients at its knots (n_knots, k)."""
    ptr = paths.knot_ptr[first : last + 1]
    entries = slice(ptr[0], ptr[-1])
    support, column = np.unique(paths.sources[entries], return_inverse=True)
    b = np.zeros((last - first, len(support)))
    b[np.repeat(np.arange(last - first), np.diff(ptr)), column] = paths.coefs[entries]
    return support, b


def _gap(inputs, target, support, b, c, mu) -> float:
    power = inputs.power[target]
    explained = np.einsum("kj,kj->k", b, c[:, support])
    r = np.maximum(power - b @ inputs.rows[target][support] - explained, np.finfo(float).tiny)
    largest = np.maximum(np.abs(c).max(axis=1), np.finfo(float).tiny)
    scale = np.minimum(mu / largest, 1.0 + explained / r)
    gap = (1.0 - scale) ** 2 * r / 2 + mu * np.abs(b).sum(axis=1) - scale * explained
    return max(gap.max(), 0.0) / (power / 2)


def _violation(inputs, target, support, b, c, mu) -> float:
    scale = np.sqrt(np.maximum(inputs.moment[support, support], 0.0) / inputs.power[target])
    signs = np.where(np.abs(b) * scale > SIGNLESS, np.sign(b), 0.0)
    wrong = np.abs(c[:, support] - mu[:, None] * signs)[signs != 0.0]
    excess = np.abs(c).max(axis=1) - mu
    return max(excess.max(), wrong.max(initial=0.0), 0.0) / mu[0]
