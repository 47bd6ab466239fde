"""Following a path from event to event among the sources of a working set (numba, float64).

For one target with second moment M of the sources and g = E[source * target], the CovLasso is
`min 1/2 b'Mb - g'b + mu*|b|_1` with mu = lambda / 2. With c = g - Mb, optimality says c_j = s_j*mu on
the support A (s the signs of b) and |c_j| <= mu elsewhere. While mu falls by h, b moves by h*q with
q = M_AA^-1 s, and c by -h*Mq: straight lines, until a source joins (|c_j| meets mu) or drops (b_j
meets zero). Osborne, Presnell & Turlach (2000); Efron et al., Least Angle Regression (2004).
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import inlined, kernel
from precompute.covlasso.correlations import advance, bar, refresh, turn
from precompute.covlasso.joins import first_join
from precompute.covlasso.knot_buffer import record
from precompute.covlasso.support import (
    TOLERANCE,
    accept,
    aim,
    propose,
    remove,
    settle,
    wrong_sign,
)
from precompute.covlasso.thresholds import (
    MAX_PARENTS,
    MIN_LAMBDA,
    NO_CORRELATION,
    PATIENCE,
    STALE,
    STALLED,
    STILL,
    TIE,
    WRONG_SIGN,
)

OUT_OF_ROOM, UNDERWAY = -1, -2
UNLIMITED = 1 << 60
# What rounding may do to the equations of the support in one event, as a part of mu_max.
ROUNDING = 1e-15


@inlined
def _first_drop(support, working, step, tie):
    """Place whose coefficient meets zero first, and after which step; place -1 if none in `step`."""
    place, fastest = -1, 0.0
    for i in range(support.size[0]):
        fastest = max(fastest, abs(support.direction[i]))
    for i in range(support.size[0]):
        speed = support.direction[i] * support.signs[i]
        # Only what shrinks can meet zero; the rest would give a step that is negative or infinite.
        if speed < -STILL * fastest:
            h = -support.beta[i] * support.signs[i] / speed
            if h <= tie:
                h = 0.0
            if h < step or (
                place >= 0
                and h == step
                and working.names[support.members[i]] < working.names[support.members[place]]
            ):
                place, step = i, h
    return place, step


@inlined
def _next_event(correlations, working, support, mu, step, tie):
    """What happens first within `step`: (step, joining slot or -1, its pivot, dropping place or -1).

    Of simultaneous events that of the lowest source comes first (Murty's rule: it cannot cycle).
    """
    place, step = _first_drop(support, working, step, tie)
    while True:
        # Beyond the drop by more than a tie: else no source could be found that joins together with it.
        reach = max(step, 2.0 * tie)
        slot, h = first_join(correlations, working, support, mu, reach, tie)
        if (
            slot < 0
            or h > step
            or (
                h == step
                and place >= 0
                and working.names[support.members[place]] < working.names[slot]
            )
        ):
            return step, -1, 0.0, place
        pivot = propose(support, working, slot)
        if pivot > 0.0:
            return h, slot, pivot, -1
        # It cannot join this support; `refresh` lets it try again after a drop.
        bar(correlations, slot)


@inlined
def _make_exact(correlations, working, support, excluded, mu, mu_max, power, place):
    """Drop the source at `place` (-1: none) and any wrong sign, and solve for beta at mu.

    Returns whether a source dropped.
    """
    dropped = stale = False
    # Each pass takes one source out of the support, so there are at most as many as it has.
    while True:
        if place >= 0:
            remove(support, place)
            dropped = True
        error = settle(support, mu, TOLERANCE * mu_max)
        stale = stale or error > STALE * mu
        place = wrong_sign(support, mu, WRONG_SIGN * power)
        if place < 0:
            break
    if dropped:
        aim(support)
    if dropped or stale:
        refresh(correlations, working, support, excluded)
    return dropped


class Course(NamedTuple):
    """How a target's path is to go."""

    first: int  # its first knot in the buffer
    power: float  # E[target^2]
    mu_max: float
    mu_min: float
    max_parents: int


@kernel
def follow_events(course, excluded, working, correlations, support, buffer, mu, waited, n_events):
    """Follow the path from `mu` for so many events and write their knots into the buffer.

    Returns (how it ended, or UNDERWAY; mu; zero-length steps in a row so far, which `waited` counts).
    """
    tie = TIE * course.mu_max
    # How far the equations of the support may be from solved: at first, who knows.
    drift = np.inf
    for _ in range(n_events):
        error = turn(correlations, working, support)
        step, slot, pivot, place = _next_event(
            correlations, working, support, mu, mu - course.mu_min, tie
        )
        waited = waited + 1 if step == 0.0 else 0
        ended = slot < 0 and place < 0
        mu = course.mu_min if ended else mu - step
        advance(correlations, working, support, step)
        sign = 1.0 if slot >= 0 and correlations.c[slot] > 0.0 else -1.0
        drift += error * step + ROUNDING * course.mu_max
        dropped = False
        if place >= 0 or drift > TOLERANCE * course.mu_max:
            dropped = _make_exact(
                correlations, working, support, excluded, mu, course.mu_max, course.power, place
            )
            drift = 0.0
        joining = np.int64(working.names[slot]) if slot >= 0 else -1
        if not record(buffer, course.first, 2.0 * mu, support, working.names, joining):
            return OUT_OF_ROOM, mu, waited
        if ended:
            return MIN_LAMBDA, mu, waited
        if slot >= 0 and support.size[0] == course.max_parents:
            return MAX_PARENTS, mu, waited
        if waited > PATIENCE * course.max_parents:
            return STALLED, mu, waited
        if slot >= 0 and not dropped:
            accept(support, working, pivot, sign, correlations.g[slot])
            bar(correlations, slot)
    return UNDERWAY, mu, waited


@kernel
def follow_on_all(
    power, excluded, max_parents, min_lambda_ratio, working, correlations, support, buffer
):  # fmt: skip
    """Write the path of the target whose g is in `correlations` into the buffer, on a working set of all
    sources; return how it ended."""
    support.size[0] = 0
    refresh(correlations, working, support, excluded)
    mu = 0.0
    for j in range(working.size[0]):
        mu = max(mu, abs(correlations.c[j]))
    if mu == 0.0:
        return NO_CORRELATION
    course = Course(buffer.n_knots[0], power, mu, min_lambda_ratio * mu, max_parents)
    waited, n_events = np.int64(0), np.int64(UNLIMITED)
    return follow_events(
        course, excluded, working, correlations, support, buffer, mu, waited, n_events
    )[0]
