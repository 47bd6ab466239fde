"""Paths that the processes of a team solve together, each for its share of the targets."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from precompute.covlasso import CovLassoPaths
from precompute.team.current import current


def solved_together(
    solve: Callable[[np.ndarray], CovLassoPaths], targets: np.ndarray
) -> CovLassoPaths:
    """What `solve` gives for all targets (m,), in their order."""
    team = current()
    if team.size == 1 or len(targets) < team.size:
        return solve(targets)
    part = solve(targets[team.share(len(targets))])
    parts = team.gather(
        (
            np.diff(part.target_ptr), part.lambdas, np.diff(part.knot_ptr), part.sources,
            part.coefs, part.status,
        )
    )  # fmt: skip
    n_knots, lambdas, n_entries, sources, coefs, status = map(
        np.concatenate, zip(*parts, strict=True)
    )
    return replace(
        part, targets=targets, target_ptr=np.r_[0, np.cumsum(n_knots)], lambdas=lambdas,
        knot_ptr=np.r_[0, np.cumsum(n_entries)], sources=sources, coefs=coefs, status=status,
    )  # fmt: skip
