"""What replacing one logit does to classification on held-out images, with intervals over these images."""

from dataclasses import dataclass

import numpy as np

from explorer.answers.evidence.bootstrap import Interval
from explorer.answers.evidence.heldout import Holdout, replaced_top1
from precompute.resamples import LEVEL, draws
from precompute.survival.rule import honest, tolerated, verdict


@dataclass(frozen=True)
class Replaced:
    """Images of the category, the share of its recall that is kept and the false positives beyond what the
    rule tolerates (`precompute.survival.rule`), both as 95% bootstrap intervals over images; nan where the
    network itself recognises no image of the category."""

    n_images: int
    kept: Interval
    excess: Interval

    @property
    def holds(self) -> bool | None:
        """Whether classification survives; None where it cannot be told."""
        return verdict(self.n_images, self.kept, self.excess)


def replaced(holdout: Holdout, target: int, predicted: np.ndarray) -> Replaced:
    """The target's logit replaced by `predicted` (N,) on every image."""
    truth, before = holdout.truth, holdout.top1 == target
    after = replaced_top1(holdout, target, predicted) == target
    own, others = truth == target, (truth >= 0) & (truth != target)
    kept = excess = (float("nan"), float("nan"))
    if before[own].any():
        counts = draws(int(own.sum())).sums(
            np.column_stack([before[own], after[own]]).astype(float)
        )
        # A resample without any image that was recognised says nothing.
        told = counts[counts[:, 0] > 0]
        n_right = float(before[own].sum())
        kept = honest(_interval(told[:, 1] / told[:, 0]), after[own].sum() / n_right, n_right)
    if others.any():
        n = int(others.sum())
        counts = draws(n).sums(np.column_stack([before[others], after[others]]).astype(float))
        excess = _interval(counts[:, 1] - tolerated(counts[:, 0], n))
    return Replaced(int(own.sum()), kept, excess)


def _interval(values: np.ndarray) -> Interval:
    low, high = np.quantile(values, LEVEL)
    return float(low), float(high)
