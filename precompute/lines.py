"""What moves along a segment of the path, for all sources: c = g - Mb and its slope (numba).

Nearly all the work is here: one sum of k rows of M for each event.
"""

from typing import NamedTuple

import numpy as np

from precompute.support import aim, kernel

STRIP = 1024  # columns of M combined at a time: they stay in the first-level cache


class Lines(NamedTuple):
    """What moves along a segment, for all n sources: c = g - Mb, and its slope Mq."""

    g: np.ndarray
    c: np.ndarray
    slope: np.ndarray
    barred: np.ndarray  # sources that cannot join: excluded, in the support or dependent on it
    n_barred: np.ndarray  # one number


@kernel
def _combine_rows(moment, rows, weights, k, out):
    """out = sum_i weights[i] * moment[rows[i]] over i < k, four rows at a time."""
    for start in range(0, len(out), STRIP):
        strip = slice(start, start + STRIP)
        total = out[strip]
        total[:] = 0.0
        i = 0
        while i + 4 <= k:
            row0, w0 = moment[rows[i], strip], weights[i]
            row1, w1 = moment[rows[i + 1], strip], weights[i + 1]
            row2, w2 = moment[rows[i + 2], strip], weights[i + 2]
            row3, w3 = moment[rows[i + 3], strip], weights[i + 3]
            for j in range(len(total)):
                total[j] += w0 * row0[j] + w1 * row1[j] + w2 * row2[j] + w3 * row3[j]
            i += 4
        while i < k:
            row0, w0 = moment[rows[i], strip], weights[i]
            for j in range(len(total)):
                total[j] += w0 * row0[j]
            i += 1


@kernel
def bar(lines, source):
    """Take a source out of the search."""
    lines.barred[lines.n_barred[0]] = source
    lines.n_barred[0] += 1
    lines.c[source] = 0.0
    lines.slope[source] = 0.0


@kernel
def refresh(lines, moment, support, excluded):
    """Compute c from its definition; dependent sources get another chance."""
    g, c, slope, k = lines.g, lines.c, lines.slope, support.size[0]
    _combine_rows(moment, support.members, support.beta, k, slope)
    for j in range(len(c)):
        c[j] = g[j] - slope[j]
    lines.n_barred[0] = 0
    if excluded >= 0:
        bar(lines, excluded)
    for i in range(k):
        bar(lines, support.members[i])


@kernel
def turn(lines, moment, support):
    """Take the direction of the present support."""
    aim(support)
    _combine_rows(moment, support.members, support.direction, support.size[0], lines.slope)
    for i in range(lines.n_barred[0]):
        lines.slope[lines.barred[i]] = 0.0


@kernel
def advance(lines, support, step):
    """Let mu fall by `step` along the segment."""
    c, slope = lines.c, lines.slope
    for j in range(len(c)):
        c[j] -= step * slope[j]
    for i in range(support.size[0]):
        support.beta[i] += step * support.direction[i]
