"""The sources that a stage of the path is followed on, and the second moments between them (numba).

Few sources of many ever come near |c_j| = mu in a few knots. Among them alone an event costs as little as
in a small network; `precompute.covlasso.stages.clearing` then proves that no other source had a part in it.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import kernel, maker, padded


class WorkingSet(NamedTuple):
    """Slots 0..size-1 hold sources, in the order in which they came."""

    moment: np.ndarray  # M between all sources
    rounded: np.ndarray  # (n, n or more) float32, M / unit
    unit: float
    exact: bool  # whether rows are M itself
    size: np.ndarray  # one number
    width: np.ndarray  # of the rows: one number, the size or a few zeros more, for vectorised loops
    names: (
        np.ndarray
    )  # the source of each slot, unsigned: numba lets signed indices count from the end
    rows: np.ndarray  # M between the slots: exact within the support, rounded elsewhere
    fetched: np.ndarray  # how many columns of each row are at hand


@maker
def everything(moment, rounded):
    """All sources: every row is at hand, and exact."""
    n = len(moment)
    size, names = np.full(1, n), np.arange(n).astype(np.uint32)
    return WorkingSet(moment, rounded, 1.0, True, size, size, names, moment, np.full(n, n))


@maker
def empty_set(moment, rounded, unit, capacity):
    """Room for `capacity` sources."""
    slots = padded(capacity)
    return WorkingSet(
        moment,
        rounded,
        unit,
        False,
        np.zeros(1, np.int64),
        np.zeros(1, np.int64),
        np.zeros(slots, np.uint32),
        np.zeros((slots, slots)),
        np.zeros(slots, np.int64),
    )


@kernel
def fetch(working, slot):
    """See to it that the row of a slot is at hand.

    It is read from the float32 copy, as c of all sources will be: reading M too would take twice as long.
    """
    size = working.size[0]
    row, entries = working.rows[slot], working.rounded[working.names[slot]]
    for j in range(working.fetched[slot], size):
        row[j] = entries[working.names[j]] * working.unit
    for j in range(size, working.width[0]):
        row[j] = 0.0
    working.fetched[slot] = size


@kernel
def sharpen(working, members, row, place):
    """Make the rows exact between the member of the support at a place and those before it, by its `row` of
    the support's Gram block."""
    slot = members[place]
    for i in range(place + 1):
        working.rows[slot, members[i]] = working.rows[members[i], slot] = row[i]
