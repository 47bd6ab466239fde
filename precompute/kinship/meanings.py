"""Whether two categories are strangers by all that a dictionary says of them: a stricter question than
how many steps of WordNet lie between them.

Steps mislead in three ways. A path between two artifacts is long however alike they are (wooden spoon,
spatula); a short path may end in a word as narrow as food (chocolate sauce, ice cream). A category may bear
another sense than its photographs show (cup: a punch). And things that belong together stand in distant
branches, while their meanings speak of the same (toilet tissue and paper towel: absorbent paper). So
strangers are told by how general the word is over both (Resnik, 1995), in the nearest of all senses of
their names, and by whether their glosses share a rare word (Lesk, 1986; Banerjee & Pedersen, 2003).
"""

from collections import Counter, defaultdict

import numpy as np
import pandas as pd

from precompute.kinship.senses import words

RARE = 0.02  # share of the categories whose glosses may have a word that still joins those that do
ABOVE = 2  # hypernyms whose other names count among a category's own words: a revolver is a handgun

Line = tuple[str, ...]  # a word and all above it, to WordNet's root


class Meanings:
    """Every sense of a network's categories, and the words that are said of them.

    Parameters
    ----------
    categories : name, synset, definition, hypernyms, in logit order
    lexicon : the dictionary: lemmas (comma-separated), definition, hypernyms, by synset id
    """

    def __init__(self, categories: pd.DataFrame, lexicon: pd.DataFrame):
        self._lemmas, by_lemma = _lemmas_by_line(lexicon)
        self._own: list[Line] = [
            (name, *above) if above is not None and len(above) else ()
            for name, above in zip(categories["name"], categories["hypernyms"], strict=True)
        ]
        plain = [str(name).split(" (")[0].casefold() for name in categories["name"]]
        self._senses = [
            [own, *by_lemma[name]] if own else []
            for own, name in zip(self._own, plain, strict=True)
        ]
        self._below = Counter(line[up:] for line in self._own for up in range(len(line)))
        self._words = [
            self._said(*row)
            for row in zip(
                self._own,
                categories["synset"].map(lexicon["lemmas"]),
                categories["definition"],
                strict=True,
            )
        ]
        self._spread = Counter(word for said in self._words for word in said)

    def strangers(self, targets: pd.Series, sources: pd.Series) -> pd.Series:
        """Whether, in each pair, even the nearest senses of both names meet only in a word that holds as
        many categories as that of half of all random pairs, and no rare word is said of both; bool,
        indexed as `targets`. False where WordNet does not know both."""
        general = self.usual_generality()
        pairs = zip(targets.astype(int), sources.astype(int), strict=True)
        return pd.Series(
            [self.generality(*pair) >= general and not self.rare_words(*pair) for pair in pairs],
            targets.index,
            dtype=bool,
        )

    def generality(self, one: int, other: int) -> float:
        """Share of the categories below the nearest word that is over both in any of their senses; nan
        where one of them has none."""
        shares = [
            self._below[shared] / len(self._own)
            for a in self._senses[one]
            for b in self._senses[other]
            if (shared := _shared(a, b))
        ]
        return min(shares, default=float("nan"))

    def usual_generality(self, n_pairs: int = 2000, seed: int = 0) -> float:
        """The median of the same over random pairs, by their own sense alone; nan without WordNet."""
        known = [k for k, line in enumerate(self._own) if line]
        if len(known) < 2:
            return float("nan")
        rng = np.random.default_rng(seed)
        pairs = (rng.choice(known, size=2, replace=False) for _ in range(n_pairs))
        found = [self._below[_shared(self._own[a], self._own[b])] for a, b in pairs]
        return float(np.median(found)) / len(self._own)

    def rare_words(self, one: int, other: int) -> frozenset[str]:
        """Words that are said of both and of few others."""
        most = max(RARE * len(self._words), 2)  # two may share a word, however few there are
        both = self._words[one] & self._words[other]
        return frozenset(word for word in both if self._spread[word] <= most)

    def _said(self, line: Line, lemmas: object, definition: object) -> frozenset[str]:
        """A category's names, meaning, and the names of what is right above it."""
        above = [self._lemmas.get(line[up:], "") for up in range(1, ABOVE + 1)]
        return frozenset().union(*map(words, (*line[:1], lemmas, definition, *above)))


def _lemmas_by_line(lexicon: pd.DataFrame) -> tuple[dict[Line, str], dict[str, list[Line]]]:
    """The lemmas of every line, and the lines of every lemma in lower case."""
    lemmas: dict[Line, str] = {}
    lines: dict[str, list[Line]] = defaultdict(list)
    for text, above in zip(lexicon["lemmas"], lexicon["hypernyms"], strict=True):
        names = text.split(", ")
        lemmas[(names[0], *above)] = text
        for name in names:
            lines[name.casefold()].append((name, *above))
    return lemmas, lines


def _shared(one: Line, other: Line) -> Line:
    """The nearest word over both in one sense, and all above it; () for lines that never meet."""
    shared = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        shared += 1
    return one[len(one) - shared :] if shared else ()
