"""Category names: ImageNet's out of WordNet, anybody's out of a list, and which images they fit.

WordNet's names are not unique (a crane is a bird and a machine), so a name that occurs twice in
one label set is qualified in words: "crane (wading bird)", "crane (lifting device)".
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from precompute.errors import UserError

WORDNET = Path(__file__).parents[1] / "data" / "labels" / "wordnet.parquet"
NO_CATEGORY = -1


@dataclass(frozen=True)
class LabelSet:
    """The categories of a classifier in the order of its logits.

    `categories` has the columns name (unique), synset and definition (None outside WordNet) and
    hypernyms (list of names from near to far, empty outside WordNet).
    """

    name: str
    categories: pd.DataFrame

    def __len__(self) -> int:
        return len(self.categories)


@cache
def imagenet_1k() -> LabelSet:
    """The 1,000 categories of ImageNet-1k in the usual order, that of their synset ids."""
    order = wordnet()["imagenet_1k"].dropna().sort_values()
    return from_synsets(order.index, "imagenet-1k")


def from_synsets(synsets: Iterable[str], name: str) -> LabelSet:
    """Names, definitions and hypernyms of ImageNet synset ids such as n02342885.

    Raises `UserError` for an id that is no ImageNet synset.
    """
    synsets = list(synsets)
    unknown = next((synset for synset in synsets if synset not in wordnet().index), None)
    if unknown is not None:
        raise UserError(f"'{unknown}' is not an ImageNet synset. Give names instead of ids.")
    table = wordnet().loc[synsets].reset_index()
    table.insert(0, "name", _qualified(table))
    return LabelSet(name, table[["name", "synset", "definition", "hypernyms"]])


def from_names(names: Sequence[str], name: str | None = None) -> LabelSet:
    """Label set of a list of names, or of ImageNet synset ids, in the order of the logits.

    The same names always get the same label set name, so that two models with these names can be
    linked; ImageNet-1k's own names, in any usual wording, or ids give `imagenet_1k()` itself. A repeated
    name becomes "name (2)". Raises `UserError` where the list or one of its names is empty.
    """
    names = [str(text).strip() for text in names]
    if not names:
        raise UserError("There are no category names. Give one name per category.")
    if "" in names:
        raise UserError(f"Category name {names.index('') + 1} is empty. Give one name per line.")
    if _is_imagenet(names):
        return imagenet_1k()
    digest = hashlib.sha256("\n".join(names).encode()).hexdigest()
    name = name or f"names-{digest[:12]}"
    if len(set(names)) == len(names) and wordnet().index.isin(names).sum() == len(names):
        return from_synsets(names, name)
    return _plain(_numbered_repeats(names), name)


def _is_imagenet(names: list[str]) -> bool:
    """Whether these are ImageNet-1k's categories in its order, as ids or in any of the usual wordings:
    "tench", "tench, Tinca tinca". Words that could mean two categories do not count."""
    if len(names) != len(imagenet_1k()):
        return False
    found = match(names, imagenet_1k())
    right = found == np.arange(len(names))
    return bool((right | (found == NO_CATEGORY)).all() and right.mean() > 0.9)


def anonymous(n: int) -> LabelSet:
    """Label set of `n` categories that nobody named: category 0, category 1 ..."""
    return from_names([f"category {index}" for index in range(n)])


def read_names(path: str | Path) -> list[str]:
    """Names from a UTF-8 text file, one per line; blank lines at its end do not count.

    Raises `UserError` where the file is missing, is not UTF-8, is empty or has a blank line.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise UserError(f"Cannot read the names in '{path}': {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(
            f"'{path}' is not UTF-8 text. Save it as UTF-8, a name per line."
        ) from error
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise UserError(f"'{path}' holds no names. Write one category name per line.")
    blank = next((i for i, line in enumerate(lines, start=1) if not line.strip()), None)
    if blank is not None:
        raise UserError(f"Line {blank} of '{path}' is blank. Write one category name per line.")
    return [line.strip() for line in lines]


def match(class_names: Sequence[str | None], labels: LabelSet) -> np.ndarray:
    """Category of each image by the name of its class; int32, -1 where there is none.

    A class name is looked up as a synset id or category name, then as one of a category's
    comma-separated or WordNet lemmas, blind to case, space, underscore and hyphen. What could mean
    two categories means neither.
    """
    table = labels.categories
    exact = {name: i for i, name in enumerate(table["name"])}
    exact |= {synset: i for i, synset in enumerate(table["synset"]) if isinstance(synset, str)}
    alike = [_index([[name] for name in table["name"]]), _index(_lemmas(table))]

    def find(class_name: str) -> int:
        if class_name in exact:
            return exact[class_name]
        key = _key(class_name)
        return next((known[key] for known in alike if key in known), NO_CATEGORY)

    found: dict[str | None, int] = {
        name: find(name) for name in set(class_names) if isinstance(name, str)
    }
    return np.array([found.get(name, NO_CATEGORY) for name in class_names], dtype=np.int32)


@cache
def wordnet() -> pd.DataFrame:
    """Every ImageNet synset by its id: lemmas (comma-separated), definition, hypernyms (names from near to
    far), imagenet_1k (the index of its logit, or none)."""
    columns = pq.read_table(WORDNET).to_pydict()
    return pd.DataFrame(columns, dtype=object).set_index("synset")


def _key(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    return re.sub(r"[\s_-]+", " ", text).strip().casefold()


def _index(names_of: Sequence[Sequence[str]]) -> dict[str, int]:
    """Category of every name that belongs to one category only."""
    owners = [(_key(name), i) for i, names in enumerate(names_of) for name in names]
    count = Counter(key for key, _ in set(owners))
    return {key: i for key, i in owners if key and count[key] == 1}


def _lemmas(categories: pd.DataFrame) -> list[list[str]]:
    """Every category's lemmas, and all of them in one as ImageNet's class lists write them."""
    known = wordnet()["lemmas"].reindex(categories["synset"]).to_numpy()
    texts = [k if isinstance(k, str) else n for k, n in zip(known, categories["name"], strict=True)]
    return [[text, *text.split(",")] for text in texts]


def _plain(names: list[str], label_set: str) -> LabelSet:
    columns: dict[str, object] = {
        "name": names,
        "synset": None,
        "definition": None,
        "hypernyms": [[]] * len(names),
    }
    return LabelSet(label_set, pd.DataFrame(columns, dtype=object))


def _numbered_repeats(names: Sequence[str]) -> list[str]:
    taken, unique = set(names), []
    number: Counter[str] = Counter()
    for name in names:
        number[name] += 1
        candidate = name
        while number[name] > 1 and (candidate := f"{name} ({number[name]})") in taken:
            number[name] += 1
        taken.add(candidate)
        unique.append(candidate)
    return unique


def _qualified(table: pd.DataFrame) -> pd.Series:
    """First lemmas, and behind those that occur twice what tells them apart."""
    lemmas, hypernyms = table["lemmas"].str.split(", "), table["hypernyms"]
    first = lemmas.str[0]
    names = first
    for qualifier in (
        hypernyms.str[0], lemmas.str[1], hypernyms.str[1], hypernyms.str[2],
        _own_words(first, table["definition"]), table["definition"], table["synset"],
    ):  # fmt: skip
        twice = names.map(_key).duplicated(keep=False) & qualifier.notna()
        names = names.where(~twice, first + " (" + qualifier.fillna("") + ")")
    return names


def _own_words(names: pd.Series, definitions: pd.Series) -> pd.Series:
    """First long word of each definition that no definition of the same name shares."""
    words = definitions.map(lambda text: re.findall(r"\w{4,}", text))
    keys = names.map(_key)
    count = Counter(
        (key, word) for key, all_ in zip(keys, words, strict=True) for word in set(all_)
    )
    own = [
        next((word for word in all_ if count[key, word] == 1), None)
        for key, all_ in zip(keys, words, strict=True)
    ]
    return pd.Series(own, index=names.index, dtype=object)
