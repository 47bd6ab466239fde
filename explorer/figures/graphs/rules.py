"""Every measure that the drawing on a page (JavaScript) and the picture in a file (Python) have in common.

`places.js`, `curves.js` and `ego_graph.js` find this table as RULES before them.
"""

from dataclasses import dataclass

DASHES = "7 4"  # of a negative coefficient: never told by colour alone

# Around 0 0, of radius 1. Only coordinates, so that to scale one is to multiply its numbers.
SYMBOLS = {
    "circle": "M-1 0C-1 -0.5523 -0.5523 -1 0 -1S1 -0.5523 1 0S0.5523 1 0 1S-1 0.5523 -1 0z",
    "diamond": "M0 -1L1 0L0 1L-1 0z",
    "triangle": "M0 -1L1 1L-1 1z",
    "rect": "M-1 -1L1 -1L1 1L-1 1z",
}


@dataclass(frozen=True)
class Rules:
    """In pixels, where nothing else is said."""

    line: float = 15  # between two names of a column
    room: float = 170  # for the names at a side of a wide drawing
    bare: float = 40  # at a side without names
    name: float = 13  # size of type: of a name,
    centre: float = 15  # of a bold one, which stands below its node,
    word: float = 11  # of a coefficient on its line
    base: float = 4.5  # from the middle of a line of type down to its base
    below: float = 17  # from a node down to the base of the name below it
    near: float = 6  # from a dot to its name
    rim: float = 2  # between the head of an arrow and its node
    head: float = 5  # length of a head on a line without width
    wing: float = 0.45  # half the width of a head, as part of its length
    head_clear: float = 0.15  # how much more opaque a head is than its line
    # Where a word may stand, from the middle of its line, as parts of the line.
    tries: tuple[float, ...] = (0, -0.09, 0.09, -0.17, 0.17, -0.25, 0.25)
    mutual: float = 0.36  # the middle for two that use each other: each word nearer its source
    high: float = 15  # a word and what it must not cover, from base to base
    wide: float = 3  # ... from end to beginning


RULES = Rules()
