"""Three reasons why one category might be written in another: the network confuses them, its last layer
weighs the features alike, or WordNet places them side by side.

Each measure gives, for some targets (B,), its value for every source, (B, n), NaN where it is unknown;
larger is more alike.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from precompute.equations.batches import Batch

Similarity = Callable[[np.ndarray], np.ndarray]
Sense = tuple[str, ...]  # a WordNet word and the words above it, from near to far


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


class WordNetNearness:
    """Minus the steps between two categories over their nearest common WordNet word, as the pages count
    them: from each category up its line of `hypernyms` (names from near to far) to that word. A word is
    common in one sense only if everything above it is, too. Unknown where either has no line, or the lines
    never meet."""

    def __init__(self, names: Sequence[str], hypernyms: Iterable[Sequence[str] | None]):
        self._lines = [_line(name, found) for name, found in zip(names, hypernyms, strict=True)]
        below: dict[Sense, list[tuple[int, int]]] = defaultdict(list)
        for category, line in enumerate(self._lines):
            for steps, sense in enumerate(line):
                below[sense].append((category, steps))
        self._below = {sense: np.array(found).T for sense, found in below.items()}

    def __call__(self, targets: np.ndarray) -> np.ndarray:
        """Minus the steps to every category, (B, n)."""
        rows = np.full((len(targets), len(self._lines)), -np.inf)
        for row, target in enumerate(targets):
            for steps, sense in enumerate(self._lines[target]):
                others, further = self._below[sense]
                rows[row, others] = np.maximum(rows[row, others], -(steps + further))
        return np.where(np.isfinite(rows), rows, np.nan)


def head_cosine(cosines: np.ndarray | None, n: int) -> Similarity:
    """Cosine of the weights of both categories in the network's linear last layer, from the matrix of all
    (n, n); unknown everywhere where there is none."""
    if cosines is None:
        return lambda targets: np.full((len(targets), n), np.nan)
    return lambda targets: cosines[targets].astype(float)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities (B, n) of logits (B, n), in float64."""
    power = np.exp(logits.astype(float) - logits.max(axis=1, keepdims=True))
    return power / power.sum(axis=1, keepdims=True)


def _line(name: str, hypernyms: Sequence[str] | None) -> list[Sense]:
    """A category and every word over it, each with all that is above it; nothing outside WordNet."""
    if hypernyms is None or not len(hypernyms):
        return []
    words = (name, *hypernyms)
    return [words[steps:] for steps in range(len(words))]
