"""Which categories an equation of the trial may use: all of them, or of very many those most like the
target."""

from dataclasses import dataclass

import numpy as np

from precompute.equations.folds import many
from precompute.equations.moments import CentredMoments
from precompute.survival.dense import DenseMaps
from precompute.survival.fit_images import FitImages

# Of very many categories: a weighted second moment is one of its own for each target, and dense maps cost
# the cube of their number.
NEAREST = 512


@dataclass(frozen=True)
class Scene:
    """One target among the categories that it may be written in, about the point of the fit.

    `categories` (m,) are their numbers, `target` is the place of the target among them; `moment` (m, m),
    `logits` (S, m) and the target's `own` (k, m) are theirs.
    """

    categories: np.ndarray
    target: int
    moment: np.ndarray
    logits: np.ndarray
    own: np.ndarray
    maps: DenseMaps


class Scenes:
    """The scene of one target after another, at one share of weight."""

    def __init__(self, fit: CentredMoments, images: FitImages, share: float):
        self._fit, self._images, self._share = fit, images, share
        self._shared = None if many(len(fit.moment)) else self._among(np.arange(len(fit.moment)))

    def of(self, target: int) -> Scene:
        """Fewer categories than `many` are looked at all together, and once for all targets."""
        categories = np.arange(len(self._fit.moment)) if self._shared else self._nearest(target)
        moment, logits, maps = self._shared or self._among(categories)
        own = self._images.own[target][:, categories] - self._fit.source_mean[categories]
        place = int(np.searchsorted(categories, target))
        return Scene(categories, place, moment, logits, own, maps)

    def _nearest(self, target: int) -> np.ndarray:
        """The target and the categories with the largest |E[b a]| / sqrt(E[b^2]), ascending."""
        power = np.where(self._fit.power > 0, self._fit.power, np.inf)
        likeness = np.abs(self._fit.moment[target]) / np.sqrt(power)
        likeness[target] = np.inf
        return np.sort(np.argsort(-likeness, kind="stable")[:NEAREST])

    def _among(self, categories: np.ndarray) -> tuple[np.ndarray, np.ndarray, DenseMaps]:
        moment, logits = self._fit.moment, self._images.logits
        if len(categories) < len(moment):
            moment, logits = moment[np.ix_(categories, categories)], logits[:, categories]
        logits = np.asfortranarray(logits - self._fit.source_mean[categories])  # columns are picked
        return moment, logits, DenseMaps(moment, self._share, logits, self._images.n_images)
