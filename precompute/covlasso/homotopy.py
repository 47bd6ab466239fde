"""The exact CovLasso paths of many targets, one after another (numba): the door to the compiled solver."""

import numpy as np

from precompute.covlasso.compiled import digest, entry
from precompute.covlasso.correlations import Correlations, empty_correlations
from precompute.covlasso.events import OUT_OF_ROOM, UNDERWAY, follow_on_all
from precompute.covlasso.knot_buffer import empty_buffer
from precompute.covlasso.stages.coarse import NO_COPY, Coarse
from precompute.covlasso.stages.stage import empty_stage
from precompute.covlasso.stages.target import EVENTS, ROOM, empty_start, follow_in_stages
from precompute.covlasso.support import empty_support
from precompute.covlasso.working_set import empty_set, everything


def _compiled(parts: str, staged: bool):
    """The loop over targets, compiled for the source text of which `parts` is the digest.

    That it closes over `parts` makes numba compile it anew when a file that it calls has changed. Without
    stages it compiles in less than half the time: numba leaves out what a constant rules out.
    """

    def follow_all(
        moment, rows, power, exclude, targets, max_parents, min_lambda_ratio, room, coarse
    ):
        """The paths of some targets, with room for so many knots each; status OUT_OF_ROOM if too few."""
        _ = parts
        buffer = empty_buffer(
            room * len(targets), room * max_parents // 2 * len(targets) + max_parents
        )
        support = empty_support(max_parents)
        sources = everything(moment, coarse.moment)
        blank = empty_correlations(np.empty(len(moment)))
        capacity = max_parents + ROOM
        few = empty_set(moment, coarse.moment, 1.0 / coarse.scale, capacity)
        few_correlations = empty_correlations(np.zeros(len(few.rows)))
        stage = empty_stage(len(coarse.deviation), capacity, EVENTS)
        start = empty_start(max_parents)
        n_knots = np.zeros(len(targets), np.int64)
        status = np.full(len(targets), UNDERWAY)
        for t in range(len(targets)):
            i = targets[t]
            before = buffer.n_knots[0]
            if staged:
                status[t] = follow_in_stages(
                    rows[i], power[i], exclude[i], max_parents, min_lambda_ratio,
                    coarse, stage, start, few, few_correlations, support, buffer,
                )  # fmt: skip
            if status[t] == UNDERWAY:
                buffer.n_knots[0] = before
                correlations = Correlations(rows[i], *blank[1:])
                status[t] = follow_on_all(
                    power[i], exclude[i], max_parents, min_lambda_ratio,
                    sources, correlations, support, buffer,
                )  # fmt: skip
            if status[t] == OUT_OF_ROOM:
                break
            n_knots[t] = buffer.n_knots[0] - before
        return n_knots, status, buffer

    # Two that bear one name would be taken for one another when both come from numba's cache.
    follow_all.__qualname__ = "follow_in_stages" if staged else "follow_all"
    return entry(follow_all)


_follow_all, _follow_in_stages = _compiled(digest(), False), _compiled(digest(), True)


def follow_paths(
    moment,
    rows,
    power,
    exclude,
    targets,
    max_parents,
    min_lambda_ratio,
    coarse: Coarse | None = None,
):
    """Paths of some targets; the first four arguments are `precompute.covlasso.validation.Inputs`.

    Returns (n_knots, status) per target, (lambda, n_entries) per knot, (source, coefficient) per entry.
    With `coarse`, the copy of `moment` by `precompute.covlasso.stages.clearing`, paths go in stages
    among few sources: the same paths to rounding, sooner for many targets among thousands of sources.
    """
    problem = moment, rows, power, exclude, targets, max_parents, min_lambda_ratio
    follow = _follow_all if coarse is None else _follow_in_stages
    room = 2 * max_parents + 2
    while True:
        n_knots, status, buffer = follow(*problem, room, coarse or NO_COPY)
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
