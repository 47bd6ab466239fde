"""Whether redundant categories have good equations: rank correlation over categories.

The figure is the one of the page on redundancy (`precompute.redundancy.small_error`).
"""

import numpy as np
import pandas as pd

from precompute.claims.trial import Trial, too_few
from precompute.redundancy.small_error import goes_with_error, yardstick

STRONG, WEAK = 0.5, 0.25  # Spearman's rho
REMARKS = {
    "": "Redundancy is the floor.",
    "few images": "Redundancy is the held-out error of the dense map: with so few images the floor says "
    "nothing.",
    "forced": "Redundancy is the held-out error of the dense map: the rank is below the number of "
    "categories, and the floor of all is 0.",
}


def trial(evaluation: pd.DataFrame, floor: np.ndarray, n_images: int) -> Trial:
    """`evaluation` has one row per target at one choice, `floor` (n,) is that of categories.parquet, NaN
    where it says nothing. Then the held-out error of the dense map stands in for it."""
    error = evaluation["holdout_error_refit"].to_numpy(float)
    own = np.asarray(floor, dtype=float)[evaluation["target"].to_numpy()]
    redundancy = yardstick(own, evaluation["dense_error"].to_numpy(float))
    n = int((np.isfinite(error) & np.isfinite(redundancy.values)).sum())
    lacking = too_few(n_images, n)
    found = None if lacking else goes_with_error(redundancy.values, error)
    if found is None or not found.known:
        alike = "All categories are equally redundant, or have equal errors: nothing to compare."
        return Trial(untestable=lacking or alike, n_images=n_images, n_categories=n)
    return Trial(
        found.value, found.low, found.high, STRONG, WEAK, n_images, found.n, {"no relation": 0.0},
        remark=REMARKS[redundancy.why], ends=(-1.0, 1.0),
    )  # fmt: skip
