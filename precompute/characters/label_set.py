"""Categories of a recogniser: the characters themselves, and what each is in words."""

import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from precompute.atlas.files import digest
from precompute.atlas.labels import LabelSet

UNIHAN = Path(__file__).parents[1] / "data" / "labels" / "unihan.parquet"
BLANK, SPACE = "(CTC blank)", "(space)"
# A name must be seen: this one is a character of its own, and empty.
UNSEEN = {"\u3000": "(ideographic space)"}


def label_set(characters: Sequence[str]) -> LabelSet:
    """The blank, the characters in their order, the space.

    Each has its code point and Unicode name for a definition; a Chinese one the reading and the meaning
    that Unihan gives. A list of other characters is another label set.
    """
    table = pd.DataFrame(
        {
            "name": [BLANK, *map(name_of, characters), SPACE],
            "synset": None,
            "definition": [
                "no new character at this place of the line",
                *map(_definition, characters),
                _definition(" "),
            ],
            "hypernyms": [[] for _ in range(len(characters) + 2)],
        },
        dtype=object,
    )
    return LabelSet(f"characters-{digest(*characters)[:12]}", table)


def name_of(character: str) -> str:
    """What a category is called."""
    return UNSEEN.get(character, character)


def _definition(character: str) -> str:
    code = f"U+{ord(character):04X}"
    words = _unihan().get(character)
    return f"{code} {words or unicodedata.name(character, 'without a name')}"


@cache
def _unihan() -> dict[str, str]:
    """Reading in Mandarin and meaning, as far as Unihan has them, by Chinese character."""
    rows = pq.read_table(UNIHAN, columns=["character", "mandarin", "definition"]).to_pylist()
    return {
        row["character"]: ": ".join(filter(None, (row["mandarin"], row["definition"])))
        for row in rows
    }
