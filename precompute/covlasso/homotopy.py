"""The exact CovLasso path of one target after another, by following its events (numba, float64).

For one target with second moment M of the sources and g = E[source * target], the CovLasso is
`min 1/2 b'Mb - g'b + mu*|b|_1` with mu = lambda / 2. With c = g - Mb, optimality says c_j = s_j*mu on
the support A (s the signs of b) and |c_j| <= mu elsewhere. While mu falls by h, b moves by h*q with
q = M_AA^-1 s, and c by -h*Mq: straight lines, until a source joins (|c_j| meets mu) or drops (b_j
meets zero). Osborne, Presnell & Turlach (2000); Efron et al., Least Angle Regression (2004).
"""

import numpy as np

from precompute.covlasso.compiled import digest, inlined, kernel
from precompute.covlasso.correlations import (
    SCAN,
    Correlations,
    advance,
    bar,
    empty_correlations,
    refresh,
    turn,
)
from precompute.covlasso.knot_buffer import empty_buffer, record
from precompute.covlasso.support import (
    TOLERANCE,
    accept,
    aim,
    empty_support,
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

OUT_OF_ROOM = -1


@inlined
def _first_drop(support, step, tie):
    """Slot whose coefficient meets zero first, and after which step; slot -1 if none in `step`."""
    slot, fastest = -1, 0.0
    for i in range(support.size[0]):
        fastest = max(fastest, abs(support.direction[i]))
    for i in range(support.size[0]):
        speed = support.direction[i] * support.signs[i]
        # Only what shrinks can meet zero; the rest would give a step that is negative or infinite.
        if speed < -STILL * fastest:
            h = -support.beta[i] * support.signs[i] / speed
            if h <= tie:
                h = 0.0
            if h < step or (slot >= 0 and h == step and support.members[i] < support.members[slot]):
                slot, step = i, h
    return slot, step


@inlined
def _first_join(correlations, mu, step, tie):
    """Source whose |c| meets mu first, and after which step; source -1 if none in `step`.

    |c_j| - mu is convex in the step: a source can join within `step` only if it is above zero there.
    Of equals the lowest source stays, as only a smaller step replaces it.
    """
    source, c, slope = -1, correlations.c_blocks, correlations.slope_blocks
    for block in range(len(c)):
        limit = mu - step
        beyond = 0
        for j in range(SCAN):
            beyond += abs(c[block, j] - step * slope[block, j]) > limit
        if beyond == 0:
            continue
        for j in range(SCAN):
            ahead = c[block, j] - step * slope[block, j]
            # Which of mu and -mu it meets is known from where it will be, as it may cross zero first.
            side = 1.0 if ahead > 0.0 else -1.0
            closing = 1.0 - side * slope[block, j]
            if side * ahead > mu - step and closing > STILL:
                h = (mu - side * c[block, j]) / closing
                if h <= tie:
                    h = 0.0
                if h < step:
                    source, step = block * SCAN + j, h
    return source, step


@inlined
def _next_event(correlations, moment, support, mu, step, tie):
    """What happens first within `step`: (step, joining source or -1, its pivot, dropping slot or -1).

    Of simultaneous events that of the lowest source comes first (Murty's rule: it cannot cycle).
    """
    slot, step = _first_drop(support, step, tie)
    while True:
        # Beyond the drop by more than a tie: else no source could be found that joins together with it.
        source, h = _first_join(correlations, mu, max(step, 2.0 * tie), tie)
        if source < 0 or h > step or (h == step and slot >= 0 and support.members[slot] < source):
            return step, -1, 0.0, slot
        pivot = propose(support, moment, source)
        if pivot > 0.0:
            return h, source, pivot, -1
        # It cannot join this support; `refresh` lets it try again after a drop.
        bar(correlations, source)


@inlined
def _make_exact(correlations, moment, support, excluded, mu, mu_max, power, slot):
    """Drop the source of `slot` (-1: none) and any wrong sign, and solve for beta at mu.

    Returns whether a source dropped.
    """
    dropped = stale = False
    # Each pass takes one source out of the support, so there are at most as many as it has.
    while True:
        if slot >= 0:
            remove(support, slot)
            dropped = True
        error = settle(support, mu, TOLERANCE * mu_max)
        stale = stale or error > STALE * mu
        slot = wrong_sign(support, mu, WRONG_SIGN * power)
        if slot < 0:
            break
    if dropped:
        aim(support)
    if dropped or stale:
        refresh(correlations, moment, support, excluded)
    return dropped


@inlined
def _follow(moment, power, excluded, max_parents, min_lambda_ratio, support, correlations, buffer):
    """Write the path of the target whose g is in `correlations` into the buffer; return how it ended."""
    support.size[0] = 0
    refresh(correlations, moment, support, excluded)
    mu_max = 0.0
    for j in range(len(correlations.c)):
        mu_max = max(mu_max, abs(correlations.c[j]))
    if mu_max == 0.0:
        return NO_CORRELATION
    mu, mu_min, tie = mu_max, min_lambda_ratio * mu_max, TIE * mu_max
    first, waited = buffer.n_knots[0], 0
    while True:
        turn(correlations, moment, support)
        step, source, pivot, slot = _next_event(correlations, moment, support, mu, mu - mu_min, tie)
        waited = waited + 1 if step == 0.0 else 0
        ended = source < 0 and slot < 0
        mu = mu_min if ended else mu - step
        advance(correlations, support, step)
        sign = 1.0 if source >= 0 and correlations.c[source] > 0.0 else -1.0
        dropped = _make_exact(correlations, moment, support, excluded, mu, mu_max, power, slot)
        if not record(buffer, first, 2.0 * mu, support, source):
            return OUT_OF_ROOM
        if ended:
            return MIN_LAMBDA
        if source >= 0 and support.size[0] == max_parents:
            return MAX_PARENTS
        if waited > PATIENCE * max_parents:
            return STALLED
        if source >= 0 and not dropped:
            accept(support, pivot, sign, correlations.g[source])
            bar(correlations, source)


def _compiled(parts: str):
    """The loop over targets, compiled for the source text of which `parts` is the digest.

    That it closes over `parts` makes numba compile it anew when a file that it inlines has changed.
    """

    @kernel
    def follow_all(moment, rows, power, exclude, targets, max_parents, min_lambda_ratio, room):
        """The paths of some targets, with room for so many knots each; status OUT_OF_ROOM if too few."""
        _ = parts
        buffer = empty_buffer(
            room * len(targets), room * max_parents // 2 * len(targets) + max_parents
        )
        support = empty_support(max_parents)
        blank = empty_correlations(len(moment))
        n_knots = np.zeros(len(targets), np.int64)
        status = np.zeros(len(targets), np.int64)
        for t in range(len(targets)):
            i = targets[t]
            correlations = Correlations(rows[i], *blank[1:])
            before = buffer.n_knots[0]
            status[t] = _follow(
                moment,
                power[i],
                exclude[i],
                max_parents,
                min_lambda_ratio,
                support,
                correlations,
                buffer,
            )
            if status[t] == OUT_OF_ROOM:
                break
            n_knots[t] = buffer.n_knots[0] - before
        return n_knots, status, buffer

    return follow_all


_follow_all = _compiled(digest())


def follow_paths(moment, rows, power, exclude, targets, max_parents, min_lambda_ratio):
    """Paths of some targets; the first four arguments are `precompute.covlasso.validation.Inputs`.

    Returns (n_knots, status) per target, (lambda, n_entries) per knot, (source, coefficient) per entry.
    """
    room = 2 * max_parents + 2
    while True:
        n_knots, status, buffer = _follow_all(
            moment, rows, power, exclude, targets, max_parents, min_lambda_ratio, room
        )
        if not (status == OUT_OF_ROOM).any():
            break
        room *= 2
    m = int(n_knots.sum())
    end = int(buffer.ends[m - 1]) if m else 0
    n_entries = np.diff(buffer.ends[:m], prepend=0)
    # Copies: a slice would keep the whole buffer alive.
    return (
        n_knots,
        status,
        buffer.lambdas[:m].copy(),
        n_entries,
        buffer.sources[:end].copy(),
        buffer.coefs[:end].copy(),
    )
