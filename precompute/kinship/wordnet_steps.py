"""How far two categories are apart in WordNet: steps over their nearest common word.

A word of several senses (vessel: a ship, a container) stands in many lines. Two lines meet in one sense
only if everything above it is the same, too, so lines are compared from their far ends.
"""

from collections import defaultdict
from functools import cached_property

import numpy as np
import pandas as pd


class WordNetSteps:
    """The lines of a network's categories from each category's own name up to WordNet's root."""

    def __init__(self, categories: pd.DataFrame):
        self._lines = [
            () if found is None or not len(found) else (name, *found)
            for name, found in zip(categories["name"], categories["hypernyms"], strict=True)
        ]

    def between(self, one: int, other: int) -> float:
        """Steps between two categories by their index; nan where one has no line, or the lines never
        meet."""
        first, second = self._lines[one], self._lines[other]
        shared = 0
        for a, b in zip(reversed(first), reversed(second), strict=False):
            if a != b:
                break
            shared += 1
        return float(len(first) + len(second) - 2 * shared) if shared else float("nan")

    def to_all(self, one: int) -> np.ndarray:
        """`between` a category and every one, (n,)."""
        steps = np.full(len(self._lines), np.inf)
        for up in range(len(self._lines[one])):
            others, further = self._below[self._lines[one][up:]]
            steps[others] = np.minimum(steps[others], up + further)
        return np.where(np.isfinite(steps), steps, np.nan)

    @cached_property
    def _below(self) -> dict[tuple[str, ...], np.ndarray]:
        """The categories below every word in one sense, and how many steps, (2, categories), by word and
        all above it."""
        found: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
        for category, line in enumerate(self._lines):
            for up in range(len(line)):
                found[line[up:]].append((category, up))
        return {above: np.array(pairs).T for above, pairs in found.items()}

    def of(self, targets: pd.Series, sources: pd.Series) -> list[float]:
        """The steps of many pairs, row by row."""
        pairs = zip(targets.astype(int), sources.astype(int), strict=True)
        return [self.between(target, source) for target, source in pairs]

    def quartile(self, n_pairs: int = 2000, seed: int = 0) -> float:
        """Steps that a quarter of `n_pairs` random pairs of categories does not reach: what is nearer
        counts as near. nan without WordNet."""
        known = [k for k, line in enumerate(self._lines) if line]
        if len(known) < 2:
            return float("nan")
        rng = np.random.default_rng(seed)
        pairs = (rng.choice(known, size=2, replace=False) for _ in range(n_pairs))
        return float(np.nanquantile([self.between(*pair) for pair in pairs], 0.25))
