"""The inequality that clears all sources outside a working set of a part in a stage of the path (numba).

A stage runs from mu_a to mu_b through knots m, with coefficients b_m of which those outside the working
set are zero. They solve the CovLasso if |c_m,j| <= mu_m at every knot and for every source j outside, where
c_m = g - M b_m: between knots |c_j| - mu is convex. Looked up one by one that would take as long as
the path over all sources. But let f = (mu_a - mu_m) / (mu_a - mu_b), mu_m = (1-f) mu_a + f mu_b, and

    d_m = b_m - (1-f) b_a - f b_b,    so that    c_m = (1-f) c_a + f c_b - M d_m.

M is a second moment E[xx'], so |(Md)_j| = |E[x_j x'd]| <= sqrt(M_jj) sqrt(d'Md) by Cauchy and Schwarz. A
source of the support throughout has c_j = +-mu at a, m and b, so (Md)_j = 0, and only those that joined
or dropped add to d'Md = sum_j d_j (Md)_j. With rho the largest sqrt(d_m' M d_m) of the stage, j is
cleared if

    |c_a,j| + rho sqrt(M_jj) <= mu_a    and    |c_b,j| + rho sqrt(M_jj) <= mu_b:

the same mixture of both says |c_m,j| <= mu_m. So c is needed at the two ends only, and float32 will do:
c = g - sum_r b_r M_rj over k terms, each rounded on being read, multiplied and added, is wrong by at most
(k + 5) 2^-24 (|g_j| + sum_r |b_r M_rj|), and once more by Cauchy and Schwarz by at most eps sqrt(M_jj) with

    eps = (k + 5) 2^-24 (sqrt(E[target^2]) + sum_r |b_r| sqrt(M_rr)),

which is added to rho. What is not cleared (one source in fifty) is looked up in float64.
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import combine_rows, inlined, kernel, maker, padded
from precompute.covlasso.working_set import GLANCE

# Half a unit in the last place of float32, and roundings of a sum besides those of its terms.
HALF_UNIT, MORE_ROUNDINGS = 2.0**-24, 8
# What rounding may have done to d'Md and to M, as a part of (sum |d_j| sqrt(M_jj))^2.
ROUNDING = 1e-13
# mu less what rounding may do to the inequality itself.
BELOW = 1.0 - 2.0**-20
# |c_j| beyond mu by a smaller part of mu_max is rounding.
BEYOND = 1e-13
# |c_j| of a source of the support may differ from mu by this part of mu_max.
STAYING = 1e-13
# Squares of scales further apart might leave the range of float32.
RANGE = 2.0**80
FORCED = np.float32(np.inf)


class Coarse(NamedTuple):
    """M in float32, brought to a largest power near 1: what takes long is reading it."""

    moment: np.ndarray  # (n, n rounded up to GLANCE) float32, scale * M
    deviation: np.ndarray  # (n rounded up) float32, sqrt(scale * M_jj) rounded up
    scale: float


class Stage(NamedTuple):
    """What is known of all sources at both ends of a stage, and the knots of the stage."""

    g: np.ndarray  # (n,) float32, scale * E[source * target], as are the next two
    c_start: np.ndarray
    c_end: np.ndarray
    score: np.ndarray  # by which sources come into the working set
    slot_of: np.ndarray  # in the working set, -1 for none
    suspects: np.ndarray
    n_involved: np.ndarray  # one number: sources that have a coefficient at some knot
    slots: np.ndarray  # theirs
    sources: np.ndarray
    place_of: np.ndarray  # slot -> place in the former two
    coefs: np.ndarray  # (knots, places): the start, then knot after knot
    mu: np.ndarray  # (knots,)
    changes: np.ndarray  # which of them have no coefficient at some other knot
    changing: np.ndarray  # slots of those
    d: np.ndarray
    difference: np.ndarray
    product: np.ndarray
    coarse_coefs: np.ndarray
    exact: np.ndarray  # (knots, GLANCE): c of some suspects
    column: np.ndarray
    kept: np.ndarray


def coarse(moment: np.ndarray) -> Coarse | None:
    """The float32 copy of M, half its size; None where M leaves the range of float32."""
    n = len(moment)
    power = np.maximum(moment.diagonal(), 0.0)
    positive = power[power > 0.0]
    if not len(positive) or positive.max() > RANGE * positive.min():
        return None
    scale = 2.0 ** -np.frexp(positive.max())[1]
    width = -(-n // GLANCE) * GLANCE
    result = np.zeros((n, width), np.float32)
    deviation = np.zeros(width, np.float32)
    for start in range(0, n, GLANCE):
        result[start : start + GLANCE, :n] = moment[start : start + GLANCE] * scale
    deviation[:n] = np.nextafter(np.sqrt(power * scale).astype(np.float32), FORCED)
    deviation[:n][power == 0.0] = 0.0
    return Coarse(result, deviation, scale)


@maker
def empty_stage(width, capacity, n_events):
    """Room for a stage of so many events."""
    capacity = padded(capacity)
    places, knots = padded(capacity + 3), n_events + 2
    return Stage(
        np.zeros(width, np.float32),
        np.zeros(width, np.float32),
        np.zeros(width, np.float32),
        np.zeros(width, np.float32),
        np.full(width, -1, np.int32),
        np.zeros(width + 1, np.int64),
        np.zeros(1, np.int64),
        np.zeros(places, np.int64),
        np.zeros(places, np.int64),
        np.zeros(places, np.int64),
        np.zeros((knots, places)),
        np.zeros(knots),
        np.zeros(places, np.bool_),
        np.zeros(places, np.int64),
        np.zeros(places),
        np.zeros(places),
        np.zeros(places),
        np.zeros(places, np.float32),
        np.zeros((knots, GLANCE)),
        np.zeros(GLANCE),
        np.zeros((2, capacity), np.float32),
    )


@kernel
def note(stage, source, row, value):
    """Write down a coefficient of a source at a knot."""
    slot = stage.slot_of[source]
    place = stage.place_of[slot]
    if place < 0:
        place = stage.n_involved[0]
        stage.n_involved[0] = place + 1
        stage.place_of[slot] = place
        stage.slots[place] = slot
        stage.sources[place] = source
        for knot in range(len(stage.coefs)):
            stage.coefs[knot, place] = 0.0
    stage.coefs[row, place] = value


@inlined
def read_knots(stage, start, working, buffer, knot, last_knot):
    """The coefficients of a stage as they were written; returns the row of the last knot."""
    for slot in range(working.size[0]):
        stage.place_of[slot] = -1
    stage.n_involved[0] = 0
    for i in range(start.size[0]):
        note(stage, start.sources[i], np.int64(0), start.beta[i])
    stage.mu[0] = buffer.lambdas[knot] / 2.0
    for m in range(knot, last_knot + 1):
        stage.mu[m - knot + 1] = buffer.lambdas[m] / 2.0
        for entry in range(buffer.ends[m - 1] if m > 0 else 0, buffer.ends[m]):
            note(stage, np.int64(buffer.sources[entry]), m - knot + 1, buffer.coefs[entry])
    last = last_knot - knot + 1
    for i in range(stage.n_involved[0]):
        stage.changes[i] = False
        for row in range(last + 1):
            stage.changes[i] |= stage.coefs[row, i] == 0.0
    return last


@inlined
def spread(stage, working, coarse, last, mu_max):
    """rho, times sqrt(scale): how far knots of the stage are from the straight line between its ends."""
    n, coefs, d, mu = stage.n_involved[0], stage.coefs, stage.d, stage.mu
    rho = 0.0
    for m in range(1, last):
        f = (mu[0] - mu[m]) / (mu[0] - mu[last]) if mu[0] > mu[last] else 0.0
        size, length, changing = 0.0, 0.0, 0
        for i in range(n):
            stage.difference[i] = coefs[m, i] - (1.0 - f) * coefs[0, i] - f * coefs[last, i]
            size += abs(stage.difference[i]) * coarse.deviation[stage.sources[i]]
            length += abs(stage.difference[i])
            if stage.changes[i]:
                d[changing] = stage.difference[i]
                stage.changing[changing] = stage.slots[i]
                changing += 1
        if size > 0.0:
            combine_rows(working.rows, stage.changing, d, changing, working.width[0], stage.product)
            square = STAYING * mu_max * length
            for i in range(n):
                square += stage.difference[i] * stage.product[stage.slots[i]]
            square = max(square * coarse.scale, 0.0) + ROUNDING * size * size
            rho = max(rho, np.sqrt(square) + ROUNDING * size)
    return rho


@kernel
def rounding_error(stage, coarse, power, knot):
    """eps, times sqrt(scale), of c at a knot."""
    size = np.sqrt(power * coarse.scale)
    for i in range(stage.n_involved[0]):
        size += abs(stage.coefs[knot, i]) * coarse.deviation[stage.sources[i]]
    return (stage.n_involved[0] + MORE_ROUNDINGS) * HALF_UNIT * size


@inlined
def sweep(stage, coarse, excluded, last):
    """c of all sources at the end of the stage, in float32."""
    n = stage.n_involved[0]
    for i in range(n):
        stage.coarse_coefs[i] = stage.coefs[last, i]
    c_end = stage.c_end
    combine_rows(coarse.moment, stage.sources, stage.coarse_coefs, n, len(c_end), c_end)
    for j in range(len(c_end)):
        c_end[j] = stage.g[j] - c_end[j]
    if excluded >= 0:
        c_end[excluded] = 0.0


@inlined
def find_suspects(stage, working, coarse, excluded, power, rho, last):
    """List the sources that the inequality does not clear; return how many."""
    deviation, c_start, c_end = coarse.deviation, stage.c_start, stage.c_end
    margin_start = np.float32(rho + rounding_error(stage, coarse, power, np.int64(0)))
    margin_end = np.float32(rho + rounding_error(stage, coarse, power, last))
    limit_start = np.float32(stage.mu[0] * coarse.scale * BELOW)
    limit_end = np.float32(stage.mu[last] * coarse.scale * BELOW)
    # The working set itself needs no clearing, and would be all that is found.
    for slot in range(working.size[0]):
        source = working.names[slot]
        stage.kept[0, slot], stage.kept[1, slot] = c_start[source], c_end[source]
        c_start[source] = c_end[source] = 0.0
    n_suspects = 0
    for start in range(0, len(c_end), GLANCE):
        count = 0
        for j in range(start, start + GLANCE):
            count += (abs(c_start[j]) + deviation[j] * margin_start > limit_start) | (
                abs(c_end[j]) + deviation[j] * margin_end > limit_end
            )
        if count > 0:
            for j in range(start, start + GLANCE):
                stage.suspects[n_suspects] = j
                n_suspects += ((stage.slot_of[j] < 0) & (j != excluded)) & (
                    (abs(c_start[j]) + deviation[j] * margin_start > limit_start)
                    | (abs(c_end[j]) + deviation[j] * margin_end > limit_end)
                )
    for slot in range(working.size[0]):
        source = working.names[slot]
        c_start[source], c_end[source] = stage.kept[0, slot], stage.kept[1, slot]
    return n_suspects


@inlined
def find_violators(stage, moment, g, allowance, n_suspects, last):
    """Of the suspects, force those into the working set that were beyond mu at some knot; return how
    many."""
    coefs, exact, column, violators = stage.coefs, stage.exact, stage.column, 0
    for start in range(0, n_suspects, GLANCE):
        end = min(GLANCE, n_suspects - start)
        for s in range(end):
            for m in range(last + 1):
                exact[m, s] = g[stage.suspects[start + s]]
        for i in range(stage.n_involved[0]):
            for s in range(end):
                column[s] = moment[stage.sources[i], stage.suspects[start + s]]
            for m in range(1, last + 1):
                weight = coefs[m, i]
                if weight != 0.0:
                    for s in range(GLANCE):
                        exact[m, s] -= weight * column[s]
        for s in range(end):
            beyond = False
            for m in range(1, last + 1):
                beyond |= abs(exact[m, s]) > stage.mu[m] + allowance
            if beyond:
                stage.score[stage.suspects[start + s]] = FORCED
                violators += 1
    return violators


@kernel
def clear(stage, start, working, buffer, coarse, g, power, excluded, mu_max, knot):
    """Look for violators of the stage whose knots begin with `knot`; they are forced into the next
    working set. Returns how many there are."""
    last = read_knots(stage, start, working, buffer, knot, buffer.n_knots[0] - 1)
    rho = spread(stage, working, coarse, last, mu_max)
    sweep(stage, coarse, excluded, last)
    n_suspects = find_suspects(stage, working, coarse, excluded, power, rho, last)
    return find_violators(stage, working.moment, g, BEYOND * mu_max, n_suspects, last)
