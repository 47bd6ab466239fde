"""Bootstrap resamples of images: how often each is drawn, so that all sums are one product of matrices.

Percentile bootstrap (Efron and Tibshirani 1993, section 13.3): 95% of the resamples' values lie between
the quantiles LEVEL.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

N_DRAWS, SEED = 1000, 0
MOST = 2000  # units that are drawn; more images are drawn in this many groups of them
LEVEL = (0.025, 0.975)


class Draws(NamedTuple):
    """N images in G groups, and how often each resample draws each group."""

    order: np.ndarray  # (N,) images, group by group
    starts: np.ndarray  # (G,) where each group begins in the order
    counts: np.ndarray  # (N_DRAWS, G)

    def sums(self, per_image: np.ndarray) -> np.ndarray:
        """Sums (N_DRAWS, ...) of numbers of the images (N, ...) over every resample."""
        return self.counts @ np.add.reduceat(per_image[self.order], self.starts)

    def groups(self) -> np.ndarray:
        """The group of every image (N,)."""
        found = np.empty(len(self.order), dtype=int)
        sizes = np.diff(self.starts, append=len(self.order))
        found[self.order] = np.repeat(np.arange(len(self.starts)), sizes)
        return found


@lru_cache(maxsize=4)
def draws(n_images: int, seed: int = SEED) -> Draws:
    """N_DRAWS resamples of so many images; two sets of images want two seeds. Up to MOST every image is
    its own group; beyond, the groups are random, so their sums are as independent as the images' own."""
    rng = np.random.default_rng(seed)
    groups = min(n_images, MOST)
    order = np.arange(n_images) if groups == n_images else rng.permutation(n_images)
    starts = np.arange(groups) * n_images // groups
    drawn = rng.integers(groups, size=(N_DRAWS, groups))
    cells = drawn + groups * np.arange(N_DRAWS)[:, None]
    counts = np.bincount(cells.ravel(), minlength=N_DRAWS * groups).reshape(N_DRAWS, groups)
    return Draws(order, starts, counts.astype(np.float64))
