"""Edges, words and nodes of a small graph as SVG that needs no style sheet."""

import html
import re
from typing import Any

from explorer.figures.graphs import curves
from explorer.figures.graphs.rules import RULES, SYMBOLS
from explorer.theme import Palette

LETTER = 0.55  # width of a letter, at most of them, as part of its size


def edge(described: dict[str, Any], way: curves.Curve, radius: float) -> str:
    """An arrow to the rim, `radius` pixels around its end."""
    (a, p, q, neck), head = curves.arrow(way, radius, described["width"])
    clear = described["opacity"]
    dashes = f' stroke-dasharray="{described["dash"]}"' if described["dash"] else ""
    return (
        f'<g class="edge"><title>{html.escape(described["tip"])}</title>'
        f'<path class="line" d="M{_at(a)}C{_at(p)} {_at(q)} {_at(neck)}" fill="none" '
        f'stroke="{described["colour"]}" stroke-width="{described["width"]}"{dashes} opacity="{clear:g}"/>'
        f'<path class="head" d="M{"L".join(map(_at, head))}z" fill="{described["colour"]}" '
        f'opacity="{min(1, clear + RULES.head_clear):g}"/></g>'
    )


def word(label: str, place: complex, colours: Palette) -> str:
    """A coefficient on its line."""
    width = wide(label, RULES.word)
    return (
        f"{_plate(place.real - width / 2, place.imag - 6, width, 12, colours)}"
        f'<text class="weight" x="{place.real:.1f}" y="{place.imag + 4:.1f}" text-anchor="middle" '
        f'font-size="{RULES.word:g}">{label}</text>'
    )


def node(described: dict[str, Any], spot: complex, among: bool, colours: Palette) -> str:
    """A dot with its name. One `among` lines stands on a plate; on the page a rim does as much."""
    radius, name = described["size"] / 2, described["name"]
    away = radius + described.get("gap", RULES.near)
    dx, dy, anchor, before = {
        "left": (-away, RULES.base, "end", 1.0),
        "right": (away, RULES.base, "start", 0.0),
        "bottom": (0.0, radius + RULES.below, "middle", 0.5),
    }[described["side"]]
    size, weight = (RULES.centre, 700) if described["bold"] else (RULES.name, 400)
    width = wide(name, size)
    plate = _plate(dx - before * width, dy - 12, width, RULES.line, colours) if among else ""
    return (
        f'<g class="node" transform="translate({_at(spot)})">'
        f"<title>{html.escape(name)}: {html.escape(described['tip'])}</title>{plate}"
        f"{_mark(described, radius, colours)}"
        f'<text x="{dx:.1f}" y="{dy:.1f}" text-anchor="{anchor}" font-size="{size:g}" '
        f'font-weight="{weight}">{html.escape(name)}</text></g>'
    )


def wide(text: str, size: float) -> float:
    """Pixels that a text of this size takes, or less."""
    return LETTER * size * len(text)


def _mark(described: dict[str, Any], radius: float, colours: Palette) -> str:
    fill, rim = described["colour"], colours.ground
    if described.get("hollow"):
        fill, rim = rim, fill
    unit = SYMBOLS[described.get("symbol", "circle")]
    symbol = re.sub(r"-?[\d.]+", lambda part: f"{float(part[0]) * radius:.2f}", unit)
    return f'<path class="mark" d="{symbol}" fill="{fill}" stroke="{rim}" stroke-width="1.5"/>'


def _plate(left: float, top: float, width: float, height: float, colours: Palette) -> str:
    return (
        f'<rect class="plate" x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:g}" '
        f'fill="{colours.ground}" opacity=".85"/>'
    )


def _at(point: complex) -> str:
    return f"{point.real:.1f} {point.imag:.1f}"
