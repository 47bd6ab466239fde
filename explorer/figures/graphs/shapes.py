"""Edges and nodes of a small graph as SVG, for pictures that leave the page."""

import html
import math

Point = tuple[float, float]

DASHES = "7 4"  # of a negative coefficient: never told by colour alone
LETTER = 7.2  # pixels of a name's width for each of its letters, at most of them
ROOM = 13  # pixels between a name among lines and its dot: for the head of an arrow
BOW = 0.14  # of an edge against the stream, as part of its length


def edge(start: Point, end: Point, radius: float, width: float, colour: str, *,
         inwards: int = 0, negative: bool = False, back: bool = False, title: str = "", word: str = "",
         ) -> str:  # fmt: skip
    """An arrow that stops at the rim, `radius` pixels around its `end`. One within a column bows
    `inwards`: to the right (1) or to the left (-1). One that leads `back` where another comes from is
    bent, or it would hide the other. A `word` stands over the line."""
    p, q = _controls(start, end, inwards, back)
    length = math.dist(end, q) or 1.0
    ux, uy = (end[0] - q[0]) / length, (end[1] - q[1]) / length
    tip = end[0] - ux * (radius + 2), end[1] - uy * (radius + 2)
    head = 5 + width
    neck = tip[0] - ux * head, tip[1] - uy * head
    wings = [
        (neck[0] + side * uy * head * 0.45, neck[1] - side * ux * head * 0.45) for side in (1, -1)
    ]
    dashes = f' stroke-dasharray="{DASHES}"' if negative else ""
    return (
        f'<g class="edge" opacity=".85"><title>{html.escape(title)}</title>'
        f'<path d="M{_at(start)}C{_at(p)} {_at(q)} {_at(neck)}" fill="none" stroke="{colour}" '
        f'stroke-width="{width:.2f}"{dashes}/>'
        f'<path d="M{_at(tip)}L{_at(wings[0])} {_at(wings[1])}z" fill="{colour}"/>'
        f"{_word(word, start, p, q, end)}</g>"
    )


def caption(lines: tuple[str, ...], left: float, top: float, step: float, colour: str) -> str:
    """Lines of text, the first one in bold."""
    return "".join(
        f'<text class="caption" x="{left:.1f}" y="{top + k * step:.1f}" fill="{colour}" '
        f'font-weight="{400 if k else 700}">{html.escape(line)}</text>'
        for k, line in enumerate(lines)
    )


def node(
    at: Point, radius: float, colour: str, name: str, side: int, title: str, plate: str = ""
) -> str:
    """A dot with its name: on its left (`side` < 0), on its right (> 0), or in bold below it (0). A name
    among lines stands on a `plate` of this colour, further from the dot."""
    gap = radius + (ROOM if plate else 5)
    dx, dy, anchor = {0: (0, gap + 12, "middle"), -1: (-gap, 4, "end"), 1: (gap, 4, "start")}[
        (side > 0) - (side < 0)
    ]
    bold = "" if side else ' font-weight="700" font-size="17"'
    wide = LETTER * len(name)
    behind = (
        f'<rect x="{at[0] + dx - (wide if side < 0 else 0):.1f}" y="{at[1] - 8:.1f}" '
        f'width="{wide:.1f}" height="16" fill="{plate}" opacity=".85"/>'
    )
    return (
        f"{behind if plate else ''}"
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" fill="{colour}">'
        f"<title>{html.escape(title)}</title></circle>"
        f'<text x="{at[0] + dx:.1f}" y="{at[1] + dy:.1f}" text-anchor="{anchor}"{bold}>'
        f"{html.escape(name)}</text>"
    )


def _word(word: str, start: Point, p: Point, q: Point, end: Point) -> str:
    if not word:
        return ""
    x, y = ((a + 3 * b + 3 * c + d) / 8 for a, b, c, d in zip(start, p, q, end, strict=True))
    return f'<text x="{x:.1f}" y="{y - 9:.1f}" text-anchor="middle">{html.escape(word)}</text>'


def _controls(start: Point, end: Point, inwards: int, back: bool) -> tuple[Point, Point]:
    (x1, y1), (x2, y2) = start, end
    if inwards:  # further on the way down
        halfway = (x1 + x2) / 2 + inwards * (96 if y1 < y2 else 64)
        return (halfway, y1), (halfway, y2)
    if back:
        bend = (x1 + x2) / 2 + BOW * (y2 - y1), (y1 + y2) / 2 - BOW * (x2 - x1)
        return bend, bend
    halfway = (x1 + x2) / 2
    return (halfway, y1), (halfway, y2)


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
