"""Three reasons why one category might be written in another: the network confuses them, its last layer
weighs the features alike, or WordNet places them side by side.

Each measure gives, for some targets (B,), a new array of its value for every source, (B, n), NaN where
it is unknown;
larger is more alike.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from precompute.equations.batches import Batch
from precompute.kinship.wordnet_steps import WordNetSteps

Similarity = Callable[[np.ndarray], np.ndarray]


class SoftConfusion:
    """Mean softmax probability of every category on the held-out images of each target.

    An image belongs to its label; where no image has one, to the network's own largest logit
    (`reference` says which). `n_images` (n,) are the images of each target: one without any is unknown.
    """

    def __init__(self, batches: Callable[[], Iterator[Batch]], n: int):
        labelled = any((batch.labels >= 0).any() for batch in batches())
        self.reference = "label" if labelled else "top1"
        self.n_images = np.zeros(n, dtype=np.int64)
        self._sums: dict[int, np.ndarray] = {}
        for batch in batches():
            true = batch.labels if labelled else batch.targets.argmax(axis=1)
            self._add(softmax(batch.targets[true >= 0]), true[true >= 0])

    def __call__(self, targets: np.ndarray) -> np.ndarray:
        """Mean probability of each category on images of these targets, (B, n)."""
        rows = np.full((len(targets), len(self.n_images)), np.nan)
        for row, target in enumerate(targets):
            if target in self._sums:
                rows[row] = self._sums[target] / self.n_images[target]
        return rows

    def _add(self, probability: np.ndarray, true: np.ndarray) -> None:
        self.n_images += np.bincount(true, minlength=len(self.n_images))
        for target in np.unique(true):
            found = probability[true == target].sum(axis=0)
            self._sums[int(target)] = self._sums.get(int(target), 0.0) + found


def wordnet_nearness(steps: WordNetSteps) -> Similarity:
    """Minus the steps over the nearest common WordNet word."""
    return lambda targets: -np.stack([steps.to_all(int(target)) for target in targets])


class Rows(Protocol):
    """A matrix, or what makes its rows when they are asked for."""

    def __getitem__(self, rows: np.ndarray, /) -> np.ndarray: ...


def head_cosine(cosines: Rows | None, n: int) -> Similarity:
    """Cosine of the weights of both categories in the network's linear last layer, from the rows of the
    matrix of all (n, n); unknown everywhere where there is none."""
    if cosines is None:
        return lambda targets: np.full((len(targets), n), np.nan)
    return lambda targets: cosines[targets].astype(float)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (B, n) of logits (B, n), in float64."""
    power = np.exp(logits.astype(float) - logits.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)
