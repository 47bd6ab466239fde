"""Does redundancy go with small error? The floor of every category, or the held-out error of the dense map
where the floor says nothing, beside the error that its equation reaches."""

from dataclasses import dataclass

import numpy as np

from precompute.redundancy.intervals import Estimate, correlation, spearman


@dataclass(frozen=True)
class Yardstick:
    """How redundant each category is, without any choice of parents: `values` (n,), small is redundant.
    `kind` is "floor" or "dense"; `why` says why it is not the floor: "" | "few images" | "forced"."""

    kind: str
    values: np.ndarray
    why: str


def yardstick(floor: np.ndarray, dense_error: np.ndarray) -> Yardstick:
    """The floor 1 / ((M^-1)_ii M_ii) (n,), unless it is unknown (no more images than categories) or 0 for
    all (rank below n: every category is an exact combination of the others); then `dense_error` (n,), the
    held-out relative error of the ridge map from all other logits."""
    floor, dense_error = np.asarray(floor, float), np.asarray(dense_error, float)
    if np.isnan(floor).all():
        return Yardstick("dense", dense_error, "few images")
    if not np.nan_to_num(floor).any():
        return Yardstick("dense", dense_error, "forced")
    return Yardstick("floor", floor, "")


def goes_with_error(redundancy: np.ndarray, error: np.ndarray) -> Estimate:
    """Spearman's correlation over categories between `Yardstick.values` (n,) and the held-out error of
    their equations (n,), with its bootstrap interval over categories: 1 where the more redundant category
    always has the smaller error, 0 where the one says nothing about the other."""
    return spearman(redundancy, error)


def goes_with_size(power: np.ndarray, error: np.ndarray) -> float:
    """The control: the same correlation where nothing is known of a category but its `power` M_ii (n,),
    large counting as redundant. Relative errors are divided by it, so that what every logit has in common,
    such as rounding, is small where the power is large. NaN where nothing can be said."""
    return correlation(-np.asarray(power, float), error)
