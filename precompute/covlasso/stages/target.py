"""A target's path in stages: few events among few sources, then a proof that all others kept out of it.

A stage that the proof fails for is followed anew with the violators in its working set. If that cannot
hold them, stages give up, and the whole path is followed on all sources, where nothing is left to
prove: so there is always an end.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import inlined, kernel, maker
from precompute.covlasso.correlations import refresh
from precompute.covlasso.events import OUT_OF_ROOM, UNDERWAY, Course, follow_events
from precompute.covlasso.knot_buffer import record
from precompute.covlasso.stages.clearing import clear
from precompute.covlasso.stages.coarse import RANGE
from precompute.covlasso.stages.selection import (
    admit_listed,
    choose_threshold,
    empty,
    list_above,
)
from precompute.covlasso.support import aim, rebuild
from precompute.covlasso.working_set import fetch, sharpen

# Longer stages save sweeps and cost suspects and stages that fail.
EVENTS = 5
# Sources in a working set besides the support: as many as chosen, as many as it may grow to before it is
# made anew, and as many as there is room for.
CANDIDATES, MOST_CANDIDATES, ROOM = 48, 64, 128


class Start(NamedTuple):
    """The support at the start of a stage."""

    size: np.ndarray  # one number
    sources: np.ndarray
    signs: np.ndarray
    beta: np.ndarray


@maker
def empty_start(max_parents):
    """Room for a support."""
    slots = max_parents + 1
    return Start(np.zeros(1, np.int64), np.zeros(slots, np.int64), np.zeros(slots), np.zeros(slots))


@kernel
def begin(stage, coarse, g, power, excluded):
    """Prepare the first stage of a target; False if float32 does not reach so far."""
    largest = np.float32(0.0)
    for j in range(len(g)):
        stage.g[j] = g[j] * coarse.scale
    if excluded >= 0:
        stage.g[excluded] = 0.0
    for j in range(len(stage.g)):
        stage.c_start[j] = stage.g[j]
        largest = max(largest, abs(stage.g[j]))
    scaled = power * coarse.scale
    return largest > 0.0 and 1.0 / RANGE < scaled < RANGE, largest


@inlined
def choose(stage, start, support, working, correlations, coarse, g, threshold):
    """Add the sources whose |c| is above the threshold to the working set, or make it anew from them and
    the support; False if it cannot hold them."""
    if working.size[0] > start.size[0] + MOST_CANDIDATES:
        empty(stage, working)
        for i in range(start.size[0]):
            stage.listed[i] = start.sources[i]
        admit_listed(stage, working, correlations, coarse, g, start.size[0])
        for i in range(start.size[0]):
            support.members[i] = i
        for i in range(start.size[0]):
            fetch(working, i)
            sharpen(working, support.members, support.gram[i], i)
    n_listed = list_above(stage, working, threshold)
    return admit_listed(stage, working, correlations, coarse, g, n_listed)


@inlined
def restore(stage, start, support, working, g):
    """The support as it was at the start of the stage."""
    k = start.size[0]
    support.size[0] = k
    for i in range(k):
        support.members[i] = stage.slot_of[start.sources[i]]
        support.signs[i] = start.signs[i]
        support.beta[i] = start.beta[i]
        support.correlations[i] = g[start.sources[i]]
        for j in range(i + 1):
            entry = working.moment[start.sources[i], start.sources[j]]
            support.gram[i, j] = support.gram[j, i] = entry
        sharpen(working, support.members, support.gram[i], i)
    rebuild(support)
    aim(support)


@inlined
def proceed(stage, start, support, working):
    """What ended a stage starts the next."""
    c_start, c_end = stage.c_start, stage.c_end
    for j in range(len(c_end)):
        c_start[j] = c_end[j]
    start.size[0] = support.size[0]
    for i in range(support.size[0]):
        start.sources[i] = working.names[support.members[i]]
        start.signs[i] = support.signs[i]
        start.beta[i] = support.beta[i]


@kernel
def follow_in_stages(
    g, power, excluded, max_parents, min_lambda_ratio, coarse, stage, start,
    working, correlations, support, buffer,
):  # fmt: skip
    """Write the path of a target into the buffer; return how it ended, UNDERWAY if stages gave up."""
    first = buffer.n_knots[0]
    fit, top = begin(stage, coarse, g, power, excluded)
    if not fit:
        return UNDERWAY
    empty(stage, working)
    support.size[0] = start.size[0] = 0
    course = Course(first, power, 0.0, 0.0, max_parents)
    threshold = np.float32(0.5) * top
    mu, waited, n_violators = 0.0, np.int64(0), np.int64(0)
    while True:
        if n_violators > 0:
            held = admit_listed(stage, working, correlations, coarse, g, n_violators)
        else:
            wanted = support.size[0] + CANDIDATES
            threshold = choose_threshold(stage.c_start, wanted, threshold, top)
            held = choose(stage, start, support, working, correlations, coarse, g, threshold)
        if not held:
            return UNDERWAY
        if n_violators > 0:
            restore(stage, start, support, working, g)
        for i in range(support.size[0]):
            fetch(working, support.members[i])
        refresh(correlations, working, support, np.int64(-1))
        if mu == 0.0:
            for slot in range(working.size[0]):
                mu = max(mu, abs(correlations.c[slot]))
            course = Course(first, power, mu, min_lambda_ratio * mu, max_parents)
        n_knots = buffer.n_knots[0]
        if n_violators > 0 and n_knots > first + 1:
            # The stage that failed may have written over the knot where it began.
            record(buffer, first, 2.0 * mu, support, working.names, np.int64(-1))
        status, new_mu, new_waited = follow_events(
            course, np.int64(-1), working, correlations, support, buffer, mu, waited,
            np.int64(EVENTS),
        )  # fmt: skip
        if status == OUT_OF_ROOM:
            return status
        if buffer.n_knots[0] == first:
            return UNDERWAY
        n_violators = clear(
            stage, start, working, correlations.deviation, buffer, coarse, g, power, excluded,
            course.mu_max, max(n_knots - 1, first),
        )  # fmt: skip
        if n_violators > 0:
            buffer.n_knots[0] = n_knots
            continue
        if status != UNDERWAY:
            return status
        threshold = threshold * np.float32(new_mu / mu)
        mu, waited = new_mu, new_waited
        top = np.float32(4.0 * mu * coarse.scale)
        proceed(stage, start, support, working)
