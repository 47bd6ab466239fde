"""The sources that a stage of the path is followed on, and the second moments between them (numba).

Few sources of many ever come near |c_j| = mu in a few knots. Among them alone an event costs as little as
in a small network; `precompute.covlasso.stages.clearing` then proves that no other source had a part in it.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import kernel, maker, padded

# Sources that are looked over by one count, without a branch for each.
GLANCE = 32
# A set may have so many sources more or fewer than asked for: another count costs more.
SLACK = 16


class WorkingSet(NamedTuple):
    """Slots 0..size-1 hold sources in ascending order: of two slots the lower has the lower source."""

    moment: np.ndarray  # M between all sources
    size: np.ndarray  # one number
    width: np.ndarray  # of the rows: one number, the size or a few zeros more, for vectorised loops
    names: np.ndarray  # the source of each slot
    rows: np.ndarray  # M between the slots: a row is good once it is fetched
    fetched: np.ndarray  # which rows are


@maker
def everything(moment):
    """All sources: every row is at hand."""
    n = len(moment)
    return WorkingSet(
        moment, np.full(1, n), np.full(1, n), np.arange(n), moment, np.ones(n, np.bool_)
    )


@maker
def empty_set(moment, capacity):
    """Room for `capacity` sources."""
    slots = padded(capacity)
    return WorkingSet(
        moment,
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
        np.zeros(slots + 1, np.int64),  # one more, as `select` writes before it knows
        np.zeros((slots, slots)),
        np.zeros(slots, np.bool_),
    )


@kernel
def fetch(working, slot):
    """See to it that the row of a slot is good."""
    if not working.fetched[slot]:
        source, size = working.names[slot], working.size[0]
        for j in range(size):
            working.rows[slot, j] = working.moment[source, working.names[j]]
        for j in range(size, working.width[0]):
            working.rows[slot, j] = 0.0
        working.fetched[slot] = True


@kernel
def count_above(score, start, end, threshold):
    """How many scores from `start` to `end` are above the threshold."""
    count = 0
    for j in range(start, end):
        count += score[j] > threshold
    return count


@kernel
def choose_threshold(score, wanted, guess, most):
    """A threshold that about `wanted` scores are above; `most` is one that no more than these are above.

    Found by bisection from a guess: sorting would take longer than the stage.
    """
    low, high, threshold = np.float32(0.0), most, guess
    for _ in range(16):
        count = count_above(score, 0, len(score), threshold)
        if count > wanted + SLACK:
            low = threshold
        elif count < wanted - SLACK:
            high = threshold
        else:
            return threshold
        threshold = np.float32(0.5) * (low + high)
    return high


@kernel
def select(working, slot_of, score, threshold):
    """Fill the set with the sources whose score is above the threshold; False if it cannot hold them."""
    for i in range(working.size[0]):
        slot_of[working.names[i]] = -1
        working.fetched[i] = False
    working.size[0] = 0
    if count_above(score, 0, len(score), threshold) > len(working.rows):
        return False
    size = 0
    for start in range(0, len(score), GLANCE):
        if count_above(score, start, start + GLANCE, threshold) > 0:
            for j in range(start, start + GLANCE):
                # Without a branch: which sources are chosen nobody can foretell.
                working.names[size] = j
                size += score[j] > threshold
    for slot in range(size):
        slot_of[working.names[slot]] = slot
    working.size[0] = size
    working.width[0] = padded(size)
    return True
