"""The verdict on a link in figures: the median over targets of held-out R², and how far other images
would have moved it.

Images are drawn anew, all targets on the same ones, since what one image says about two targets is
anything but independent. With the sums of squares of every image (or group of images) and target at hand,
all resamples are one product of matrices.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import sparse

from precompute.atlas import schema
from precompute.equations.batches import Batch
from precompute.resamples import draws

Batches = Callable[[], Iterator[Batch]]
NORMAL = 1.96  # standard deviations to either side hold 95 % of a normal distribution
N_RESAMPLES = 400  # the ends of an interval of a median over many targets move little with more


def median_table(dependencies: pd.DataFrame, batches: Batches, n_images: int) -> pd.DataFrame:
    """median.parquet from dependencies.parquet and the `n_images` held-out images of `batches()`, which
    are read once, and once for each choice and fit."""
    images = HeldOutImages(batches, n_images)
    rows = []
    for choice in schema.CHOICES:
        equations = dependencies[dependencies["choice"] == choice]
        row: dict[str, object] = {"choice": choice, "n_targets": equations["target"].nunique()}
        for weights, constant, suffix in (
            ("coefficient", "intercept", ""),
            ("refit", "intercept_refit", "_refit"),
        ):
            figures = images.median_r2(equations, weights, constant)
            names = (f"r2_median{suffix}{end}" for end in ("", "_low", "_high"))
            row |= dict(zip(names, figures, strict=True))
        rows.append(row)
    return pd.DataFrame(rows, columns=schema.MEDIAN.columns)


class HeldOutImages:
    """Held-out images, the variance of every target over them, and over every resample of them."""

    def __init__(self, batches: Batches, n_images: int):
        self._batches, drawn = batches, draws(n_images)
        # float32 has seven digits, of which an interval shows two.
        self._counts, self._groups = drawn.counts[:N_RESAMPLES].astype(np.float32), drawn.groups()
        self._sizes = np.bincount(self._groups)
        # About a point near their mean, so that little is lost when squares are subtracted.
        point = next(batches()).targets.mean(axis=0, dtype=np.float64)
        first = self._sums(lambda batch: batch.targets - point)
        second = self._sums(lambda batch: (batch.targets - point) ** 2)
        every = np.ones((1, len(self._sizes)))
        self._spread = self._about_mean(every, first, second)[0]  # (n_targets,)
        sums = first.astype(np.float32), second.astype(np.float32)
        self._drawn_spread = self._about_mean(self._counts, *sums)  # (N_RESAMPLES, n_targets)

    def median_r2(
        self, equations: pd.DataFrame, weights: str, constant: str
    ) -> tuple[float, float, float]:
        """Median of R² over the targets of `equations` (rows target, source, and columns of their
        `weights` and `constant`, in raw logits), and the ends of its 95% interval; nan without any."""
        found = equations["target"].unique()
        if not len(found):
            return (np.nan,) * 3
        table, intercept = self._weights(equations, weights), np.zeros(len(self._spread))
        intercept[equations["target"]] = equations[constant]
        squared = self._sums(
            lambda batch: (batch.targets - batch.sources @ table - intercept) ** 2
        )[:, found]
        median = float(np.median(_r2(squared.sum(axis=0), self._spread[found])))
        drawn = _r2(self._counts @ squared.astype(np.float32), self._drawn_spread[:, found])
        return median, *_ends(median, np.median(drawn, axis=1))

    def _weights(self, equations: pd.DataFrame, weights: str) -> sparse.csc_array:
        """Coefficients by (source, target)."""
        batch = next(self._batches())
        shape = batch.sources.shape[1], batch.targets.shape[1]
        entries = equations[weights].to_numpy(float), (equations["source"], equations["target"])
        return sparse.csc_array(entries, shape=shape)

    def _sums(self, values: Callable[[Batch], np.ndarray]) -> np.ndarray:
        """Sums over the images of each group (G, n_targets) of what `values` makes of a batch."""
        total, start = np.zeros((len(self._sizes), next(self._batches()).targets.shape[1])), 0
        for batch in self._batches():
            groups = self._groups[start : start + len(batch.labels)]
            start += len(groups)
            if len(self._sizes) == len(self._groups):  # every image is its own group
                total[groups] = values(batch)
            else:
                total += _members(groups, len(self._sizes)) @ values(batch)
        return total

    def _about_mean(self, counts: np.ndarray, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """Squares about the mean of each resample, summed; a constant logit leaves nothing."""
        squares = counts @ second
        n_images = counts @ self._sizes.astype(counts.dtype)
        spread = squares - (counts @ first) ** 2 / n_images[:, None]
        spread[spread <= 4 * np.finfo(spread.dtype).eps * squares] = 0.0
        return spread


def _ends(median: float, drawn: np.ndarray) -> tuple[float, float]:
    """Both ends of the 95% interval of the median, from those of the resamples.

    Few images show a category and carry most of its variance, so the median of resamples lies below that
    of the images, as this lies below that of all images there are. Quantiles of resamples would count
    this bias twice, and need not hold the median itself; the root mean square counts bias and spread once.
    """
    if not np.isfinite(median):
        return median, median
    reach = NORMAL * float(np.sqrt(np.mean((drawn.astype(float) - median) ** 2)))
    return median - reach, median + reach


def _members(groups: np.ndarray, n_groups: int) -> sparse.csr_array:
    """One where the group (row) has the image (column), else zero."""
    entries = np.ones(len(groups)), (groups, np.arange(len(groups)))
    return sparse.csr_array(entries, shape=(n_groups, len(groups)))


def _r2(squared: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """1 - squared / spread; of a constant logit 1 where it is met exactly, else minus infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = 1 - squared / spread
    found[np.isnan(found)] = 1.0
    return found
