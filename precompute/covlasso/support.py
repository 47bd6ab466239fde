"""The support of one CovLasso solution: its coefficients and the inverse of its Gram block (numba).

On the support A with signs s the solution at mu = lambda / 2 obeys `M_AA beta = g_A - mu*s`. M_AA^-1 is
kept explicitly and grows by bordering. Two habits keep that honest: what the inverse gives is corrected
against M_AA itself, and where a drop costs it too many digits it is built anew.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import add_product, inlined, kernel, maker, padded
from precompute.covlasso.thresholds import DEPENDENT
from precompute.covlasso.working_set import fetch, sharpen

# Equations are solved to this part of their right-hand side: rounding alone leaves about a tenth of it,
# and a smaller part would cost a correction at every event that changes nothing.
TOLERANCE = 1e-14
# Random vectors that show an inverse to be wrong, and the error that refinement is left to mend.
PROBES, PROBED = 2, 1e-7
# At most; each gains as many digits as the inverse has, so that even two digits get there in seven.
CORRECTIONS = 10


class Support(NamedTuple):
    """Places 0..size-1 hold the support in order of entry; the place after them is for a candidate."""

    size: np.ndarray  # one number
    members: np.ndarray  # their slots in the working set
    signs: np.ndarray
    beta: np.ndarray
    direction: np.ndarray
    correlations: np.ndarray  # g at the members
    gram: np.ndarray
    inverse: np.ndarray
    border: np.ndarray  # M_AA^-1 M_Aj of the candidate j
    wanted: np.ndarray
    residual: np.ndarray
    mended: np.ndarray
    nothing: np.ndarray  # zeros


@maker
def empty_support(max_parents):
    """Room for `max_parents` sources and one candidate."""
    # `combine_rows` takes three weights more.
    slots = padded(max_parents + 4)
    return Support(
        np.zeros(1, np.int64),
        np.zeros(slots, np.uint32),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros((slots, slots)),
        np.zeros((slots, slots)),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
    )


@kernel
def _solve(support, k, wanted, x, tolerance):
    """Improve x until M_AA x = wanted to `tolerance` or rounding; return the error found at first.

    Iterative refinement: the residual is taken with M_AA itself, so that x forgets what the inverse has
    lost in being bordered again and again.
    """
    residual = support.residual
    first = previous = np.inf
    for attempt in range(CORRECTIONS):
        add_product(support.gram, k, -1.0, x, wanted, residual)
        error = 0.0
        for i in range(k):
            error = max(error, abs(residual[i]))
        if attempt == 0:
            first = error
        # An error that no longer halves is rounding, or the inverse has no digit left to give: more
        # corrections would only wander.
        if error <= tolerance or error > 0.5 * previous:
            break
        previous = error
        add_product(support.inverse, k, 1.0, residual, x, support.mended)
        for i in range(k):
            x[i] = support.mended[i]
    return first


@kernel
def _solve_anew(support, k, wanted, x, tolerance):
    """Find x from the inverse, and improve it."""
    add_product(support.inverse, k, 1.0, wanted, support.nothing, x)
    _solve(support, k, wanted, x, tolerance)


@kernel
def _schur_pivot(support, k):
    """Solve for the border of the candidate in slot k; return M_jj - M_jA M_AA^-1 M_Aj and the sum of
    the magnitudes of its terms."""
    column, border = support.gram[k], support.border
    _solve_anew(support, k, column, border, TOLERANCE * column[k])
    pivot = magnitude = column[k]
    for i in range(k):
        term = column[i] * border[i]
        pivot -= term
        magnitude += abs(term)
    return pivot, magnitude


@kernel
def _grow_inverse(support, k, pivot):
    """Border the k x k inverse with the candidate in slot k."""
    inverse, border, width = support.inverse, support.border, padded(k)
    for i in range(k):
        # M_AA^-1 + border border' / pivot, with -border / pivot and 1 / pivot around it.
        weight = border[i] / pivot
        for j in range(width):
            inverse[i, j] += weight * border[j]
        inverse[i, k] = -weight
        inverse[k, i] = -weight
    inverse[k, k] = 1.0 / pivot


@inlined
def propose(support, working, j):
    """Put the source of slot j into the candidate's place; return its Schur pivot, 0 if dependent."""
    k = support.size[0]
    support.members[k] = j
    row = working.moment[working.names[j]]
    for i in range(k):
        support.gram[k, i] = row[working.names[support.members[i]]]
    support.gram[k, k] = row[working.names[j]]
    pivot, magnitude = _schur_pivot(support, k)
    return pivot if pivot > DEPENDENT * magnitude else 0.0


@inlined
def accept(support, working, pivot, sign, correlation):
    """Let the candidate join, with coefficient 0, and turn the direction."""
    k = support.size[0]
    if not working.exact:
        fetch(working, support.members[k])
        sharpen(working, support.members, support.gram[k], k)
    _grow_inverse(support, k, pivot)
    speed = sign
    for i in range(k):
        support.gram[i, k] = support.gram[k, i]
        speed -= support.border[i] * support.signs[i]
    # The candidate's own equation of M_AA q = s; the others make room for it along the border.
    speed /= pivot
    for i in range(k):
        support.direction[i] -= speed * support.border[i]
    support.direction[k] = speed
    support.signs[k] = sign
    support.beta[k] = 0.0
    support.correlations[k] = correlation
    support.size[0] = k + 1


@inlined
def remove(support, place):
    """Drop the source at a place; its row and column are taken out of the inverse too."""
    inverse, column, k = support.inverse, support.border, support.size[0] - 1
    pivot = inverse[place, place]
    for i in range(k):
        column[i] = inverse[i if i < place else i + 1, place]
    for i in range(place, k):
        support.members[i] = support.members[i + 1]
        support.signs[i] = support.signs[i + 1]
        support.beta[i] = support.beta[i + 1]
        support.correlations[i] = support.correlations[i + 1]
        for j in range(k + 1):
            support.gram[i, j] = support.gram[i + 1, j]
            inverse[i, j] = inverse[i + 1, j]
    for i in range(k):
        for j in range(place, k):
            support.gram[i, j] = support.gram[i, j + 1]
            inverse[i, j] = inverse[i, j + 1]
        weight = column[i] / pivot
        for j in range(k):
            inverse[i, j] -= weight * column[j]
    support.size[0] = k
    if not _inverts(support, k):
        rebuild(support)


@kernel
def _inverts(support, k):
    """Whether the inverse still is one, to what refinement mends, by what it makes of random signs.

    Taking a column out of an inverse can cost any number of digits: of near twins nearly all.
    """
    wanted, residual, x, state = support.wanted, support.residual, support.border, 1
    for _ in range(PROBES):
        for i in range(padded(k)):
            state = (state * 75 + 74) % 65537
            wanted[i] = 1.0 if state > 32768 else -1.0
        add_product(support.inverse, k, 1.0, wanted, support.nothing, x)
        add_product(support.gram, k, -1.0, x, wanted, residual)
        for i in range(k):
            # Also where it is no number at all.
            if not abs(residual[i]) <= PROBED:
                return False
    return True


@kernel
def rebuild(support):
    """Build the inverse from the Gram block, place by place, as if each had just joined.

    Of order k^3, but rare, and no error is kept.
    """
    for i in range(support.size[0]):
        _grow_inverse(support, i, _schur_pivot(support, i)[0])


@kernel
def aim(support):
    """direction = M_AA^-1 signs, the speed of beta as mu falls."""
    _solve_anew(support, support.size[0], support.signs, support.direction, TOLERANCE)


@inlined
def settle(support, mu, tolerance):
    """Correct beta until M_AA beta = g_A - mu*signs; return the error found at first."""
    k = support.size[0]
    for i in range(k):
        support.wanted[i] = support.correlations[i] - mu * support.signs[i]
    return _solve(support, k, support.wanted, support.beta, tolerance)


@inlined
def wrong_sign(support, mu, allowance):
    """Slot whose coefficient has the wrong sign at the greatest cost above `allowance`, or -1."""
    slot = -1
    # mu * |b_i| is what the penalty takes for it, in the units of E[target^2]: a tiny coefficient of a
    # weak source and of a strong one are then told apart by what they do, not by their size.
    for i in range(support.size[0]):
        cost = -mu * support.beta[i] * support.signs[i]
        if cost > allowance:
            slot, allowance = i, cost
    return slot
