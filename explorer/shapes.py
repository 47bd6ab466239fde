"""Edges and nodes of a small graph as SVG, for pictures that leave the page."""

import html
import math

Point = tuple[float, float]

DASHES = "7 4"  # of a negative coefficient: never told by colour alone
COLUMN = 90  # pixels between which two nodes stand in the same column
BOW = 0.14  # of an edge against the stream, as part of its length


def edge(start: Point, end: Point, radius: float, width: float, colour: str, *,
         middle: float, negative: bool = False, back: bool = False, title: str = "") -> str:  # fmt: skip
    """An arrow that stops at the rim, `radius` pixels around its `end`; `middle` is that of the picture.
    One that leads `back` where another comes from is bent, or it would hide the other."""
    p, q = _controls(start, end, middle, back)
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
        f'<path d="M{_at(tip)}L{_at(wings[0])} {_at(wings[1])}z" fill="{colour}"/></g>'
    )


def node(at: Point, radius: float, colour: str, name: str, side: int, title: str) -> str:
    """A dot with its name: on its left (`side` < 0), on its right (> 0), or in bold below it (0)."""
    gap = radius + 5
    dx, dy, anchor = {0: (0, gap + 12, "middle"), -1: (-gap, 4, "end"), 1: (gap, 4, "start")}[
        (side > 0) - (side < 0)
    ]
    bold = "" if side else ' font-weight="700" font-size="17"'
    return (
        f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" fill="{colour}">'
        f"<title>{html.escape(title)}</title></circle>"
        f'<text x="{at[0] + dx:.1f}" y="{at[1] + dy:.1f}" text-anchor="{anchor}"{bold}>'
        f"{html.escape(name)}</text>"
    )


def _controls(start: Point, end: Point, middle: float, back: bool) -> tuple[Point, Point]:
    (x1, y1), (x2, y2) = start, end
    if back:
        bend = (x1 + x2) / 2 + BOW * (y2 - y1), (y1 + y2) / 2 - BOW * (x2 - x1)
        return bend, bend
    halfway = (x1 + x2) / 2
    if abs(x1 - x2) < COLUMN:  # within one column: bow inwards, further on the way down
        halfway += (middle - halfway) * (0.5 if y1 < y2 else 0.35)
    return (halfway, y1), (halfway, y2)


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
