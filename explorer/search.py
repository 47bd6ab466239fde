"""Find categories by name, WordNet id or definition, as one types and whatever one mistypes."""

import numpy as np
import pandas as pd


class SearchIndex:
    """The names of one label set. Exact hits come first, then beginnings, then words inside a name,
    WordNet ids, definitions, and last what is spelled alike: as a whole or in one of its words."""

    ALIKE = 66  # least likeness (rapidfuzz, 0 to 100) that counts as a misspelling of a name ...
    ALIKE_WORD = 75  # ... and of one word of it

    def __init__(self, categories: pd.DataFrame):
        self.names = categories["name"].tolist()
        self.index = pd.Series(np.arange(len(self.names)), index=self.names)
        self._lower = [name.lower() for name in self.names]
        self._synset = [str(found or "").lower() for found in categories["synset"]]
        self._definition = [str(found or "").lower() for found in categories["definition"]]
        # One text to look through per category; a line break keeps a hit from crossing its parts.
        self._everything = [
            "\n".join(parts)
            for parts in zip(self._lower, self._synset, self._definition, strict=True)
        ]
        self._words: dict[str, list[int]] = {}
        for i, name in enumerate(self._lower):
            for word in name.split():
                self._words.setdefault(word, []).append(i)

    def named(self, text: str) -> str | None:
        """The category that is called so, in whatever case, or has this WordNet id; None where none
        has, or more than one."""
        if text in self.index:
            return text
        wanted = text.lower()
        both = zip(self.names, self._lower, self._synset, strict=True)
        found = [name for name, lower, synset in both if wanted and wanted in (lower, synset)]
        return found[0] if len(found) == 1 else None

    def find(self, text: str, limit: int = 12) -> list[str]:
        """Names for a query, best first; empty for an empty query."""
        wanted = " ".join(text.lower().split())
        if not wanted:
            return []
        ranks = [self._rank(i, wanted) for i, own in enumerate(self._everything) if wanted in own]
        best = [i for _, i in sorted(ranks)[:limit]]
        if len(best) < limit:
            best += [i for i in self._alike(wanted, limit) if i not in best]
        return [self.names[i] for i in best[:limit]]

    def _rank(self, i: int, wanted: str) -> tuple[float, int]:
        name = self._lower[i]
        at = name.find(wanted)
        if at < 0:
            return (3.0 if self._synset[i].startswith(wanted) else 5.0), i
        kind = 0 if name == wanted else 1 if at == 0 else 2 if name[at - 1] in " -(" else 4
        return kind + len(name) / 1000, i

    def _alike(self, wanted: str, limit: int) -> list[int]:
        # Imported when somebody first mistypes, for the start of the app does not need it.
        from rapidfuzz import fuzz, process

        whole = process.extract(
            wanted, self._lower, scorer=fuzz.token_set_ratio, limit=limit, score_cutoff=self.ALIKE
        )
        words = process.extract(
            wanted, self._words.keys(), scorer=fuzz.ratio, limit=limit, score_cutoff=self.ALIKE_WORD
        )
        found = [(score, i) for _, score, i in whole]
        found += [(score - 1, i) for word, score, _ in words for i in self._words[word]]
        return list(dict.fromkeys(i for _, i in sorted(found, key=lambda hit: -hit[0])))
