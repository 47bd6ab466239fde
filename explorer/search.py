"""Find categories by name, WordNet id or definition, as one types and whatever one mistypes."""

from functools import cached_property

import numpy as np
import pandas as pd


class SearchIndex:
    """The names of one label set. Exact hits come first, then beginnings, then words inside a name,
    WordNet ids, definitions, and last what is spelled alike (character trigrams, cosine)."""

    ALIKE = 0.35  # least cosine that counts as a misspelling

    def __init__(self, categories: pd.DataFrame):
        self.names = categories["name"].tolist()
        self.index = pd.Series(np.arange(len(self.names)), index=self.names)
        self._lower = [name.lower() for name in self.names]
        self._synset = [str(found or "").lower() for found in categories["synset"]]
        self._definition = [str(found or "").lower() for found in categories["definition"]]

    def find(self, text: str, limit: int = 12) -> list[str]:
        """Names for a query, best first; empty for an empty query."""
        wanted = " ".join(text.lower().split())
        if not wanted:
            return []
        ranks = np.array([self._rank(i, wanted) for i in range(len(self.names))])
        hits = np.flatnonzero(ranks < np.inf)
        best = hits[np.argsort(ranks[hits], kind="stable")][:limit].tolist()
        if len(best) < limit:
            best += [i for i in self._alike(wanted, limit) if i not in best]
        return [self.names[i] for i in best[:limit]]

    def _rank(self, i: int, wanted: str) -> float:
        name = self._lower[i]
        at = name.find(wanted)
        if at >= 0:
            kind = 0 if name == wanted else 1 if at == 0 else 2 if name[at - 1] in " -(" else 4
            return kind + len(name) / 1000
        if self._synset[i].startswith(wanted):
            return 3.0
        return 5.0 if wanted in self._definition[i] else np.inf

    def _alike(self, wanted: str, limit: int) -> list[int]:
        vectorizer, matrix = self._trigrams
        likeness = (matrix @ vectorizer.transform([wanted]).T).toarray().ravel()
        order = np.argsort(-likeness, kind="stable")[:limit]
        return [int(i) for i in order if likeness[i] >= self.ALIKE]

    @cached_property
    def _trigrams(self):
        # Imported when somebody first mistypes: scikit-learn takes most of a second to load.
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3), dtype=np.float32)
        return vectorizer, vectorizer.fit_transform(self._lower)
