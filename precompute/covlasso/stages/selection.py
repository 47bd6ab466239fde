"""Which sources come into the working set (numba)."""

import numpy as np

from precompute.covlasso.compiled import kernel, padded, reduction
from precompute.covlasso.stages.stage import list_flagged

# A set may have so many sources more or fewer than asked for: another count costs more.
SLACK = 16


@reduction
def count_above(c, threshold):
    """How many |c| are above the threshold (counted in float32: it vectorises, up to 2^24)."""
    count = np.float32(0.0)
    for j in range(len(c)):
        count += np.float32(1.0) if abs(c[j]) > threshold else np.float32(0.0)
    return count


@kernel
def choose_threshold(c, wanted, guess, most):
    """A threshold that about `wanted` |c| are above; `most` is one that no more than these are above.

    Found by bisection from a guess: sorting would take longer than the stage.
    """
    low, high, threshold = np.float32(0.0), most, guess
    for _ in range(16):
        count = count_above(c, threshold)
        if count > wanted + SLACK:
            low = threshold
        elif count < wanted - SLACK:
            high = threshold
        else:
            return threshold
        threshold = np.float32(0.5) * (low + high)
    return high


@kernel
def empty(stage, working):
    """Let all sources leave the set."""
    for slot in range(working.size[0]):
        stage.slot_of[working.names[slot]] = -1
        working.fetched[slot] = 0
    working.size[0] = 0


@kernel
def admit_listed(stage, working, correlations, coarse, g, n_listed):
    """Let the first so many listed sources into the set; False if it cannot hold them."""
    size, unit = working.size[0], 1.0 / np.sqrt(coarse.scale)
    for i in range(n_listed):
        source = stage.listed[i]
        if stage.slot_of[source] < 0:
            if size == len(working.names):
                working.size[0] = size
                return False
            stage.slot_of[source] = size
            working.names[size] = source
            correlations.deviation[size] = coarse.deviation[source] * unit
            correlations.g[size] = g[source]
            size += 1
    working.size[0] = size
    working.width[0] = padded(size)
    return True


@kernel
def list_above(stage, working, threshold):
    """List other sources whose |c| is above the threshold at the start of the stage; return how many."""
    c, flags = stage.c_start, stage.flags
    for j in range(len(c)):
        flags[j] = abs(c[j]) > threshold
    for slot in range(working.size[0]):
        flags[working.names[slot]] = 0
    return list_flagged(stage)
