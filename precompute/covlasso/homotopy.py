"""The exact CovLasso paths of many targets, one after another (numba): the door to the compiled solver."""

import numpy as np

from precompute.covlasso.compiled import digest, entry
from precompute.covlasso.correlations import Correlations, empty_correlations
from precompute.covlasso.events import OUT_OF_ROOM, UNDERWAY, follow_on_all
from precompute.covlasso.knot_buffer import empty_buffer
from precompute.covlasso.stages.clearing import Coarse, empty_stage
from precompute.covlasso.stages.target import EVENTS, MOST_CANDIDATES, empty_start, follow_in_stages
from precompute.covlasso.support import empty_support
from precompute.covlasso.working_set import empty_set, everything


def _compiled(parts: str):
    """The two loops over targets, compiled for the source text of which `parts` is the digest.

    That they close over `parts` makes numba compile them anew when a file that they call has changed.
    """

    @entry
    def follow_all(moment, rows, power, exclude, targets, max_parents, min_lambda_ratio, room):
        """The paths of some targets, with room for so many knots each; status OUT_OF_ROOM if too few."""
        _ = parts
        buffer = empty_buffer(
            room * len(targets), room * max_parents // 2 * len(targets) + max_parents
        )
        support = empty_support(max_parents)
        sources = everything(moment)
        blank = empty_correlations(np.empty(len(moment)))
        n_knots = np.zeros(len(targets), np.int64)
        status = np.zeros(len(targets), np.int64)
        for t in range(len(targets)):
            i = targets[t]
            correlations = Correlations(rows[i], *blank[1:])
            before = buffer.n_knots[0]
            status[t] = follow_on_all(
                power[i], exclude[i], max_parents, min_lambda_ratio,
                sources, correlations, support, buffer,
            )  # fmt: skip
            if status[t] == OUT_OF_ROOM:
                break
            n_knots[t] = buffer.n_knots[0] - before
        return n_knots, status, buffer

    @entry
    def follow_all_in_stages(
        moment, rows, power, exclude, targets, max_parents, min_lambda_ratio, room, coarse
    ):
        """The same with a working set of few sources, as long as that will do."""
        _ = parts
        buffer = empty_buffer(
            room * len(targets), room * max_parents // 2 * len(targets) + max_parents
        )
        support = empty_support(max_parents)
        sources = everything(moment)
        blank = empty_correlations(np.empty(len(moment)))
        capacity = max_parents + MOST_CANDIDATES
        few = empty_set(moment, capacity)
        few_correlations = empty_correlations(np.zeros(len(few.rows)))
        stage = empty_stage(len(coarse.deviation), capacity, EVENTS)
        start = empty_start(max_parents)
        n_knots = np.zeros(len(targets), np.int64)
        status = np.zeros(len(targets), np.int64)
        for t in range(len(targets)):
            i = targets[t]
            before = buffer.n_knots[0]
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

    return follow_all, follow_all_in_stages


_follow_all, _follow_all_in_stages = _compiled(digest())


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
    room = 2 * max_parents + 2
    while True:
        n_knots, status, buffer = (
            _follow_all(*problem, room)
            if coarse is None
            else _follow_all_in_stages(*problem, room, coarse)
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
