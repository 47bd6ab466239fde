"""Find categories by name, WordNet id, ancestor or definition, as one types and whatever one mistypes."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import pandas as pd


class SearchIndex:
    """The names of one label set, searched by whole words and beginnings of words.

    The name that is just the query comes first, be it a sign such as "+". Then come names that hold it as a
    word, what WordNet places under it, beginnings of words in names, WordNet ids, ancestors and definitions
    (the earlier in one, the better), and the inside of names; last what is spelled alike, as a whole or in
    one of its words. Definitions are found without their accents, too: "shui" for "shuǐ".
    """

    ALIKE = 66  # least likeness (rapidfuzz, 0 to 100) that counts as a misspelling of a name ...
    ALIKE_WORD = 75  # ... and of one word of it

    def __init__(self, categories: pd.DataFrame):
        self.names = categories["name"].tolist()
        self.index = pd.Series(np.arange(len(self.names)), index=self.names)
        self._lower = [name.lower() for name in self.names]
        self._synset = [str(found or "").lower() for found in categories["synset"]]
        # Between spaces, so that a space in front of a query asks for the beginning of a word.
        self._spaced = [f" {_bare(name)} " for name in self.names]
        self._definition = [_both(str(found or "")) for found in categories["definition"]]
        self._ancestors: dict[str, list[int]] = {}
        for i, line in enumerate(categories["hypernyms"]):
            for word in {f" {_bare(word)} " for word in (() if line is None else line)}:
                self._ancestors.setdefault(word, []).append(i)
        everything = (*self._spaced, *self._synset, *self._definition, *self._ancestors)
        self._everything = "\n".join(everything)
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
        """Names for a query, best first, misspelt ones where there is room; empty for an empty query."""
        wanted, exact = _bare(text), self._exact(text)
        if not wanted:
            return exact
        best = list(islice(self._holding(wanted), limit))
        if len(best) < limit:
            best += [i for i in self._alike(wanted, limit) if i not in best]
        return list(dict.fromkeys([*exact, *(self.names[i] for i in best)]))[:limit]

    def every(self, text: str) -> list[str]:
        """All names that hold a query in one way or another, best first; misspelt ones, as far as `find`
        has them, only where there is no other."""
        wanted = _bare(text)
        found = [self.names[i] for i in self._holding(wanted)] if wanted else []
        return list(dict.fromkeys([*self._exact(text), *found])) or self.find(text)

    def _exact(self, text: str) -> list[str]:
        return [text] if text in self.index else []

    def _holding(self, wanted: str) -> Iterator[int]:
        """Categories that hold a query as it is spelled, best first, each once. Who needs only the first
        ones stops early, and what is left is never looked at."""
        if wanted not in self._everything:  # as most misspelt words are not
            return
        seen: set[int] = set()
        for stage in self._stages(wanted):
            for i in stage():
                if i not in seen:
                    seen.add(i)
                    yield i

    def _stages(self, wanted: str) -> tuple[Callable[[], list[int]], ...]:
        start, whole = f" {wanted}", f" {wanted} "
        return (
            lambda: self._in_names(whole),
            lambda: sorted(self._ancestors.get(whole, ())),
            lambda: self._in_names(start),
            lambda: [i for i, own in enumerate(self._synset) if own.startswith(wanted)],
            lambda: sorted(
                {i for word, rows in self._ancestors.items() if start in word for i in rows}
            ),
            lambda: self._in_definitions(whole),
            lambda: self._in_definitions(start),
            lambda: self._in_names(wanted),
        )

    def _in_names(self, part: str) -> list[int]:
        """Rows whose name holds this; those that begin with it first, short ones before long ones."""
        found = [i for i, own in enumerate(self._spaced) if part in own]
        return sorted(
            found, key=lambda i: (not self._spaced[i].startswith(part), len(self.names[i]))
        )

    def _in_definitions(self, part: str) -> list[int]:
        """Rows whose definition holds this; those that say it early first."""
        places = [(own.find(part), i) for i, own in enumerate(self._definition)]
        return [i for place, i in sorted(places) if place >= 0]

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


def _both(text: str) -> str:
    """A text as words between spaces, and behind it, where it has accents, the same without."""
    if text.isascii():  # as most are: 21,841 of them are read in half the time
        return f" {_bare(text)} "
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    words, without = _bare(text), _bare(plain)
    return f" {words} " if words == without else f" {words} {without} "


def _bare(text: str) -> str:
    """A text as words alone: in lower case, one space for whatever stands between them."""
    return re.sub(r"[\W_]+", " ", text.lower()).strip()
