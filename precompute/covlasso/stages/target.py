"""A target's path in stages: few events among few sources, then a proof that all others kept out of it.

A stage that the proof fails for is followed anew with the violators in its working set. If that cannot
hold them, stages give up, and the whole path is followed on all sources, where nothing is left to
prove: so there is always an end.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import inlined, kernel, maker
from precompute.covlasso.correlations import refresh
from precompute.covlasso.events import (
    OUT_OF_ROOM,
    UNDERWAY,
    Course,
    follow_events,
)
from precompute.covlasso.knot_buffer import record
from precompute.covlasso.stages.clearing import FORCED, RANGE, clear
from precompute.covlasso.support import aim, rebuild
from precompute.covlasso.working_set import choose_threshold, fetch, select

# Longer stages save sweeps and cost suspects and stages that fail.
EVENTS = 5
# Sources in a working set besides the support: as many as chosen, and as many as there is room for.
CANDIDATES, MOST_CANDIDATES = 48, 128


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
def begin(stage, start, coarse, g, power, excluded):
    """Prepare the first stage of a target; False if float32 does not reach so far."""
    largest = np.float32(0.0)
    for j in range(len(g)):
        stage.g[j] = g[j] * coarse.scale
    if excluded >= 0:
        stage.g[excluded] = 0.0
    for j in range(len(stage.g)):
        stage.c_start[j] = stage.g[j]
        stage.score[j] = abs(stage.g[j])
        largest = max(largest, stage.score[j])
    start.size[0] = 0
    scaled = power * coarse.scale
    return largest > 0.0 and 1.0 / RANGE < scaled < RANGE, largest


@inlined
def enter(stage, start, support, working, correlations, g):
    """Bring support and correlations into the slots of a new working set."""
    for i in range(working.size[0]):
        correlations.g[i] = g[working.names[i]]
    for i in range(start.size[0]):
        support.members[i] = stage.slot_of[start.sources[i]]
        fetch(working, support.members[i])


@inlined
def restore(start, support, working, g):
    """The support as it was at the start of the stage."""
    k = start.size[0]
    support.size[0] = k
    for i in range(k):
        support.signs[i] = start.signs[i]
        support.beta[i] = start.beta[i]
        support.correlations[i] = g[start.sources[i]]
        for j in range(k):
            support.gram[i, j] = working.rows[support.members[i], support.members[j]]
    rebuild(support)
    aim(support)


@inlined
def proceed(stage, start, support, working):
    """What ended a stage starts the next."""
    c_start, c_end, score = stage.c_start, stage.c_end, stage.score
    for j in range(len(score)):
        score[j] = abs(c_end[j])
        c_start[j] = c_end[j]
    start.size[0] = support.size[0]
    for i in range(support.size[0]):
        start.sources[i] = working.names[support.members[i]]
        start.signs[i] = support.signs[i]
        start.beta[i] = support.beta[i]
        stage.score[start.sources[i]] = FORCED


@kernel
def follow_in_stages(
    g, power, excluded, max_parents, min_lambda_ratio, coarse, stage, start,
    working, correlations, support, buffer,
):  # fmt: skip
    """Write the path of a target into the buffer; return how it ended, UNDERWAY if stages gave up."""
    first = buffer.n_knots[0]
    fit, top = begin(stage, start, coarse, g, power, excluded)
    if not fit:
        return UNDERWAY
    support.size[0] = 0
    course = Course(first, power, 0.0, 0.0, max_parents)
    threshold = np.float32(0.5) * top
    mu, waited, again = 0.0, np.int64(0), False
    while True:
        if not again:
            wanted = support.size[0] + CANDIDATES
            threshold = choose_threshold(stage.score, wanted, threshold, top)
        if not select(working, stage.slot_of, stage.score, threshold):
            return UNDERWAY
        enter(stage, start, support, working, correlations, g)
        if again:
            restore(start, support, working, g)
        refresh(correlations, working, support, np.int64(-1))
        if mu == 0.0:
            for slot in range(working.size[0]):
                mu = max(mu, abs(correlations.c[slot]))
            course = Course(first, power, mu, min_lambda_ratio * mu, max_parents)
        n_knots = buffer.n_knots[0]
        if again and n_knots > first + 1:
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
            stage, start, working, buffer, coarse, g, power, excluded, course.mu_max,
            max(n_knots - 1, first),
        )  # fmt: skip
        again = n_violators > 0
        if again:
            buffer.n_knots[0] = n_knots
            continue
        if status != UNDERWAY:
            return status
        threshold = threshold * np.float32(new_mu / mu)
        mu, waited = new_mu, new_waited
        top = np.float32(4.0 * mu * coarse.scale)
        proceed(stage, start, support, working)
