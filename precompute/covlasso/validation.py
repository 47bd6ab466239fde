"""What CovLasso is solved from: second moments, checked once, in the form the solver reads."""

from numbers import Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from precompute.errors import UserError
from precompute.threads import in_threads

# What rounding may do to second moments, relative to the largest power: make them differ from their
# transpose, exceed Cauchy and Schwarz's bound, or put a constant, centred logit's power below zero.
ROUNDING = 1e-10
# A thread looks at so many numbers at a time, and at squares of so many rows: they stay in a core's cache.
AT_ONCE, SQUARE = 2**20, 256


class Inputs(NamedTuple):
    """Checked second moments of n sources and m targets."""

    moment: np.ndarray  # (n, n) float64, E[source * source]
    rows: np.ndarray  # (m, n) float64, E[target * source]
    power: np.ndarray  # (m,) float64, E[target^2]
    exclude: np.ndarray  # (m,) int64, the source that a target may not use, -1 for none


def checked_inputs(
    moment: ArrayLike,
    cross: ArrayLike | None = None,
    power: ArrayLike | None = None,
    exclude: ArrayLike | None = None,
) -> Inputs:
    """Check the arguments of `covlasso_path`; without `cross` the sources are the targets.

    Raises UserError where the arrays cannot be second moments of one set of images.
    """
    moment = _numbers(moment, "moment", 2)
    n = len(moment)
    if moment.shape != (n, n) or n == 0:
        raise UserError(
            f"moment must be square (sources x sources), got shape {moment.shape}. "
            "Pass F.T @ F / len(F) of logits F (images, categories)."
        )
    own_power = moment.diagonal().copy()
    tolerance = ROUNDING * max(own_power.max(), 0.0)
    _check_power(own_power, tolerance, "the diagonal of moment")
    _check_symmetric(moment, tolerance)
    _check_bound(moment, own_power, own_power, tolerance, "moment")
    if (cross is None) != (power is None):
        given, missing = ("power", "cross") if cross is None else ("cross", "power")
        raise UserError(
            f"{given} was given without {missing}. Targets of another network need both "
            "cross = E[source * target] and power = E[target^2]; those of the same network neither."
        )
    if cross is None:
        return Inputs(moment, moment, own_power, _exclude(exclude, np.arange(n), n))
    rows = np.ascontiguousarray(_numbers(cross, "cross", 2).T)
    power = _numbers(power, "power", 1)
    if rows.shape != (len(power), n):
        raise UserError(
            f"cross must have shape (sources, targets) = ({n}, {len(power)}) beside moment "
            f"{moment.shape} and power {power.shape}, got {rows.shape[::-1]}. Is it transposed?"
        )
    tolerance = ROUNDING * max(own_power.max(), power.max(initial=0.0))
    _check_power(power, tolerance, "power")
    _check_bound(rows, power, own_power, tolerance, "cross.T")
    return Inputs(moment, rows, power, _exclude(exclude, np.full(len(power), -1), n))


def checked_targets(targets: ArrayLike | None, n_targets: int) -> np.ndarray:
    """Check a choice of targets, int64; None means all of them."""
    if targets is None:
        return np.arange(n_targets)
    chosen = np.asarray(targets)
    if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
        raise UserError(
            f"targets must be a list of category indices, got {_describe(chosen)}. "
            "Pass for example targets=[3, 5]."
        )
    chosen = chosen.astype(np.int64)
    for target in chosen[(chosen < 0) | (chosen >= n_targets)]:
        raise UserError(f"Target {target} does not exist: targets run from 0 to {n_targets - 1}.")
    names, times = np.unique(chosen, return_counts=True)
    for target in names[times > 1]:
        raise UserError(f"Target {target} is asked for twice. Name every target once.")
    return chosen


def checked_limits(max_parents: int, min_lambda_ratio: float) -> None:
    """Check how far a path is to be followed."""
    if not (_is_number(max_parents) and float(max_parents).is_integer() and max_parents >= 1):
        raise UserError(f"max_parents must be a whole number from 1 up, got {max_parents!r}.")
    if not (_is_number(min_lambda_ratio) and 0.0 < min_lambda_ratio < 1.0):
        raise UserError(
            f"min_lambda_ratio must lie between 0 and 1, got {min_lambda_ratio!r}. 1e-3 is usual."
        )


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool)


def _describe(array: np.ndarray) -> str:
    return f"shape {array.shape} of {array.dtype}"


def _numbers(values: Any, name: str, ndim: int) -> np.ndarray:
    array = np.asarray(values)
    if array.ndim != ndim or array.dtype.kind not in "fiu":
        raise UserError(f"{name} must be a real array of {ndim}-d, got {_describe(array)}.")
    array = np.ascontiguousarray(array, dtype=np.float64)
    rows = max(1, AT_ONCE // max(1, array[:1].size))
    finite = in_threads(
        lambda start: np.isfinite(array[start : start + rows]).all(), range(0, len(array), rows)
    )
    if not all(finite):
        place = np.argwhere(~np.isfinite(array))[0].tolist()
        raise UserError(
            f"{name}{place} is {array[tuple(place)]}. Second moments are finite: check the logits."
        )
    return array


def _check_power(power: np.ndarray, tolerance: float, name: str) -> None:
    for i in np.flatnonzero(power < -tolerance):
        raise UserError(
            f"A mean of squares cannot be negative, but {name} is {power[i]:g} at {i}. "
            "Pass second moments."
        )


def _check_symmetric(moment: np.ndarray, tolerance: float) -> None:
    def check(top: int) -> None:
        rows = slice(top, top + SQUARE)
        for left in range(0, top + 1, SQUARE):
            columns = slice(left, left + SQUARE)
            difference = np.abs(moment[rows, columns] - moment[columns, rows].T)
            if difference.max() > tolerance:
                i, j = np.unravel_index(difference.argmax(), difference.shape) + np.array(
                    [top, left]
                )
                raise UserError(
                    f"moment is not symmetric: [{i}, {j}] and [{j}, {i}] differ by "
                    f"{abs(moment[i, j] - moment[j, i]):.3g}, more than {ROUNDING:g} of its largest "
                    "power. Compute it in float64, or pass (moment + moment.T) / 2."
                )

    in_threads(check, range(0, len(moment), SQUARE))


def _check_bound(
    products: np.ndarray,
    row_power: np.ndarray,
    column_power: np.ndarray,
    tolerance: float,
    name: str,
) -> None:
    """E[xy]^2 <= E[x^2] E[y^2]: what fails that was not taken over the same images."""
    across, down = (np.sqrt(np.maximum(power, 0.0)) for power in (column_power, row_power))
    n_rows = max(1, AT_ONCE // len(across))

    def check(start: int) -> None:
        rows = slice(start, start + n_rows)
        excess = np.abs(products[rows])
        excess -= np.multiply.outer(down[rows], across)
        if excess.max(initial=0.0) > tolerance:
            i, j = np.unravel_index(excess.argmax(), excess.shape)
            raise UserError(
                f"{name}[{i + start}, {j}] = {products[i + start, j]:g} is more than the two powers "
                f"allow ({down[i + start] * across[j]:g}). Take all second moments over the same images."
            )

    in_threads(check, range(0, len(products), n_rows))


def _exclude(exclude: ArrayLike | None, default: np.ndarray, n_sources: int) -> np.ndarray:
    if exclude is None:
        return default
    array = np.asarray(exclude)
    if array.shape != default.shape or array.dtype.kind not in "iu":
        raise UserError(
            f"exclude must hold one source index (or -1) for each of {len(default)} targets, "
            f"got {_describe(array)}."
        )
    array = array.astype(np.int64)
    for source in array[(array < -1) | (array >= n_sources)]:
        raise UserError(
            f"exclude names source {source}, but sources run from 0 to {n_sources - 1} (-1: none)."
        )
    return array
