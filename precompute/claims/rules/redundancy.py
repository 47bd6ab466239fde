"""Whether redundant categories have good equations: rank correlation over categories."""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from precompute.claims import bootstrap
from precompute.claims.trial import Trial, too_few

STRONG, WEAK = 0.5, 0.25  # Spearman's rho


def trial(evaluation: pd.DataFrame, floor: np.ndarray, n_images: int) -> Trial:
    """`evaluation` has one row per target at one choice, `floor` (n,) is that of categories.parquet, NaN
    where it says nothing. Then the held-out error of the dense map stands in for it."""
    error = evaluation["holdout_error_refit"].to_numpy(float)
    own = np.asarray(floor, dtype=float)[evaluation["target"].to_numpy()]
    told = np.isfinite(own).all() and np.ptp(own) > 1e-9
    redundancy = own if told else evaluation["dense_error"].to_numpy(float)
    known = np.isfinite(error) & np.isfinite(redundancy)
    lacking = too_few(n_images, int(known.sum()))
    if lacking:
        return Trial(untestable=lacking, n_images=n_images, n_categories=int(known.sum()))
    pairs = np.stack([redundancy[known], error[known]])
    if (np.ptp(pairs, axis=1) == 0).any():
        return Trial(
            untestable="All categories are equally redundant, or have equal errors: nothing to compare.",
            n_images=n_images, n_categories=pairs.shape[1],
        )  # fmt: skip
    low, high = bootstrap.over_categories(pairs.shape[1], lambda rows: spearman(*pairs[:, rows]))
    source = "the floor" if told else (
        "the held-out error of the dense map (the floor says nothing here: too few images, or a rank "
        "below the number of categories)"
    )  # fmt: skip
    return Trial(
        spearman(*pairs), low, high, STRONG, WEAK, n_images, pairs.shape[1],
        {"no relation": 0.0}, remark=f"Redundancy is {source}.", ends=(-1.0, 1.0),
    )  # fmt: skip


def spearman(x: np.ndarray, y: np.ndarray) -> float:
    """Rank correlation of two samples (n,), ties at their mean rank; NaN where one does not vary."""
    ranks = np.stack([rankdata(x), rankdata(y)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    power = (ranks**2).sum(axis=1)
    return float(ranks[0] @ ranks[1] / np.sqrt(power.prod())) if power.all() else float("nan")
