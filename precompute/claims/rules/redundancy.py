"""Whether redundant categories have good equations: rank correlation over categories.

The figure is the one of the page on redundancy (`precompute.redundancy.small_error`).
"""

import numpy as np
import pandas as pd

from precompute.claims.trial import Trial, too_few
from precompute.redundancy.small_error import goes_with_error, goes_with_size, yardstick

STRONG, WEAK = 0.5, 0.25  # Spearman's rho
REMARKS = {
    "": "Redundancy is the floor.",
    "few images": "Redundancy is the held-out error of the dense map: with so few images the floor says "
    "nothing.",
    "forced": "Redundancy is the held-out error of the dense map: the rank is below the number of "
    "categories, and the floor of all is 0.",
}


def trial(evaluation: pd.DataFrame, floor: np.ndarray, power: np.ndarray, n_images: int) -> Trial:
    """`evaluation` has one row per target at one choice, `floor` (n,) and `power` (n,) are those of
    categories.parquet; where the floor is NaN it says nothing, and the held-out error of the dense map
    stands in for it. What the size of the logit alone orders is the yardstick."""
    error, target = (
        evaluation["holdout_error_refit"].to_numpy(float),
        evaluation["target"].to_numpy(),
    )
    own = np.asarray(floor, dtype=float)[target]
    redundancy = yardstick(own, evaluation["dense_error"].to_numpy(float))
    n = int((np.isfinite(error) & np.isfinite(redundancy.values)).sum())
    lacking = too_few(n_images, n)
    found = None if lacking else goes_with_error(redundancy.values, error)
    if found is None or not found.known:
        alike = "All categories are equally redundant, or have equal errors: nothing to compare."
        return Trial(untestable=lacking or alike, n_images=n_images, n_categories=n)
    size = goes_with_size(np.asarray(power, dtype=float)[target], error)
    beside = {"no relation": 0.0} | (
        {"the size of the logit alone": size} if np.isfinite(size) else {}
    )
    return Trial(
        found.value, found.low, found.high, STRONG, WEAK, n_images, found.n, beside,
        remark=REMARKS[redundancy.why], ends=(-1.0, 1.0),
    )  # fmt: skip
