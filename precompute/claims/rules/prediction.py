"""Whether a few logits predict another one, within a network and between two: median held-out R²."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from precompute.claims import bootstrap
from precompute.claims.bootstrap import Spread
from precompute.claims.trial import Trial, too_few

WANTED, LITTLE = 0.5, 0.25  # half, and a quarter, of the variance explained
# What stands beside R²: column of evaluation.parquet, and how it is called.
YARDSTICKS = {
    "control_r2": "shuffled targets",
    "random_r2": "as many random parents",
    "correlated_r2": "the most correlated parents",
    "dense_r2": "dense map",
}


@dataclass(frozen=True)
class Equations:
    """The refit equations of one choice, and the rows of evaluation.parquet that judge them."""

    dependencies: pd.DataFrame  # target, source, refit, intercept_refit
    evaluation: pd.DataFrame  # one row per target

    def predicted(self, sources: np.ndarray, n_targets: int) -> np.ndarray:
        """What they say on N images of which the sources' logits are (N, n): (N, n_targets) float32."""
        rows = self.dependencies
        weights = csr_array(
            (rows["refit"].to_numpy(np.float32), (rows["target"], rows["source"])),
            shape=(n_targets, sources.shape[1]),
        )
        constants = np.zeros(n_targets, dtype=np.float32)
        constants[rows["target"]] = rows["intercept_refit"]
        return (weights @ sources.astype(np.float32).T).T + constants


@dataclass(frozen=True)
class MedianR2:
    """Median over targets of the held-out R², on all images and in every resample (N_RESAMPLES,); NaN, and
    no resample, where there are too few images or targets to judge."""

    value: float
    drawn: np.ndarray
    n_images: int
    n_targets: int

    @classmethod
    def of(
        cls, equations: Equations, truth: np.ndarray, sources: np.ndarray, spread: Spread
    ) -> "MedianR2":
        """`truth` (N, n) are the targets' logits, `spread` is theirs, `sources` (N, m) the same images'
        logits in the network that is written in."""
        targets = equations.evaluation["target"].to_numpy()
        if too_few(len(truth), len(targets)):
            return cls(float("nan"), np.empty(0), len(truth), len(targets))
        residual = truth.astype(np.float32) - equations.predicted(sources, truth.shape[1])
        each, drawn = bootstrap.r2(residual, spread, targets)
        known = np.isfinite(each)
        value = float(np.median(each[known])) if known.any() else float("nan")
        return cls(value, bootstrap.medians(drawn[:, known]), len(truth), int(known.sum()))


def trial(median: MedianR2, yardsticks: dict[str, float], remark: str = "") -> Trial:
    """The median R² against half of the variance, or what random parents reach where that is more; `remark`
    is what else a reader has to know."""
    lacking = too_few(median.n_images, median.n_targets)
    if lacking:
        return Trial(untestable=lacking, n_images=median.n_images, n_categories=median.n_targets)
    low, high = bootstrap.about(median.value, median.drawn)
    guessed = yardsticks.get(YARDSTICKS["random_r2"], 0.0)
    return Trial(
        median.value, low, high, max(WANTED, guessed), LITTLE, median.n_images, median.n_targets,
        yardsticks, remark, ends=(-np.inf, 1.0),
    )  # fmt: skip


def forced(rank: int, n_categories: int, n_features: int | None = None) -> str:
    """That a rank below the number of categories makes good equations by itself; empty where not, or
    where the last layer, `n_features` wide, allows a full rank and only images are lacking."""
    wide_enough = n_features is not None and n_features + 1 >= n_categories
    if rank >= n_categories or wide_enough:
        return ""
    return (
        f"The rank is {rank} of {n_categories}: on the fit images every logit is an exact sum of {rank} "
        "others, whatever the network learned."
    )


def medians_beside(evaluation: pd.DataFrame) -> dict[str, float]:
    """Medians over targets of what R² is compared with; those that were not measured are left out."""
    found = {name: float(evaluation[column].median()) for column, name in YARDSTICKS.items()}
    return {name: value for name, value in found.items() if np.isfinite(value)}
