"""CovLasso: every target's logit in the logits of few others, exactly, for every lambda at once.

    min_theta  theta' M theta + lambda * ||theta||_1    subject to theta_target = -1

over one second moment M = E[f f'] of the logits f (Feng et al., CVPR 2023, arXiv 2211.12339). lambda is
twice the `alpha` of scikit-learn's Lasso. The solvers themselves are `precompute.covlasso.homotopy`, in
numba, and `precompute.covlasso.lockstep`, in torch.
"""

import numpy as np
from numpy.typing import ArrayLike

from precompute.covlasso.devices import picked
from precompute.covlasso.paths import CovLassoPaths
from precompute.covlasso.thresholds import STATUSES
from precompute.covlasso.validation import Inputs, checked_inputs, checked_limits, checked_targets
from precompute.threads import in_threads

__all__ = ["CovLassoPaths", "covlasso_path"]

# Targets that a thread takes at a time: few enough to share out evenly, many enough to be worth a call.
CHUNK = 50
# Stages among few sources pay from so many sources on (of 1,000 they save a fifth of the time, but make the
# first call of all compile twice as long), if the float32 copy that they read is not more work than the
# paths: of about as many rows as a path reads.
MANY_SOURCES, ROWS_A_PATH = 2000, 32


def covlasso_path(
    moment: ArrayLike,
    targets: ArrayLike | None = None,
    *,
    max_parents: int = 32,
    min_lambda_ratio: float = 1e-3,
    cross: ArrayLike | None = None,
    power: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
    device: str = "cpu",
) -> CovLassoPaths:
    """Solve the CovLasso of every target for all lambda from lambda_max down.

    A path ends where source number `max_parents + 1` would enter, or at
    `min_lambda_ratio * lambda_max`. The result does not depend on the number of threads
    (`numba.set_num_threads`). A GPU finds the same knots with the same sources; its numbers differ in the
    digits that rounding decides, such as which of two sources with equal logits joins, and the certificate
    holds for them alike.

    Parameters
    ----------
    moment : (n_sources, n_sources), second moment of the sources, as F'F / n_images
    targets : indices of the targets to solve, default all
    cross : (n_sources, n_targets), E[source * target], for targets of another network
    power : (n_targets,), E[target^2], goes with `cross`
    exclude : (n_targets,) int, the source that each target may not use, -1 for none; by default the
        target itself within one network, and none between two
    device : "cpu", "cuda", "cuda:1" (another GPU) or "auto" (from 4,000 sources on a GPU, if there is
        one). "torch:cpu" is the GPU's solver on the CPU, where it is slower than "cpu"

    Raises
    ------
    UserError
        For arrays that are not finite, symmetric (to 1e-10 of the largest power), or of fitting
        shapes; for targets, limits or devices that do not exist; for a GPU with too little memory.
    """
    checked_limits(max_parents, min_lambda_ratio)
    inputs = checked_inputs(moment, cross, power, exclude)
    targets = checked_targets(targets, len(inputs.power))
    return follow(inputs, targets, max_parents, min_lambda_ratio, device)


def follow(
    inputs: Inputs, targets: np.ndarray, max_parents: int, ratio: float, device: str = "cpu"
) -> CovLassoPaths:
    """`covlasso_path` without its checks, for moments that are sums of checked ones: on 1,000 categories
    and 8 parents the checks take as long as the paths.

    `targets` (m,) int64, `ratio` is min_lambda_ratio.
    """
    device = picked(device, len(inputs.moment))
    solver = _in_threads if device == "cpu" else _in_lockstep
    buffers = solver(inputs, targets, int(min(max_parents, len(inputs.moment))), ratio, device)
    n_knots, status, lambdas, n_entries, sources, coefs = map(
        np.concatenate, zip(*buffers, strict=True)
    )
    return CovLassoPaths(
        n_sources=len(inputs.moment),
        targets=targets,
        target_ptr=np.concatenate([[0], np.cumsum(n_knots)]),
        lambdas=lambdas,
        knot_ptr=np.concatenate([[0], np.cumsum(n_entries)]),
        sources=sources,
        coefs=coefs,
        status=np.array(STATUSES)[status],
        inputs=inputs,
    )


def _in_threads(
    inputs: Inputs, targets: np.ndarray, max_parents: int, ratio: float, _device: str
) -> list[tuple]:
    # heavy: numba
    from precompute.covlasso.homotopy import follow_paths
    from precompute.covlasso.stages.coarse import coarse

    n = len(inputs.moment)
    pays = n >= MANY_SOURCES and len(targets) * ROWS_A_PATH >= n
    copy = coarse(inputs.moment) if pays else None
    starts = range(0, max(len(targets), 1), CHUNK)
    chunks = [targets[start : start + CHUNK] for start in starts]
    return in_threads(lambda chunk: follow_paths(*inputs, chunk, max_parents, ratio, copy), chunks)


def _in_lockstep(
    inputs: Inputs, targets: np.ndarray, max_parents: int, ratio: float, device: str
) -> list[tuple]:
    from precompute.covlasso.lockstep import follow_paths  # heavy: torch

    return list(follow_paths(inputs, targets, max_parents, ratio, device.removeprefix("torch:")))
