"""What moves along a segment of the path, for all sources: c = g - Mb and its slope (numba).

Nearly all the work is here: one sum of k rows of M for each event.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import combine_rows, inlined, kernel
from precompute.covlasso.support import aim

# A slope at the support that misses its sign by more shows that the direction has drifted.
DRIFT = 1e-13
# Sources that are cleared by one count, without a branch for each. A multiple of every vector's width,
# and few enough that most blocks hold none that could join: those alone are looked at one by one.
SCAN = 32


class Correlations(NamedTuple):
    """What moves along a segment, for all n sources: c = g - Mb, and its slope Mq."""

    g: np.ndarray
    c: np.ndarray
    slope: np.ndarray
    c_blocks: np.ndarray  # the same numbers, SCAN to a row, zeros at the end
    slope_blocks: np.ndarray
    barred: np.ndarray  # sources that cannot join: excluded, in the support or dependent on it
    n_barred: np.ndarray  # one number


@kernel
def empty_correlations(n):
    """Room for n sources."""
    blocks = (n + SCAN - 1) // SCAN
    c, slope = np.zeros((blocks, SCAN)), np.zeros((blocks, SCAN))
    none = np.empty(0)
    return Correlations(
        none, c.ravel(), slope.ravel(), c, slope, np.empty(n + 1, np.int64), np.zeros(1, np.int64)
    )


@inlined
def bar(correlations, source):
    """Take a source out of the search.

    With c and slope zero, |c - h * slope| > mu - h holds for no step, so the search needs no mask.
    """
    correlations.barred[correlations.n_barred[0]] = source
    correlations.n_barred[0] += 1
    correlations.c[source] = 0.0
    correlations.slope[source] = 0.0


@inlined
def refresh(correlations, moment, support, excluded):
    """Compute c from its definition; dependent sources get another chance."""
    g, c, slope, k = correlations.g, correlations.c, correlations.slope, support.size[0]
    # `slope` serves as scratch: `turn` writes it anew before anybody reads it.
    combine_rows(moment, support.members, support.beta, k, slope)
    for j in range(len(g)):
        c[j] = g[j] - slope[j]
    correlations.n_barred[0] = 0
    if excluded >= 0:
        bar(correlations, excluded)
    for i in range(k):
        bar(correlations, support.members[i])


@inlined
def turn(correlations, moment, support):
    """Take the direction of the present support; its slope at the support must be the signs."""
    members, slope = support.members, correlations.slope
    combine_rows(moment, members, support.direction, support.size[0], slope)
    error = 0.0
    for i in range(support.size[0]):
        error = max(error, abs(slope[members[i]] - support.signs[i]))
    if error > DRIFT:
        aim(support)
        combine_rows(moment, members, support.direction, support.size[0], slope)
    # The product has filled in what `bar` had cleared.
    for i in range(correlations.n_barred[0]):
        slope[correlations.barred[i]] = 0.0


@inlined
def advance(correlations, support, step):
    """Let mu fall by `step` along the segment."""
    c, slope = correlations.c, correlations.slope
    for j in range(len(c)):
        c[j] -= step * slope[j]
    for i in range(support.size[0]):
        support.beta[i] += step * support.direction[i]
