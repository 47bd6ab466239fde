"""What moves along a segment of the path, for all sources: c = g - Mb and its slope (numba).

Nearly all the work is here: one sum of k rows of M for each event.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.support import aim, inlined, kernel

# A slope at the support that misses its sign by more shows that the direction has drifted.
DRIFT = 1e-13
SCAN = 32  # sources that are cleared by one count


class Lines(NamedTuple):
    """What moves along a segment, for all n sources: c = g - Mb, and its slope Mq."""

    g: np.ndarray
    c: np.ndarray
    slope: np.ndarray
    c_blocks: np.ndarray  # the same numbers, SCAN to a row, zeros at the end
    slope_blocks: np.ndarray
    barred: np.ndarray  # sources that cannot join: excluded, in the support or dependent on it
    n_barred: np.ndarray  # one number


@kernel
def _combine_rows(moment, rows, weights, k, out):
    """out = sum_i weights[i] * moment[rows[i]] over i < k, four rows at a time."""
    n, last = len(moment), k - 1
    for j in range(n):
        out[j] = 0.0
    for i in range(0, k, 4):
        # Beyond the last row: that row again, with weight zero.
        r0, r1, r2, r3 = (
            rows[i],
            rows[min(i + 1, last)],
            rows[min(i + 2, last)],
            rows[min(i + 3, last)],
        )
        w0 = weights[i]
        w1 = weights[i + 1] if i + 1 < k else 0.0
        w2 = weights[i + 2] if i + 2 < k else 0.0
        w3 = weights[i + 3] if i + 3 < k else 0.0
        for j in range(n):
            out[j] += (
                w0 * moment[r0, j] + w1 * moment[r1, j] + w2 * moment[r2, j] + w3 * moment[r3, j]
            )


@kernel
def empty_lines(n):
    """Room for n sources."""
    blocks = (n + SCAN - 1) // SCAN
    c, slope = np.zeros((blocks, SCAN)), np.zeros((blocks, SCAN))
    none = np.empty(0)
    return Lines(
        none, c.ravel(), slope.ravel(), c, slope, np.empty(n + 1, np.int64), np.zeros(1, np.int64)
    )


@inlined
def bar(lines, source):
    """Take a source out of the search."""
    lines.barred[lines.n_barred[0]] = source
    lines.n_barred[0] += 1
    lines.c[source] = 0.0
    lines.slope[source] = 0.0


@inlined
def refresh(lines, moment, support, excluded):
    """Compute c from its definition; dependent sources get another chance."""
    g, c, slope, k = lines.g, lines.c, lines.slope, support.size[0]
    _combine_rows(moment, support.members, support.beta, k, slope)
    for j in range(len(g)):
        c[j] = g[j] - slope[j]
    lines.n_barred[0] = 0
    if excluded >= 0:
        bar(lines, excluded)
    for i in range(k):
        bar(lines, support.members[i])


@inlined
def turn(lines, moment, support):
    """Take the direction of the present support; its slope at the support must be the signs."""
    members, slope = support.members, lines.slope
    _combine_rows(moment, members, support.direction, support.size[0], slope)
    error = 0.0
    for i in range(support.size[0]):
        error = max(error, abs(slope[members[i]] - support.signs[i]))
    if error > DRIFT:
        aim(support)
        _combine_rows(moment, members, support.direction, support.size[0], slope)
    for i in range(lines.n_barred[0]):
        slope[lines.barred[i]] = 0.0


@inlined
def advance(lines, support, step):
    """Let mu fall by `step` along the segment."""
    c, slope = lines.c, lines.slope
    for j in range(len(c)):
        c[j] -= step * slope[j]
    for i in range(support.size[0]):
        support.beta[i] += step * support.direction[i]
