"""The exact CovLasso path of one target after another, by following its events (numba, float64).

For one target with second moment M of the sources and g = E[source * target], the CovLasso is
`min 1/2 b'Mb - g'b + mu*|b|_1` with mu = lambda / 2. With c = g - Mb, optimality says c_j = s_j*mu on
the support A (s the signs of b) and |c_j| <= mu elsewhere. While mu falls by h, b moves by h*q with
q = M_AA^-1 s, and c by -h*Mq: straight lines, until a source joins (|c_j| meets mu) or drops (b_j
meets zero). Osborne, Presnell & Turlach (2000); Efron et al., Least Angle Regression (2004).
"""

from typing import NamedTuple

import numpy as np

from precompute.support import (
    TOLERANCE,
    accept,
    aim,
    empty_support,
    kernel,
    propose,
    remove,
    settle,
    wrong_sign,
)

MAX_PARENTS, MIN_LAMBDA, NO_CORRELATION, STALLED = range(4)
OUT_OF_ROOM = -1

STRIP = 1024  # columns of M combined at a time: they stay in the first-level cache
SCAN = 64  # sources that are cleared by one count

# Events closer than this part of mu_max are simultaneous: rounding alone would order them.
TIE = 1e-14
# A wrong sign is rounding where it costs less than this part of E[target^2], and a drop otherwise.
WRONG_SIGN = 1e-15
# Equations found wrong by more than this part of mu have left c behind.
STALE = 1e-13
# Zero-length steps in a row, per parent, that no honest tie needs.
PATIENCE = 50


class Lines(NamedTuple):
    """What moves along a segment, for all n sources: c, and its slope Mq."""

    g: np.ndarray
    c: np.ndarray
    slope: np.ndarray
    barred: np.ndarray  # sources that cannot join: excluded, in the support or dependent on it
    n_barred: np.ndarray  # one number


class Tape(NamedTuple):
    """Knots in falling lambda, and for each the end of its range in sources and coefs."""

    n_knots: np.ndarray  # one number
    lambdas: np.ndarray
    knot_ends: np.ndarray
    sources: np.ndarray
    coefs: np.ndarray


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
def _bar(lines, source):
    lines.barred[lines.n_barred[0]] = source
    lines.n_barred[0] += 1
    lines.c[source] = 0.0
    lines.slope[source] = 0.0


@kernel
def _refresh(lines, moment, support, excluded):
    """Compute c from its definition; dependent sources get another chance."""
    k = support.size[0]
    _combine_rows(moment, support.members, support.beta, k, lines.slope)
    for j in range(len(lines.c)):
        lines.c[j] = lines.g[j] - lines.slope[j]
    lines.n_barred[0] = 0
    if excluded >= 0:
        _bar(lines, excluded)
    for i in range(k):
        _bar(lines, support.members[i])


@kernel
def _turn(lines, moment, support):
    """Take the direction of the present support."""
    aim(support)
    _combine_rows(moment, support.members, support.direction, support.size[0], lines.slope)
    for i in range(lines.n_barred[0]):
        lines.slope[lines.barred[i]] = 0.0


@kernel
def _first_drop(support, step, tie):
    """Slot whose coefficient meets zero first, and after which step; slot -1 if none in `step`."""
    slot = -1
    for i in range(support.size[0]):
        speed = support.direction[i] * support.signs[i]
        if speed < 0.0:
            h = -support.beta[i] * support.signs[i] / speed
            if h <= tie:
                h = 0.0
            if h < step or (slot >= 0 and h == step and support.members[i] < support.members[slot]):
                slot, step = i, h
    return slot, step


@kernel
def _first_join(lines, mu, step, tie):
    """Source whose |c| meets mu first, and after which step; source -1 if none in `step`.

    |c_j| - mu is convex in the step: a source can join within `step` only if it is above zero there.
    """
    source = -1
    for start in range(0, len(lines.c), SCAN):
        part = slice(start, start + SCAN)
        c, slope = lines.c[part], lines.slope[part]
        limit = mu - step
        beyond = 0
        for j in range(len(c)):
            beyond += abs(c[j] - step * slope[j]) > limit
        if beyond == 0:
            continue
        for j in range(len(c)):
            side = 1.0 if c[j] > step * slope[j] else -1.0
            closing = 1.0 - side * slope[j]
            if side * (c[j] - step * slope[j]) > mu - step and closing > 0.0:
                h = (mu - side * c[j]) / closing
                if h <= tie:
                    h = 0.0
                if h < step:
                    source, step = start + j, h
    return source, step


@kernel
def _next_event(lines, moment, support, mu, step, tie):
    """The event that comes first within `step`: (step, joining source or -1, pivot, slot or -1).

    Of simultaneous events the source of lowest index moves (Murty's rule: it cannot cycle).
    """
    slot, step = _first_drop(support, step, tie)
    while True:
        source, h = _first_join(lines, mu, max(step, 2.0 * tie), tie)
        if source < 0 or h > step or (h == step and slot >= 0 and support.members[slot] < source):
            return step, -1, 0.0, slot
        pivot = propose(support, moment, source)
        if pivot > 0.0:
            return h, source, pivot, -1
        _bar(lines, source)


@kernel
def _advance(lines, support, step):
    for i in range(support.size[0]):
        support.beta[i] += step * support.direction[i]
    for j in range(len(lines.c)):
        lines.c[j] -= step * lines.slope[j]


@kernel
def _make_exact(lines, moment, support, excluded, mu, mu_max, power, slot):
    """Drop the source of `slot` (unless -1) and any wrong sign, and solve for beta at mu.

    Returns whether the support changed.
    """
    changed = stale = False
    while True:
        if slot >= 0:
            remove(support, slot)
            changed = True
        error = settle(support, mu, TOLERANCE * mu_max)
        stale = stale or error > STALE * mu
        slot = wrong_sign(support, mu, WRONG_SIGN * power)
        if slot < 0:
            break
    if changed or stale:
        _refresh(lines, moment, support, excluded)
    return changed


@kernel
def _record(tape, first, mu, support, joining):
    """Write the knot at mu; a knot at the same mu is replaced. Returns False if there is no room."""
    k, m = support.size[0], tape.n_knots[0]
    lam = 2.0 * mu
    if m > first and lam >= tape.lambdas[m - 1]:
        if m == first + 1:
            return True
        m -= 1
    end = tape.knot_ends[m - 1] if m > 0 else 0
    if m >= len(tape.lambdas) or end + k + 1 > len(tape.sources):
        return False
    if m == first:
        tape.sources[end], tape.coefs[end] = joining, 0.0
        end += 1
    else:
        for i in range(k):
            if support.beta[i] * support.signs[i] > 0.0:
                tape.sources[end], tape.coefs[end] = support.members[i], support.beta[i]
                end += 1
    tape.lambdas[m], tape.knot_ends[m] = lam, end
    tape.n_knots[0] = m + 1
    return True


@kernel
def _follow(moment, excluded, power, max_parents, min_lambda_ratio, support, lines, tape):
    """Follow the path of the target whose g is in `lines`; return its status."""
    support.size[0] = 0
    _refresh(lines, moment, support, excluded)
    mu_max = np.max(np.abs(lines.c))
    if mu_max == 0.0:
        return NO_CORRELATION
    mu, mu_min, tie = mu_max, min_lambda_ratio * mu_max, TIE * mu_max
    first, waited = tape.n_knots[0], 0
    while True:
        _turn(lines, moment, support)
        step, source, pivot, slot = _next_event(lines, moment, support, mu, mu - mu_min, tie)
        waited = waited + 1 if step == 0.0 else 0
        ended = source < 0 and slot < 0
        mu = mu_min if ended else mu - step
        _advance(lines, support, step)
        sign = 1.0 if source < 0 or lines.c[source] > 0.0 else -1.0
        changed = _make_exact(lines, moment, support, excluded, mu, mu_max, power, slot)
        if not _record(tape, first, mu, support, source):
            return OUT_OF_ROOM
        if ended:
            return MIN_LAMBDA
        if source >= 0 and support.size[0] == max_parents:
            return MAX_PARENTS
        if waited > PATIENCE * max_parents:
            return STALLED
        if source >= 0 and not changed:
            accept(support, pivot, sign, lines.g[source])
            _bar(lines, source)


@kernel
def _empty_tape(n_knots, n_entries):
    return Tape(
        np.zeros(1, np.int64),
        np.empty(n_knots),
        np.empty(n_knots, np.int64),
        np.empty(n_entries, np.int32),
        np.empty(n_entries),
    )


@kernel
def _longer(tape, n_knots):
    """A tape of twice the room with the first n_knots knots of this one."""
    longer = _empty_tape(2 * len(tape.lambdas), 2 * len(tape.sources))
    end = tape.knot_ends[n_knots - 1] if n_knots > 0 else 0
    longer.n_knots[0] = n_knots
    longer.lambdas[:n_knots] = tape.lambdas[:n_knots]
    longer.knot_ends[:n_knots] = tape.knot_ends[:n_knots]
    longer.sources[:end] = tape.sources[:end]
    longer.coefs[:end] = tape.coefs[:end]
    return longer


@kernel
def solve_targets(moment, rows, targets, excluded, power, max_parents, min_lambda_ratio):
    """Paths of some targets: knots and status of each, and the tape they are written on.

    moment (n, n); rows[i], excluded[i], power[i] are g, the barred source (-1: none) and E[target^2] of
    target i. Returns n_knots (len(targets),), status (len(targets),), and the tape's four arrays.
    """
    n = len(moment)
    support = empty_support(max_parents)
    tape = _empty_tape(2 * max_parents * len(targets) + 2, max_parents * max_parents * len(targets) + 2)
    n_knots = np.zeros(len(targets), np.int64)
    status = np.zeros(len(targets), np.int8)
    c, slope, barred, n_barred = np.empty(n), np.empty(n), np.empty(n + 1, np.int64), np.zeros(1, np.int64)
    for t in range(len(targets)):
        i = targets[t]
        before = tape.n_knots[0]
        lines = Lines(rows[i], c, slope, barred, n_barred)
        while True:
            status[t] = _follow(
                moment, excluded[i], power[i], max_parents, min_lambda_ratio, support, lines, tape
            )
            if status[t] != OUT_OF_ROOM:
                break
            tape = _longer(tape, before)
        n_knots[t] = tape.n_knots[0] - before
    m = tape.n_knots[0]
    end = tape.knot_ends[m - 1] if m > 0 else 0
    return n_knots, status, tape.lambdas[:m].copy(), tape.knot_ends[:m].copy(), tape.sources[:end].copy(), tape.coefs[:end].copy()
