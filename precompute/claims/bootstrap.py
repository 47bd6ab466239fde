"""95% percentile bootstrap intervals (Efron and Tibshirani 1993, section 13.3), seeded.

Over images and categories at once where a figure is a median over categories of something measured on
images: both are drawn anew in every resample, which is on the cautious side (Owen 2007, the pigeonhole
bootstrap). Over categories alone where each category brings one number.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from precompute.equations.median_r2 import N_RESAMPLES, NORMAL
from precompute.resamples import LEVEL, N_DRAWS, SEED, draws


@dataclass(frozen=True)
class Spread:
    """Sums of squares about the mean of N held-out images' logits: (n,) of all, (N_RESAMPLES, n) of
    each resample."""

    whole: np.ndarray
    drawn: np.ndarray

    @classmethod
    def of(cls, logits: np.ndarray) -> "Spread":
        """Of logits (N, n)."""
        # Centred first: in float32 a difference of two large sums would lose its digits.
        centred = (logits - logits.mean(axis=0, dtype=np.float64)).astype(np.float32)
        drawn = sums(centred**2) - sums(centred) ** 2 / sums(np.ones((len(logits), 1), np.float32))
        return cls((centred.astype(np.float64) ** 2).sum(axis=0), drawn)


def sums(per_image: np.ndarray) -> np.ndarray:
    """Sums (N_RESAMPLES, n) of numbers of the images (N, n) float32 over every resample of them."""
    images = draws(len(per_image))
    in_groups = np.add.reduceat(per_image[images.order], images.starts)
    return images.counts[:N_RESAMPLES].astype(np.float32) @ in_groups


def category_rows(n_categories: int) -> np.ndarray:
    """Which categories are in each resample: (N_DRAWS, n)."""
    return np.random.default_rng(SEED + 1).integers(n_categories, size=(N_DRAWS, n_categories))


def r2(residual: np.ndarray, spread: Spread, targets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """R² of the `targets` (T,) from residuals (N, n) of held-out images: (T,) and (N_RESAMPLES, T). NaN
    where the logit does not vary."""
    squared = residual[:, targets].astype(np.float32) ** 2
    drawn = sums(squared)
    whole = squared.sum(axis=0, dtype=np.float64)
    return (
        1 - whole / _positive(spread.whole[targets]),
        1 - drawn / _positive(spread.drawn[:, targets]),
    )


def medians(drawn: np.ndarray) -> np.ndarray:
    """Median over categories of every resample (N_RESAMPLES, n), its categories drawn anew:
    (N_RESAMPLES,), or empty without any category."""
    if not drawn.shape[1]:
        return np.empty(0)
    rows = category_rows(drawn.shape[1])[: len(drawn)]
    return np.nanmedian(np.take_along_axis(drawn, rows, axis=1), axis=1)


def over_categories(
    n_categories: int, figure: Callable[[np.ndarray], float]
) -> tuple[float, float]:
    """Interval of `figure`, a function of the rows of the categories that count."""
    return interval(np.array([figure(rows) for rows in category_rows(n_categories)]))


def about(value: float, drawn: np.ndarray) -> tuple[float, float]:
    """Interval of a median R²: 1.96 root mean squares of what the resamples differ from `value` by. Few
    images show a category and carry most of its variance, so that resamples lie to one side of the figure,
    and quantiles would count this bias twice (`precompute.equations.median_r2`)."""
    reach = NORMAL * float(np.sqrt(np.nanmean((drawn - value) ** 2)))
    return value - reach, value + reach


def interval(drawn: np.ndarray) -> tuple[float, float]:
    """Percentiles of the resamples' figures; resamples without a figure (NaN) are left out."""
    low, high = np.nanquantile(drawn, LEVEL)
    return float(low), float(high)


def _positive(sums: np.ndarray) -> np.ndarray:
    return np.where(sums > 0, sums, np.nan)
