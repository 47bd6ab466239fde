"""The two halves of what numba has to compile before the first network: done side by side, once for all
processes, which find it on disk. With a warm cache each takes as long as it takes to look.
"""

from functools import partial

import numpy as np

from precompute.atlas.progress import Report
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.evaluation import Spread, held_out_figures, mean_squared_error
from precompute.equations.fit import FitOptions, solve
from precompute.equations.moments import CentredMoments, Moments
from precompute.equations.yardsticks.baselines import random_parents
from precompute.runs.side_by_side.jobs import Job
from precompute.survival.kernels import count_replaced

LOGITS = np.eye(4, 3, dtype=np.float32)


def compiling() -> list[Job]:
    """Jobs that others need who do not want to compile the same thing at the same time."""
    return [Job("compile solver", compile_solver), Job("compile kernels", compile_kernels)]


def compile_solver(report: Report) -> None:
    """Everything in `precompute.covlasso`."""
    solve(_moments(), np.arange(3), FitOptions(max_parents=2))


def compile_kernels(report: Report) -> None:
    """The rest: each is called once, with arrays of the types and layouts that runs have."""
    batch, fit, one = Batch(LOGITS, LOGITS, np.zeros(4, dtype=np.int32)), _moments(), np.ones(1)
    equations = Equations(
        np.zeros(1, dtype=np.int32), np.ones(1, dtype=np.int32), one,
        np.arange(2, dtype=np.int64), np.ones(1, dtype=np.int32), one,
    )  # fmt: skip
    equations.refit(fit).residual_power(fit)
    mean_squared_error(equations, fit, [batch])
    held_out_figures(equations, fit, np.ones(3), lambda split: iter([batch]), "label")
    spread = Spread.of([batch], fit.target_mean, raw_scale=False)
    judge = partial(Equations.residual_power, moments=fit)
    random_parents(fit, judge, spread, np.arange(3), [1, 2], 0)
    rows = equations.target, equations.ptr, equations.source, equations.coefficient
    best, counts = np.zeros((4, 4)), np.zeros((1, 4), dtype=np.int64)
    count_replaced(*rows, one, one, LOGITS.T.copy(), best, batch.labels, counts)


def _moments() -> CentredMoments:
    moments = Moments(3)
    moments.update(LOGITS)
    return moments.centred()
