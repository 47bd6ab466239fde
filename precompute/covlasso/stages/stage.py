"""What is known of a stage: c of all sources at both its ends, and its knots (numba)."""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import inlined, maker, padded
from precompute.covlasso.stages.coarse import GLANCE, WORD


class Stage(NamedTuple):
    """Of all sources (n rounded up to GLANCE,), of the working set's slots, and of knots."""

    g: np.ndarray  # (n,) float32, scale * E[source * target], as are the next two
    c_start: np.ndarray
    c_end: np.ndarray
    slot_of: np.ndarray  # in the working set, -1 for none
    words: np.ndarray  # flags of WORD sources
    flags: np.ndarray  # the same memory, one source each
    listed: np.ndarray  # the sources that a flag was set for
    coefs: np.ndarray  # (knots, slots): the start, then knot after knot
    mu: np.ndarray  # (knots,)
    times: np.ndarray  # (slots,) at how many of the knots there is a coefficient
    involved: np.ndarray  # slots with a coefficient at some knot
    n_involved: np.ndarray  # one number
    sources: np.ndarray  # those with a coefficient at the end
    coarse_coefs: np.ndarray  # and these coefficients
    changing: np.ndarray  # slots with a coefficient at some knots and none at others
    d: np.ndarray
    difference: np.ndarray
    product: np.ndarray
    exact: np.ndarray  # (knots, GLANCE): c of some sources
    column: np.ndarray


@maker
def empty_stage(width, capacity, n_events):
    """Room for a stage of so many events."""
    slots, knots = padded(capacity + 3), n_events + 2
    words = np.zeros(width // WORD, np.int64)
    return Stage(
        np.zeros(width, np.float32),
        np.zeros(width, np.float32),
        np.zeros(width, np.float32),
        np.full(width, -1, np.int32),
        words,
        words.view(np.uint8),
        np.zeros(width + WORD, np.uint32),
        np.zeros((knots, slots)),
        np.zeros(knots),
        np.zeros(slots),
        np.zeros(slots, np.uint32),
        np.zeros(1, np.int64),
        np.zeros(slots, np.uint32),
        np.zeros(slots, np.float32),
        np.zeros(slots, np.uint32),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros(slots),
        np.zeros((knots, GLANCE)),
        np.zeros(GLANCE),
    )


@inlined
def list_flagged(stage):
    """List the sources whose flag is set; return how many there are."""
    n = 0
    for w in range(len(stage.words)):
        if stage.words[w] != 0:
            for j in range(w * WORD, w * WORD + WORD):
                # Without a branch: which are set nobody can foretell.
                stage.listed[n] = j
                n += stage.flags[j]
    return n


@inlined
def read_knots(stage, start, working, buffer, knot):
    """The coefficients of a stage as they were written; returns the row of the last knot."""
    width, coefs, last = working.width[0], stage.coefs, buffer.n_knots[0] - knot
    for row in range(last + 1):
        for slot in range(width):
            coefs[row, slot] = 0.0
    for i in range(start.size[0]):
        coefs[0, stage.slot_of[start.sources[i]]] = start.beta[i]
    stage.mu[0] = buffer.lambdas[knot] / 2.0
    entry = buffer.ends[knot - 1] if knot > 0 else 0
    for row in range(1, last + 1):
        m = knot + row - 1
        stage.mu[row] = buffer.lambdas[m] / 2.0
        for e in range(entry, buffer.ends[m]):
            coefs[row, stage.slot_of[buffer.sources[e]]] = buffer.coefs[e]
        entry = buffer.ends[m]
    return last


@inlined
def sort_out(stage, working, last):
    """List what is involved, changes and is left at the end; return how many change and are left."""
    width, times, coefs = working.width[0], stage.times, stage.coefs
    for slot in range(width):
        times[slot] = 0.0
    for row in range(last + 1):
        for slot in range(width):
            times[slot] += 1.0 if coefs[row, slot] != 0.0 else 0.0
    n_involved = n_changing = n_left = 0
    for slot in range(working.size[0]):
        if times[slot] > 0.0:
            stage.involved[n_involved] = slot
            n_involved += 1
            if times[slot] <= last:
                stage.changing[n_changing] = slot
                n_changing += 1
            if coefs[last, slot] != 0.0:
                stage.sources[n_left] = working.names[slot]
                stage.coarse_coefs[n_left] = coefs[last, slot]
                n_left += 1
    stage.n_involved[0] = n_involved
    return n_changing, n_left
