"""CovLasso: every target's logit in the logits of few others, exactly, for every lambda at once.

    min_theta  theta' M theta + lambda * ||theta||_1    subject to theta_target = -1

over one second moment M = E[f f'] of the logits f (Feng et al., CVPR 2023, arXiv 2211.12339). lambda is
twice the `alpha` of scikit-learn's Lasso. The solver itself, in numba, is `precompute.covlasso.homotopy`.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike

from precompute.covlasso.paths import CovLassoPaths
from precompute.covlasso.thresholds import STATUSES
from precompute.covlasso.validation import Inputs, checked_inputs, checked_limits, checked_targets

__all__ = ["CovLassoPaths", "covlasso_path"]

# Targets that a thread takes at a time: few enough to share out evenly, many enough to be worth a call.
CHUNK = 50


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
    (`numba.set_num_threads`).

    Parameters
    ----------
    moment : (n_sources, n_sources), second moment of the sources, as F'F / n_images
    targets : indices of the targets to solve, default all
    cross : (n_sources, n_targets), E[source * target], for targets of another network
    power : (n_targets,), E[target^2], goes with `cross`
    exclude : (n_targets,) int, the source that each target may not use, -1 for none; by default the
        target itself within one network, and none between two
    device : "cpu"

    Raises
    ------
    UserError
        For arrays that are not finite, symmetric (to 1e-10 of the largest power), or of fitting
        shapes; for targets, limits or devices that do not exist.
    """
    checked_limits(max_parents, min_lambda_ratio, device)
    inputs = checked_inputs(moment, cross, power, exclude)
    targets = checked_targets(targets, len(inputs.power))
    return follow(inputs, targets, max_parents, min_lambda_ratio)


def follow(inputs: Inputs, targets: np.ndarray, max_parents: int, ratio: float) -> CovLassoPaths:
    """`covlasso_path` without its checks, for moments that are sums of checked ones: on 1,000 categories
    and 8 parents the checks take as long as the paths.

    `targets` (m,) int64, `ratio` is min_lambda_ratio.
    """
    import numba  # heavy: the app reads paths without it

    from precompute.covlasso.homotopy import follow_paths

    max_parents = int(min(max_parents, len(inputs.moment)))
    chunks = [targets[start : start + CHUNK] for start in range(0, len(targets), CHUNK)] or [
        targets
    ]
    with ThreadPoolExecutor(numba.get_num_threads()) as pool:
        buffers = list(
            pool.map(lambda chunk: follow_paths(*inputs, chunk, max_parents, ratio), chunks)
        )
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
