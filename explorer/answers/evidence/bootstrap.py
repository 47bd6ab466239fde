"""Bootstrap intervals of an equation's held-out figures, fast enough for a slider.

Sums over images need only how often a resample draws each image: all resamples together are one product
of matrices. The shares within parts of a standard deviation take that deviation from the resample itself,
as the figure takes it from the images: held fixed, it would leave out most of their uncertainty. The
equation stays as it is; only the images that judge it are drawn anew.
"""

import numpy as np

from precompute.resamples import LEVEL, Draws, draws

FIGURES = ("error", "r2", "within_half_sd", "within_one_sd")  # of heldout.HeldOutFigures
CELLS = 1 << 21  # numbers of one block of running counts: 16 MiB

Interval = tuple[float, float]


def bootstrap(
    true_logit: np.ndarray, predicted: np.ndarray, origin: float = 0.0
) -> dict[str, Interval]:
    """95% interval (low, high) of each of FIGURES, which are defined as in `heldout.measure` with the
    standard deviation of the images at hand; nan where the logit does not vary. `true_logit` and
    `predicted` (N,) are those of the held-out images."""
    residual, about_mean = true_logit - predicted, true_logit - true_logit.mean()
    drawn = draws(len(true_logit))
    per_image = np.column_stack([
        np.ones(len(residual)), residual**2, (true_logit - origin) ** 2, about_mean, about_mean**2
    ])  # fmt: skip
    n, squared, power, first, second = drawn.sums(per_image).T
    spread = np.maximum(second - first**2 / n, 0.0)  # of a constant logit rounding may leave less
    sd, off = np.sqrt(spread / n), np.abs(residual)
    half, one = (closer_than(off, part * sd, drawn) for part in (0.5, 1.0))
    values = np.column_stack([
        squared / _positive(power), 1 - squared / _positive(spread), half / n, one / n,
    ])  # fmt: skip
    low, high = np.quantile(values, LEVEL, axis=0)
    return {name: (float(low[k]), float(high[k])) for k, name in enumerate(FIGURES)}


def closer_than(off: np.ndarray, limits: np.ndarray, drawn: Draws) -> np.ndarray:
    """How many images of each resample have `off` (N,) below that resample's own limit (N_DRAWS,).

    Below the smallest limit an image counts in every resample that draws it; only those between the
    smallest and the largest are looked at one by one, in rising order.
    """
    surely = drawn.sums((off < limits.min()).astype(float))
    near = np.flatnonzero((off >= limits.min()) & (off < limits.max()))
    if not len(near):
        return surely
    near = near[np.argsort(off[near], kind="stable")]
    n_inside = np.searchsorted(off[near], limits, side="left")
    groups, found = drawn.groups()[near], np.empty(len(limits))
    step = max(1, CELLS // len(near))
    for first in range(0, len(limits), step):
        block = slice(first, first + step)
        running = np.cumsum(drawn.counts[block][:, groups], axis=1)
        last = n_inside[block, None] - 1
        found[block] = np.take_along_axis(running, np.maximum(last, 0), axis=1)[:, 0]
    return surely + np.where(n_inside > 0, found, 0.0)


def _positive(values: np.ndarray) -> np.ndarray:
    return np.where(values > 0, values, np.nan)
