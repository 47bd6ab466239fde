"""The figures of an experiment on unseen categories, and how far they would lie for another draw of
categories: two levels of chance, the draw and the held-out images.

Rule: each of K draws is an experiment like the others, judged on its own bootstrap draws of images. The
interval is that of a further experiment of this kind: every bootstrap value of every draw counts once,
and the draws' distances from their mean are widened by sqrt((K + 1) / (K - 1)), so that their spread is
s * sqrt(1 + 1/K), what K draws with standard deviation s say of the next one. One draw tells nothing of
this spread: then the interval is that over images alone.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from explorer.answers.unseen import DRAWN
from precompute.unseen import seen_unseen_curve
from precompute.unseen.seen_unseen_curve import Outcome

LEVEL = (2.5, 97.5)  # percentiles
MEASURES = ("U", "S", "H", "unseen_top1")


class Spread(NamedTuple):
    """A figure's mean over draws of categories, and the 95 % interval of a further experiment."""

    mean: float
    low: float
    high: float
    n_draws: int


def spread(points: np.ndarray, drawn: np.ndarray) -> Spread:
    """`points` (K,) are the figure in each draw of categories, `drawn` (K, R) its values on R bootstrap
    draws of the images of each; both are fractions, and so are the ends of the interval."""
    k, mean = len(points), float(np.mean(points))
    wider = np.sqrt((k + 1) / (k - 1)) if k > 1 else 1.0
    centres = mean + wider * (np.asarray(points) - mean)
    values = centres[:, None] + (drawn - np.asarray(points)[:, None])
    low, high = np.clip(np.percentile(values, LEVEL), 0.0, 1.0)
    return Spread(mean, float(low), float(high), k)


def spreads(results: Sequence[Outcome], gammas: Sequence[float]) -> dict[str, Spread]:
    """The spread of each of MEASURES over experiments: their held-out images under one map, and the gamma
    of each."""
    points = [
        seen_unseen_curve.rates(result, gamma)
        for result, gamma in zip(results, gammas, strict=True)
    ]
    drawn = [
        seen_unseen_curve.rates(result, gamma, resamples(result))
        for result, gamma in zip(results, gammas, strict=True)
    ]
    return {
        name: spread(
            np.array([float(point[name]) for point in points]),
            np.array([values[name] for values in drawn]),
        )
        for name in MEASURES
    }


def resamples(result: Outcome) -> np.ndarray:
    """How often each of its N images is in each bootstrap draw (R, N) float32."""
    return _resamples(result.unseen.tobytes())


@lru_cache(maxsize=8)
def _resamples(mask: bytes) -> np.ndarray:
    return seen_unseen_curve.draws(np.frombuffer(mask, dtype=bool), 0).astype(np.float32)


def of_one_kind(info: Mapping, other: Mapping) -> bool:
    """Whether two experiments (rows of experiment.parquet) differ in nothing but their random draw of the
    unseen categories, the one with itself among them."""
    alike = all(
        info[name] == other[name] for name in ("student", "teacher", "categories", "masked")
    )
    drawn = str(info["categories"]).startswith(DRAWN)
    return alike and (drawn or info["seed"] == other["seed"])
