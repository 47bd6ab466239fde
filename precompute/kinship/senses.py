"""Whether two categories belong together in people's eyes: by their names, their meanings, and by the
company that they keep in a network, which tells in which sense it takes a word.

WordNet's own distance fails twice. Ox and oxcart are far apart, an animal and a thing, although the one
word is made of the other. And a category may bear the sense of another word than its photographs show:
ImageNet's cup is a punch, far from the coffee mug, but the network writes it in mugs, bowls and jugs.
"""

import re

import numpy as np
import pandas as pd

from precompute.kinship.wordnet_steps import WordNetSteps

PART = 4  # letters of a word that counts as a part of a longer one: "book" in "bookshop"


def named_in_each_other(
    categories: pd.DataFrame, targets: pd.Series, sources: pd.Series
) -> pd.Series:
    """Whether both names share a word, one's word begins or ends with the other's (of at least PART
    letters), or the one, or its last word, which says of what kind it is (Eskimo dog), is named in the
    other's meaning; bool, indexed as `targets`."""
    names = [words(name) for name in categories["name"]]
    kinds = [
        words(str(name).split()[-1] if str(name).split() else "") for name in categories["name"]
    ]
    meanings = [words(found) for found in categories["definition"]]
    return pd.Series(
        [
            _alike(names[t], names[s])
            or _named(names[t], meanings[s])
            or _named(names[s], meanings[t])
            or _named(kinds[t], meanings[s])
            or _named(kinds[s], meanings[t])
            for t, s in zip(targets.astype(int), sources.astype(int), strict=True)
        ],
        targets.index,
        dtype=bool,
    )


def sense(edges: pd.DataFrame, steps: WordNetSteps, rows: pd.DataFrame) -> np.ndarray:
    """WordNet steps between target and source of `rows`, by the network's sense of both words: the
    smallest of their own distance, that of the source from the target's other parents, and that of the
    target from the source's other parents, each a mean weighted by |coefficient|. (len(rows),), nan where
    WordNet does not know both. `edges` are all of the network."""
    wanted = set(rows["target"]) | set(rows["source"])
    equations = {
        target: (group["source"].to_numpy(int), group["strength"].to_numpy(float))
        for target, group in edges[edges["target"].isin(wanted)].groupby("target")
    }
    found = []
    for target, source in zip(rows["target"].astype(int), rows["source"].astype(int), strict=True):
        own = steps.between(target, source)
        kept = [
            _company(equations.get(one), other, steps)
            for one, other in ((target, source), (source, target))
        ]
        found.append(np.nan if np.isnan(own) else np.nanmin([own, *kept]))
    return np.array(found, dtype=float)


def _company(equation: tuple | None, other: int, steps: WordNetSteps) -> float:
    """Mean distance of `other` from an equation's parents but itself; nan where there are none."""
    if equation is None:
        return float("nan")
    parents, weights = equation
    steps_to = np.array([steps.between(parent, other) for parent in parents])
    counts = (parents != other) & np.isfinite(steps_to)
    if not weights[counts].sum():
        return float("nan")
    return float(np.average(steps_to[counts], weights=weights[counts]))


def words(text: object) -> frozenset[str]:
    """The words of a text in lower case, without the plural's s; none for no text."""
    found = re.findall(r"[^\W\d_]+", text.lower()) if isinstance(text, str) else []
    return frozenset(
        word[:-1] if len(word) >= PART and word.endswith("s") else word for word in found
    )


def _named(name: frozenset[str], meaning: frozenset[str]) -> bool:
    return bool(name) and name <= meaning


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return any(
        a == b or (min(len(a), len(b)) >= PART and _part(*sorted((a, b), key=len)))
        for a in one
        for b in other
    )


def _part(short: str, long: str) -> bool:
    return long.startswith(short) or long.endswith(short)
