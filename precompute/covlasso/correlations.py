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
# Half a unit in the last place of float32, with room for the rounding of the deviations.
UNIT = 1.001 * 2.0**-24


class Correlations(NamedTuple):
    """What moves along a segment, for the sources of a working set: c = g - Mb, and its slope Mq."""

    g: np.ndarray
    c: np.ndarray
    slope: np.ndarray
    c_blocks: np.ndarray  # the same numbers, SCAN to a row, zeros at the end
    slope_blocks: np.ndarray
    deviation: np.ndarray  # sqrt(M_jj), or zeros where the rows of M are exact
    doubt: np.ndarray  # the same, or zero for what is out of the search
    doubt_blocks: np.ndarray
    blur: np.ndarray  # how far c and its slope may be off, in units of the deviation
    steps: np.ndarray  # (SCAN,) scratch: after which steps sources would join
    barred: np.ndarray  # slots that cannot join: excluded, in the support or dependent on it
    n_barred: np.ndarray  # one number
    aside: np.ndarray  # slots that were looked up for the next event
    looked_up: np.ndarray  # (n, 2) what c and slope of these are


@maker
def empty_correlations(g):
    """Room for as many sources as g has."""
    n = len(g)
    blocks = (n + SCAN - 1) // SCAN
    c, slope, doubt = (
        np.zeros((blocks, SCAN)),
        np.zeros((blocks, SCAN)),
        np.zeros((blocks, SCAN)),
    )
    return Correlations(
        g,
        c.ravel(),
        slope.ravel(),
        c,
        slope,
        np.zeros(blocks * SCAN),
        doubt.ravel(),
        doubt,
        np.zeros(2),
        np.zeros(SCAN),
        np.empty(n + 1, np.uint32),
        np.zeros(1, np.int64),
        np.empty(n + 1, np.uint32),
        np.empty((n + 1, 2)),
    )


@kernel
def bar(correlations, slot):
    """Take a source out of the search."""
    correlations.barred[correlations.n_barred[0]] = slot
    correlations.n_barred[0] += 1
    hide(correlations, slot)


@kernel
def hide(correlations, slot):
    """With c and slope zero, |c - h * slope| > mu - h holds for no step, so the search needs no mask."""
    correlations.c[slot] = 0.0
    correlations.slope[slot] = 0.0
    correlations.doubt[slot] = 0.0


@kernel
def refresh(correlations, working, support, excluded):
    """Compute c from its definition; dependent sources get another chance."""
    g, c, slope, k = correlations.g, correlations.c, correlations.slope, support.size[0]
    size, width, doubt = working.size[0], working.width[0], correlations.doubt
    # `slope` serves as scratch: `turn` writes it anew before anybody reads it.
    combine_rows(working.rows, support.members, support.beta, k, width, slope)
    for j in range(size):
        c[j] = g[j] - slope[j]
        doubt[j] = correlations.deviation[j]
    # The last block of a smaller working set may have held other sources before.
    for j in range(size, min(len(c), (size + SCAN - 1) // SCAN * SCAN)):
        c[j] = slope[j] = doubt[j] = 0.0
    correlations.n_barred[0] = 0
    if excluded >= 0:
        bar(correlations, excluded)
    blur = 0.0
    for i in range(k):
        member = support.members[i]
        blur += abs(support.beta[i]) * correlations.deviation[member]
        bar(correlations, member)
    correlations.blur[0] = UNIT * blur


@inlined
def turn(correlations, working, support):
    """Take the direction of the present support; its slope at the support must be the signs. Returns the
    error that is left."""
    members, slope, width = support.members, correlations.slope, working.width[0]
    combine_rows(working.rows, members, support.direction, support.size[0], width, slope)
    error = blur = 0.0
    for i in range(support.size[0]):
        error = max(error, abs(slope[members[i]] - support.signs[i]))
        blur += abs(support.direction[i]) * correlations.deviation[members[i]]
    correlations.blur[1] = UNIT * blur
    if error > DRIFT:
        aim(support)
        combine_rows(working.rows, members, support.direction, support.size[0], width, slope)
        error = DRIFT
    # The product has filled in what `bar` had cleared.
    for i in range(correlations.n_barred[0]):
        slope[correlations.barred[i]] = 0.0
    return error


@inlined
def advance(correlations, working, support, step):
    """Let mu fall by `step` along the segment."""
    c, slope = correlations.c, correlations.slope
    correlations.blur[0] += step * correlations.blur[1]
    for j in range(working.size[0]):
        c[j] -= step * slope[j]
    for i in range(support.size[0]):
        support.beta[i] += step * support.direction[i]
