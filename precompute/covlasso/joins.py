"""Which source joins next, and when (numba).

Where M is read from its float32 copy, c and its slope are known to within a bound, and so is the step after
which |c_j| meets mu. Whoever may be the first by that is looked up in M itself: as a rule, one source.
"""

import numpy as np

from precompute.covlasso.compiled import inlined, reduction
from precompute.covlasso.correlations import SCAN, hide
from precompute.covlasso.thresholds import STILL


@reduction
def _least(steps):
    """The least of SCAN numbers."""
    least = steps[0]
    for j in range(SCAN):
        least = min(least, steps[j])
    return least


@inlined
def _likeliest(correlations, size, mu, step, tie):
    """Slot whose |c| may meet mu first and within `step`, by c and slope as they are known; -1 for none.

    |c_j| - mu is convex in the step: a source can join within `step` only if it is above zero there.
    """
    slot, steps = -1, correlations.steps
    c_blur, slope_blur = correlations.blur[0], correlations.blur[1]
    c, slope, doubt = correlations.c_blocks, correlations.slope_blocks, correlations.doubt_blocks
    for block in range((size + SCAN - 1) // SCAN):
        limit, blur = mu - step, c_blur + step * slope_blur
        beyond = 0
        for j in range(SCAN):
            ahead = abs(c[block, j] - step * slope[block, j]) + blur * doubt[block, j]
            beyond += ahead > limit
        if beyond == 0:
            continue
        for j in range(SCAN):
            left, speed = mu - c_blur * doubt[block, j], 1.0 + slope_blur * doubt[block, j]
            up, down = speed - slope[block, j], speed + slope[block, j]
            h_up = (left - c[block, j]) / up
            h_down = (left + c[block, j]) / down
            h_up = h_up if up > STILL else np.inf
            h_down = h_down if down > STILL else np.inf
            h = min(h_up, h_down)
            steps[j] = h if h > tie else 0.0
        least = _least(steps)
        if least < step or (slot < 0 and least == step):
            slot, step = block * SCAN, least
            while steps[slot - block * SCAN] > least:
                slot += 1
    return slot


@inlined
def _look_up(correlations, working, support, slot):
    """c of a source and its slope, from M itself."""
    if working.exact:
        return correlations.c[slot], correlations.slope[slot]
    c, slope = correlations.g[slot], 0.0
    row = working.moment[working.names[slot]]
    for i in range(support.size[0]):
        entry = row[working.names[support.members[i]]]
        c -= entry * support.beta[i]
        slope += entry * support.direction[i]
    return c, slope


@inlined
def first_join(correlations, working, support, mu, step, tie):
    """Slot whose |c| meets mu first, and after which step; slot -1 if none in `step`.

    Of equals the lowest source. Whoever may be the first is looked up.
    """
    joining, n_aside = -1, 0
    while True:
        slot = _likeliest(correlations, working.size[0], mu, step, tie)
        if slot < 0:
            break
        c, slope = _look_up(correlations, working, support, slot)
        hide(correlations, slot)
        correlations.aside[n_aside] = slot
        correlations.looked_up[n_aside, 0] = c
        correlations.looked_up[n_aside, 1] = slope
        n_aside += 1
        h = np.inf
        if 1.0 - slope > STILL:
            h = min(h, (mu - c) / (1.0 - slope))
        if 1.0 + slope > STILL:
            h = min(h, (mu + c) / (1.0 + slope))
        if h <= tie:
            h = 0.0
        if h < step or (
            joining >= 0 and h == step and working.names[slot] < working.names[joining]
        ):
            joining, step = slot, h
    for i in range(n_aside):
        slot = correlations.aside[i]
        correlations.c[slot] = correlations.looked_up[i, 0]
        correlations.slope[slot] = correlations.looked_up[i, 1]
        correlations.doubt[slot] = correlations.deviation[slot]
    return joining, step
