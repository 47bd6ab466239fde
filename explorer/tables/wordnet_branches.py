"""The branches of WordNet that a label set reaches into, and which categories hang from each."""

import numpy as np
import pandas as pd


class Branches:
    """Every hypernym that holds some categories but not one alone nor all, the largest first.

    `words` (k,) and `sizes` (k,), how many categories each holds; none where names have no WordNet ids.
    A category that bears the word itself belongs to its branch.
    """

    def __init__(self, categories: pd.DataFrame):
        lines = [() if found is None else found for found in categories["hypernyms"]]
        names = np.concatenate([np.empty(0, dtype=object), *lines])
        rows = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
        codes, words = pd.factorize(names)
        own = pd.Index(words).get_indexer(categories["name"])
        self._n = len(lines)
        word = np.append(codes, own[own >= 0])
        row = np.append(rows, np.flatnonzero(own >= 0))
        # Once each, by word: a line may say a word twice, in two senses.
        word, row = np.divmod(np.unique(word * self._n + row), max(self._n, 1))
        sizes = np.bincount(word, minlength=len(words))
        order = np.lexsort([words.astype(str), -sizes])
        order = order[(sizes[order] > 1) & (sizes[order] < self._n)]
        self.words: list[str] = words[order].tolist()
        self.sizes: list[int] = sizes[order].tolist()
        starts = np.searchsorted(word, order)
        self._rows = {
            name: row[start : start + size]
            for name, start, size in zip(self.words, starts, self.sizes, strict=True)
        }

    def mask(self, word: str) -> np.ndarray:
        """Which categories (n,) bool hang from this word. Raises KeyError for a word not in `words`."""
        found = np.zeros(self._n, dtype=bool)
        found[self._rows[word]] = True
        return found
