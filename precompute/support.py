"""The support of one CovLasso solution: its coefficients and the inverse of its Gram block (numba).

On the support A with signs s the solution obeys `M_AA beta = g_A - mu*s`. M_AA^-1 is kept explicitly
and grows by bordering. Two habits keep that honest: whatever is computed with the inverse is corrected
against M_AA itself, and a drop builds the inverse anew, since deflating it is unstable.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

# A Schur pivot below this part of M_jj is rounding: source j depends linearly on the support.
DEPENDENT = 1e-13
# Below this part of M_jj the border itself needs correcting.
NEARLY_DEPENDENT = 1e-5
CORRECTIONS = 8  # at most; each gains as many digits as the inverse has


class Support(NamedTuple):
    """Slots 0..k-1 of every array hold the support in order of entry; slot k is for a candidate."""

    members: np.ndarray
    signs: np.ndarray
    beta: np.ndarray
    direction: np.ndarray
    correlations: np.ndarray
    gram: np.ndarray
    inverse: np.ndarray
    border: np.ndarray
    residual: np.ndarray
    change: np.ndarray


@njit(cache=True, nogil=True)
def empty_support(size):
    """Room for `size` sources and one candidate."""
    slots = size + 1
    return Support(
        np.zeros(slots, np.int64),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros((slots, slots)),
        np.zeros((slots, slots)),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
    )


@njit(cache=True, nogil=True, fastmath={"contract"})
def add_product(matrix, k, x, sign, out):
    """out += sign * matrix @ x for a symmetric k x k matrix, row by row so that it vectorises."""
    for i in range(k):
        factor = sign * x[i]
        for j in range(k):
            out[j] += factor * matrix[i, j]


@njit(cache=True, nogil=True)
def _largest(x, k):
    largest = 0.0
    for i in range(k):
        largest = max(largest, abs(x[i]))
    return largest


@njit(cache=True, nogil=True)
def _border(support, k):
    """Solve M_AA v = M_Aj for the candidate j of slot k; return its Schur pivot M_jj - M_jA v."""
    gram, v, residual = support.gram, support.border, support.residual
    v[:k] = 0.0
    add_product(support.inverse, k, gram[k], 1.0, v)
    pivot = gram[k, k]
    for i in range(k):
        pivot -= gram[k, i] * v[i]
    if pivot < NEARLY_DEPENDENT * gram[k, k]:
        for _ in range(2):
            residual[:k] = gram[k, :k]
            add_product(gram, k, v, -1.0, residual)
            add_product(support.inverse, k, residual, 1.0, v)
        pivot = gram[k, k]
        for i in range(k):
            pivot -= gram[k, i] * v[i]
    return pivot


@njit(cache=True, nogil=True, fastmath={"contract"})
def _extend_inverse(support, k, pivot):
    """Border the k x k inverse with the candidate of slot k."""
    inverse, v = support.inverse, support.border
    for i in range(k):
        factor = v[i] / pivot
        for j in range(k):
            inverse[i, j] += factor * v[j]
        inverse[i, k] = -factor
        inverse[k, i] = -factor
    inverse[k, k] = 1.0 / pivot


@njit(cache=True, nogil=True)
def propose(support, k, moment, j):
    """Put source j into slot k; return its Schur pivot, 0 if it depends linearly on the support."""
    support.members[k] = j
    for i in range(k):
        support.gram[k, i] = moment[j, support.members[i]]
    support.gram[k, k] = moment[j, j]
    pivot = _border(support, k)
    return pivot if pivot > DEPENDENT * moment[j, j] else 0.0


@njit(cache=True, nogil=True)
def accept(support, k, pivot, sign, correlation):
    """Let the candidate of slot k join with coefficient 0."""
    _extend_inverse(support, k, pivot)
    support.gram[:k, k] = support.gram[k, :k]
    support.signs[k] = sign
    support.beta[k] = 0.0
    support.correlations[k] = correlation


@njit(cache=True, nogil=True)
def remove(support, k, p):
    """Take slot p out of the k slots and build the inverse of the others anew."""
    for i in range(p, k - 1):
        support.members[i] = support.members[i + 1]
        support.signs[i] = support.signs[i + 1]
        support.beta[i] = support.beta[i + 1]
        support.correlations[i] = support.correlations[i + 1]
        support.gram[i, :k] = support.gram[i + 1, :k]
    for i in range(p, k - 1):
        support.gram[:k, i] = support.gram[:k, i + 1]
    for i in range(k - 1):
        _extend_inverse(support, i, _border(support, i))


@njit(cache=True, nogil=True)
def aim(support, k):
    """direction = M_AA^-1 signs, the speed of beta as mu falls."""
    support.direction[:k] = 0.0
    add_product(support.inverse, k, support.signs, 1.0, support.direction)


@njit(cache=True, nogil=True)
def correct(support, k, mu, tolerance):
    """Correct beta until M_AA beta = g_A - mu*signs to `tolerance`; return the largest change."""
    residual, change = support.residual, support.change
    total, before = 0.0, np.inf
    for _ in range(CORRECTIONS):
        for i in range(k):
            residual[i] = support.correlations[i] - mu * support.signs[i]
        add_product(support.gram, k, support.beta, -1.0, residual)
        error = _largest(residual, k)
        if error <= tolerance or error > 0.5 * before:
            break
        before = error
        change[:k] = 0.0
        add_product(support.inverse, k, residual, 1.0, change)
        for i in range(k):
            support.beta[i] += change[i]
        total += _largest(change, k)
    return total
