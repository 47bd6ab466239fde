"""The working set: categories that a reader has pinned, and its forms in a file and in a browser.

All of these are untrusted: names are cleaned and counted here, and `split` tells what a network lacks.
"""

import json
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace

from precompute.errors import UserError

MOST = (
    60  # categories in a set: an address with them fits every browser, a graph of them can be read
)
LONGEST = 60  # characters in a set's name
LONGEST_CATEGORY = 300  # characters in a category's name
FORMAT = "neural-dependency-working-set"


@dataclass(frozen=True)
class WorkingSet:
    """Pinned categories in the order of pinning, each once; `of` makes one from anything."""

    name: str = ""
    categories: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, categories: Iterable[str]) -> "WorkingSet":
        """The first MOST of these categories, under a name of printable characters."""
        own = dict.fromkeys(category for category in categories if _sound(category))
        return cls(clean(name), tuple(own)[:MOST])

    def __contains__(self, category: str) -> bool:
        return category in self.categories

    @property
    def full(self) -> bool:
        return len(self.categories) >= MOST

    def toggled(self, category: str) -> "WorkingSet":
        """With the category if it was out (and there is room), without it if it was in."""
        if category in self:
            return replace(self, categories=tuple(c for c in self.categories if c != category))
        return WorkingSet.of(self.name, (*self.categories, category))

    def split(self, known: Container[str]) -> tuple[list[str], list[str]]:
        """The pinned categories that a network has, and those that it lacks."""
        here = [category for category in self.categories if category in known]
        return here, [category for category in self.categories if category not in known]


def surplus(categories: Iterable[str]) -> int:
    """How many sound names there are beyond MOST."""
    return max(0, len({category for category in categories if _sound(category)}) - MOST)


def clean(name: str) -> str:
    """A set's name: one line of printable characters, at most LONGEST."""
    printable = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(printable.split())[:LONGEST].rstrip()


def _sound(category: str) -> bool:
    """Neither empty nor endless, and text that an address can carry (JSON may hold half characters)."""
    whole = category.encode(errors="replace").decode() == category
    return whole and 0 < len(category) <= LONGEST_CATEGORY


def to_json(pinned: WorkingSet, network: str = "") -> str:
    """The set as text that `from_json` reads; `network` says where it was made."""
    content = {
        "format": FORMAT,
        "name": pinned.name,
        "network": network,
        "categories": list(pinned.categories),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def from_json(text: str | bytes) -> WorkingSet:
    """A set from the text of `to_json`. Raises UserError if it is anything else."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):  # no JSON, no Unicode, or nested without end
        raise UserError("This file is not JSON. Choose one that this page has saved.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise UserError(f'This file is no working set: it lacks "format": "{FORMAT}".')
    name, categories = content.get("name", ""), content.get("categories")
    if isinstance(categories, list) and all(isinstance(text, str) for text in (name, *categories)):
        return WorkingSet.of(name, categories)
    raise UserError('This working set has no list of names under "categories".')


def from_browser(entries: object) -> dict[str, WorkingSet]:
    """The sets that a browser has kept, by name; what cannot be read is left out. The one under the
    empty name is what was open when it was last changed."""
    found: dict[str, WorkingSet] = {}
    for key, text in entries.items() if isinstance(entries, Mapping) else ():
        try:
            found[clean(str(key))] = from_json(str(text))
        except UserError:
            continue
    return found
