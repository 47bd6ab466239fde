"""The exact CovLasso path of one target after another, by following its events (numba, float64).

For one target with second moment M of the sources and g = E[source * target], the CovLasso is
`min 1/2 b'Mb - g'b + mu*|b|_1` with mu = lambda / 2. With c = g - Mb, optimality says c_j = s_j*mu on
the support A (s the signs of b) and |c_j| <= mu elsewhere. While mu falls by h, b moves by h*q with
q = M_AA^-1 s, and c by -h*Mq: straight lines, until a source joins (|c_j| meets mu) or drops (b_j
meets zero). Osborne, Presnell & Turlach (2000); Efron et al., Least Angle Regression (2004).
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from precompute.support import accept, aim, correct, empty_support, propose, remove

MAX_PARENTS, MIN_LAMBDA, NO_CORRELATION, STALLED = range(4)
OUT_OF_ROOM = -1

BLOCK = 1024
SCAN = 64

# A source that dropped may not come back within this part of mu: there, rounding alone decides.
REJOIN_GAP = 1e-12
# Equations are solved to this part of mu_max.
TOLERANCE = 1e-14
# A wrong sign is rounding where it costs less than this part of E[target^2], and a drop otherwise.
WRONG_SIGN = 1e-15
# A correction of beta beyond this part of its largest entry makes c stale.
STALE = 1e-12


class Events(NamedTuple):
    """Knots in falling lambda, and the end of each knot's range in sources and coefs."""

    lambdas: np.ndarray
    knot_ends: np.ndarray
    sources: np.ndarray
    coefs: np.ndarray


class Lines(NamedTuple):
    """What moves for all n sources along a segment: c and its slope Mq; 0 where barred."""

    c: np.ndarray
    slope: np.ndarray
    aside: np.ndarray
    dropped_at: np.ndarray


@njit(cache=True, nogil=True, fastmath={"contract"})
def _combine_rows(moment, rows, weights, k, out):
    """out = sum_i weights[i] * moment[rows[i]], four rows at a time."""
    n = len(out)
    for start in range(0, n, BLOCK):
        part = slice(start, min(start + BLOCK, n))
        total = out[part]
        total[:] = 0.0
        i = 0
        while i + 4 <= k:
            row0, w0 = moment[rows[i], part], weights[i]
            row1, w1 = moment[rows[i + 1], part], weights[i + 1]
            row2, w2 = moment[rows[i + 2], part], weights[i + 2]
            row3, w3 = moment[rows[i + 3], part], weights[i + 3]
            for j in range(len(total)):
                total[j] += w0 * row0[j] + w1 * row1[j] + w2 * row2[j] + w3 * row3[j]
            i += 4
        while i < k:
            row0, w0 = moment[rows[i], part], weights[i]
            for j in range(len(total)):
                total[j] += w0 * row0[j]
            i += 1


@njit(cache=True, nogil=True)
def _bar(x, support, k, aside, n_aside, excluded):
    """Zero x at the support, the sources set aside and the excluded one: they cannot join."""
    for i in range(k):
        x[support.members[i]] = 0.0
    for i in range(n_aside):
        x[aside[i]] = 0.0
    if excluded >= 0:
        x[excluded] = 0.0


@njit(cache=True, nogil=True)
def _first_drop(support, k, step):
    """Slot whose coefficient meets zero first and the step that takes; slot -1 if none in `step`."""
    slot = -1
    for i in range(k):
        speed = support.direction[i]
        if speed * support.signs[i] < 0.0:
            h = max(-support.beta[i] / speed, 0.0)
            if h < step:
                step, slot = h, i
    return slot, step


@njit(cache=True, nogil=True, fastmath={"contract"})
def _first_join(lines, mu, step):
    """Source whose |c| meets mu first and the step that takes; source -1 if none in `step`."""
    source = -1
    for start in range(0, len(lines.c), SCAN):
        part = slice(start, start + SCAN)
        c, slope = lines.c[part], lines.slope[part]
        limit = mu - step
        beyond = 0
        for j in range(len(c)):
            beyond += abs(c[j] - step * slope[j]) > limit
        if beyond > 0:
            for j in range(len(c)):
                if abs(c[j] - step * slope[j]) <= mu - step:
                    continue
                side = 1.0 if c[j] > step * slope[j] else -1.0
                h = max((mu - side * c[j]) / (1.0 - side * slope[j]), 0.0)
                if h < step and mu - h < (1.0 - REJOIN_GAP) * lines.dropped_at[start + j]:
                    step, source = h, start + j
    return source, step


@njit(cache=True, nogil=True)
def _settle(support, k, mu, tolerance, allowance):
    """Make beta exact at mu; return the largest change and the slot of the worst wrong sign or -1."""
    change = correct(support, k, mu, tolerance)
    slot = -1
    for i in range(k):
        cost = -support.beta[i] * support.signs[i] * mu
        if cost > allowance:
            allowance, slot = cost, i
    return change, slot


@njit(cache=True, nogil=True)
def _record(events, n_knots, n_entries, lam, support, k):
    """Write the non-zeros at lam; return the new number of entries, or OUT_OF_ROOM."""
    if n_knots >= len(events.lambdas) or n_entries + k > len(events.sources):
        return OUT_OF_ROOM
    for i in range(k):
        if support.beta[i] * support.signs[i] > 0.0:
            events.sources[n_entries] = support.members[i]
            events.coefs[n_entries] = support.beta[i]
            n_entries += 1
    events.lambdas[n_knots] = lam
    events.knot_ends[n_knots] = n_entries
    return n_entries


@njit(cache=True, nogil=True)
def _follow(moment, g, excluded, power, max_parents, min_ratio, support, lines, events, n_knots):
    c, slope, aside = lines.c, lines.slope, lines.aside
    lines.dropped_at[:] = np.inf
    c[:] = g
    slope[:] = 0.0
    k = n_aside = stalled = 0
    _bar(c, support, k, aside, n_aside, excluded)
    mu_max = np.max(np.abs(c))
    if mu_max == 0.0:
        return n_knots, NO_CORRELATION
    mu, mu_min = mu_max, min_ratio * mu_max
    first = n_knots
    n_entries = events.knot_ends[n_knots - 1] if n_knots > 0 else 0
    turned = False
    while True:
        if turned:
            aim(support, k)
            _combine_rows(moment, support.members, support.direction, k, slope)
            turned = False
        _bar(c, support, k, aside, n_aside, excluded)
        _bar(slope, support, k, aside, n_aside, excluded)
        slot, step = _first_drop(support, k, mu - mu_min)
        source, step = _first_join(lines, mu, step)
        pivot = 0.0
        if source >= 0:
            pivot = propose(support, k, moment, source)
            if pivot == 0.0:
                aside[n_aside] = source
                n_aside += 1
                continue
            slot = -1
        end = source < 0 and slot < 0
        stalled = stalled + 1 if step <= 1e-14 * mu else 0
        mu = mu_min if end else mu - step
        sign = 1.0
        if source >= 0 and c[source] - step * slope[source] < 0.0:
            sign = -1.0
        for i in range(k):
            support.beta[i] += step * support.direction[i]
        for j in range(len(c)):
            c[j] -= step * slope[j]
        fresh = False
        dropped = False
        while True:
            if slot >= 0:
                lines.dropped_at[support.members[slot]] = mu
                remove(support, k, slot)
                k -= 1
                dropped = True
            change, slot = _settle(support, k, mu, TOLERANCE * mu_max, WRONG_SIGN * power)
            fresh = fresh or change > STALE * np.max(np.abs(support.beta[:k + 1]))
            if slot < 0:
                break
        if dropped:
            n_aside = 0
        if dropped or fresh:
            _combine_rows(moment, support.members, support.beta, k, slope)
            c[:] = g - slope
        # record
        if n_knots == first:
            if source >= 0:
                if n_knots >= len(events.lambdas) or n_entries + 1 > len(events.sources):
                    return first, OUT_OF_ROOM
                events.sources[n_entries] = source
                events.coefs[n_entries] = 0.0
                n_entries += 1
                events.lambdas[n_knots] = 2 * mu
                events.knot_ends[n_knots] = n_entries
                n_knots += 1
        else:
            if n_knots - first > 1 and 2 * mu >= events.lambdas[n_knots - 1]:
                n_knots -= 1
                n_entries = events.knot_ends[n_knots - 1]
            if n_knots - first > 1 or 2 * mu < events.lambdas[n_knots - 1]:
                n_entries = _record(events, n_knots, n_entries, 2 * mu, support, k)
                if n_entries < 0:
                    return first, OUT_OF_ROOM
                n_knots += 1
        if end:
            return n_knots, MIN_LAMBDA
        if source >= 0 and k == max_parents:
            return n_knots, MAX_PARENTS
        if stalled > 4 * max_parents + 20:
            return n_knots, STALLED
        if source >= 0 and not dropped:
            accept(support, k, pivot, sign, g[source])
            k += 1
        turned = True


@njit(cache=True, nogil=True)
def solve_targets(moment, rows, targets, excluded, power, max_parents, min_ratio):
    n = moment.shape[0]
    support = empty_support(max_parents)
    lines = Lines(np.empty(n), np.empty(n), np.empty(n, np.int64), np.empty(n))
    knots = (2 * max_parents + 8) * len(targets)
    events = Events(np.empty(knots), np.empty(knots, np.int64), np.empty(knots * max_parents // 2 + max_parents, np.int32), np.empty(knots * max_parents // 2 + max_parents))
    counts = np.zeros(len(targets), np.int64)
    status = np.zeros(len(targets), np.int8)
    n_knots = 0
    for t in range(len(targets)):
        i = targets[t]
        before = n_knots
        while True:
            n_knots, s = _follow(moment, rows[i], excluded[i], power[i], max_parents, min_ratio, support, lines, events, n_knots)
            if s != OUT_OF_ROOM:
                break
            lambdas = np.empty(2 * len(events.lambdas)); lambdas[:n_knots] = events.lambdas[:n_knots]
            ends = np.empty(2 * len(events.lambdas), np.int64); ends[:n_knots] = events.knot_ends[:n_knots]
            m = 2 * len(events.sources)
            e = ends[n_knots - 1] if n_knots > 0 else 0
            sources = np.empty(m, np.int32); sources[:e] = events.sources[:e]
            coefs = np.empty(m); coefs[:e] = events.coefs[:e]
            events = Events(lambdas, ends, sources, coefs)
        counts[t] = n_knots - before
        status[t] = s
    e = events.knot_ends[n_knots - 1] if n_knots > 0 else 0
    return counts, status, events.lambdas[:n_knots].copy(), events.knot_ends[:n_knots].copy(), events.sources[:e].copy(), events.coefs[:e].copy()
