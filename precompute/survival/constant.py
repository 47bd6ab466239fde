"""One constant for all of a network's equations of a kind, chosen on fit images that were left out.

Squared error is spent on the thousands of images of other categories, so an equation says too little on its
own: a constant gives it back. The rule is one of false positives alone, as the few own images are in the
fit: the largest constant with which the pool makes no more of them than half-way between what the network
as it is makes and what `precompute.survival.rule` lets classification cost.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from precompute.equations.two_best import rivals
from precompute.survival.fit_images import FitImages
from precompute.survival.rule import tolerated


@dataclass(frozen=True)
class Margins:
    """Of one equation on left-out fit images of other categories: by how much its logit beats the best of
    the others, the largest only; how many such images there are; and how many the network gives it."""

    largest: np.ndarray
    n_others: int
    n_false: int


@dataclass(frozen=True)
class Others:
    """The fit images of other categories than a target: which of all they are (S,) bool, what each asks of
    the target's logit to be given to it, and how many the network gives it."""

    images: np.ndarray
    rivals: np.ndarray
    n_false: int

    @classmethod
    def of(cls, target: int, images: FitImages) -> "Others":
        """Of `images.logits`, those known to be of others."""
        others = (images.reference >= 0) & (images.reference != target)
        given = images.best[others, 0] == target
        return cls(others, rivals(images.best[others], target), int(given.sum()))


def margins(left_out: np.ndarray, others: Others, most: int) -> Margins:
    """`left_out` (S,) is what the equation makes of all images, in raw logits."""
    beaten = left_out[others.images] - others.rivals
    n_others = len(beaten)
    if n_others > most:
        beaten = np.partition(beaten, n_others - most)[n_others - most :]
    return Margins(beaten.astype(np.float32), n_others, others.n_false)


def allowed(n_others: int, n_false: int) -> int:
    """False positives that a pool may make on so many fit images, where the network itself makes
    `n_false`."""
    return int(n_false + (tolerated(n_false, n_others) - n_false) / 2)


def constant(pool: Iterable[Margins]) -> float:
    """The constant of a pool of equations; 0 where no image tells."""
    parts = list(pool)
    ordered = np.sort(np.concatenate([part.largest for part in parts]))[::-1].astype(float)
    if not len(ordered):
        return 0.0
    budget = allowed(sum(p.n_others for p in parts), sum(p.n_false for p in parts))
    # Half-way between the last that may be named and the first that may not.
    last, first = min(max(budget - 1, 0), len(ordered) - 1), min(budget, len(ordered) - 1)
    return -float(ordered[last] + ordered[first]) / 2
