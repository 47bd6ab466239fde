"""What the trial needs of the fit images, from one pass: each category's own, and some to find constants
on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from precompute.equations.batches import Batch
from precompute.equations.two_best import reference_of, two_best
from precompute.equations.weighting import MOST_OWN

MOST_TRIED = 2048  # images that constants are chosen on: they are at hand for every equation


@dataclass(frozen=True)
class FitImages:
    """Logits are raw; `own[i]` (m, n) are those of the images of category i, at most MOST_OWN of them."""

    own: dict[int, np.ndarray]
    logits: np.ndarray  # (S, n) of the images that constants are chosen on, at most MOST_TRIED
    reference: np.ndarray  # (S,) whose each of them is, -1 where unknown
    best: np.ndarray  # (S, 4), see `two_best`
    by_label: bool
    n_images: int  # of all fit images

    @property
    def kind(self) -> str:
        """What says whose an image is: a value of `own_reference` in survival.parquet."""
        return "label" if self.by_label else "top1"


def fit_images(
    batches: Callable[[str], Iterator[Batch]], categories: np.ndarray, seed: int
) -> FitImages:
    """Of the fit images of a network, those of `categories` (own) and a seeded sample of all.

    Whose an image is says its label; where no fit image has one, the network's own top-1.
    """
    by_label = any((batch.labels >= 0).any() for batch in batches("fit"))
    n_images = sum(len(batch.labels) for batch in batches("fit"))
    rng = np.random.default_rng(seed)
    tried = np.zeros(n_images, dtype=bool)
    tried[rng.choice(n_images, min(MOST_TRIED, n_images), replace=False)] = True
    own: dict[int, list[np.ndarray]] = {int(category): [] for category in categories}
    logits, reference, start = [], [], 0
    for batch in batches("fit"):
        true = reference_of(batch, by_label)
        rows = tried[start : start + len(true)]
        start += len(true)
        logits.append(batch.targets[rows].astype(np.float32))
        reference.append(true[rows])
        for row in np.flatnonzero(np.isin(true, categories)):
            mine = own[int(true[row])]
            if len(mine) < MOST_OWN:
                mine.append(batch.targets[row].astype(np.float64))
    sample = np.concatenate(logits)
    return FitImages(
        {i: np.array(rows).reshape(len(rows), sample.shape[1]) for i, rows in own.items()},
        sample,
        np.concatenate(reference),
        two_best(sample),
        by_label,
        n_images,
    )
