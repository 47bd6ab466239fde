"""Bootstrap intervals of an equation's held-out figures, fast enough for a slider.

Every figure is a function of sums over images, so a resample needs only how often it draws each image:
all resamples together are one product of matrices. The equation stays as it is; only the images that
judge it are drawn anew (percentile bootstrap, Efron and Tibshirani 1993, section 13.3).
"""

from functools import lru_cache

import numpy as np

FIGURES = ("error", "r2", "within_half_sd", "within_one_sd")  # of heldout.HeldOutFigures
N_DRAWS, SEED = 1000, 0
MOST = 2000  # units that are drawn; more images are drawn in this many groups of them
LEVEL = (0.025, 0.975)

Interval = tuple[float, float]


def bootstrap(
    true_logit: np.ndarray, predicted: np.ndarray, sd: float, origin: float = 0.0
) -> dict[str, Interval]:
    """95% interval (low, high) of each of FIGURES, which are defined as in `heldout.measure`; nan where
    the logit does not vary. `true_logit` and `predicted` (N,) are those of the held-out images."""
    residual, about_mean = true_logit - predicted, true_logit - true_logit.mean()
    off = np.abs(residual)
    order, starts, counts = draws(len(true_logit))
    per_image = np.column_stack([
        np.ones(len(residual)), residual**2, (true_logit - origin) ** 2, about_mean, about_mean**2,
        off < 0.5 * sd, off < sd,
    ])  # fmt: skip
    sums = counts @ np.add.reduceat(per_image[order], starts)
    n, squared, power, first, second, half, one = sums.T
    spread = second - first**2 / n
    values = np.column_stack([
        squared / _positive(power), 1 - squared / _positive(spread), half / n, one / n,
    ])  # fmt: skip
    low, high = np.quantile(values, LEVEL, axis=0)
    return {name: (float(low[k]), float(high[k])) for k, name in enumerate(FIGURES)}


@lru_cache(maxsize=4)
def draws(n_images: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Order of the images (N,), where each group begins in it (G,), and how often each of N_DRAWS
    resamples draws each group (N_DRAWS, G). Up to MOST images every one is its own group; beyond, the
    groups are random, so their sums are as independent as the images' own."""
    rng = np.random.default_rng(SEED)
    groups = min(n_images, MOST)
    order = np.arange(n_images) if groups == n_images else rng.permutation(n_images)
    starts = np.arange(groups) * n_images // groups
    drawn = rng.integers(groups, size=(N_DRAWS, groups))
    cells = drawn + groups * np.arange(N_DRAWS)[:, None]
    counts = np.bincount(cells.ravel(), minlength=N_DRAWS * groups).reshape(N_DRAWS, groups)
    return order, starts, counts.astype(np.float64)


def _positive(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, np.nan)
