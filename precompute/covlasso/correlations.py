"""What moves along a segment of the path, for all sources: c = g - Mb and its slope (numba).

Nearly all the work is here: one sum of k rows of M for each event.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import combine_rows, inlined, kernel, maker
from precompute.covlasso.support import aim

# A slope at the support that misses its sign by more shows that the direction has drifted.
DRIFT = 1e-13
# Sources that are cleared by one count, without a branch for each. A multiple of every vector's width,
# and few enough that most blocks hold none that could join: those alone are looked at one by one.
SCAN = 32


class Correlations(NamedTuple):
    """What moves along a segment, for the sources of a working set: c = g - Mb, and its slope Mq."""

    g: np.ndarray
    c: np.ndarray
    slope: np.ndarray
    c_blocks: np.ndarray  # the same numbers, SCAN to a row, zeros at the end
    slope_blocks: np.ndarray
    barred: np.ndarray  # slots that cannot join: excluded, in the support or dependent on it
    n_barred: np.ndarray  # one number


@maker
def empty_correlations(g):
    """Room for as many sources as g has."""
    n = len(g)
    blocks = (n + SCAN - 1) // SCAN
    c, slope = np.zeros((blocks, SCAN)), np.zeros((blocks, SCAN))
    return Correlations(
        g, c.ravel(), slope.ravel(), c, slope, np.empty(n + 1, np.int64), np.zeros(1, np.int64)
    )


@kernel
def bar(correlations, slot):
    """Take a source out of the search.

    With c and slope zero, |c - h * slope| > mu - h holds for no step, so the search needs no mask.
    """
    correlations.barred[correlations.n_barred[0]] = slot
    correlations.n_barred[0] += 1
    correlations.c[slot] = 0.0
    correlations.slope[slot] = 0.0


@kernel
def refresh(correlations, working, support, excluded):
    """Compute c from its definition; dependent sources get another chance."""
    g, c, slope, k = correlations.g, correlations.c, correlations.slope, support.size[0]
    size, width = working.size[0], working.width[0]
    # `slope` serves as scratch: `turn` writes it anew before anybody reads it.
    combine_rows(working.rows, support.members, support.beta, k, width, slope)
    for j in range(size):
        c[j] = g[j] - slope[j]
    # The last block of a smaller working set may have held other sources before.
    for j in range(size, min(len(c), (size + SCAN - 1) // SCAN * SCAN)):
        c[j] = slope[j] = 0.0
    correlations.n_barred[0] = 0
    if excluded >= 0:
        bar(correlations, excluded)
    for i in range(k):
        bar(correlations, support.members[i])


@inlined
def turn(correlations, working, support):
    """Take the direction of the present support; its slope at the support must be the signs."""
    members, slope, width = support.members, correlations.slope, working.width[0]
    combine_rows(working.rows, members, support.direction, support.size[0], width, slope)
    error = 0.0
    for i in range(support.size[0]):
        error = max(error, abs(slope[members[i]] - support.signs[i]))
    if error > DRIFT:
        aim(support)
        combine_rows(working.rows, members, support.direction, support.size[0], width, slope)
    # The product has filled in what `bar` had cleared.
    for i in range(correlations.n_barred[0]):
        slope[correlations.barred[i]] = 0.0


@inlined
def advance(correlations, working, support, step):
    """Let mu fall by `step` along the segment."""
    c, slope = correlations.c, correlations.slope
    for j in range(working.size[0]):
        c[j] -= step * slope[j]
    for i in range(support.size[0]):
        support.beta[i] += step * support.direction[i]
