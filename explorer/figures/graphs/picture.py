"""A small graph as a picture that needs nothing else: SVG, drawn as the page draws it."""

import html
import textwrap
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from explorer.figures.graphs import curves, shapes
from explorer.figures.graphs.places import inner, settled
from explorer.figures.graphs.rules import RULES
from explorer.figures.opacity import PALER, measured
from explorer.theme import FONT, LIGHT, Palette

WIDTH, HEIGHT = 960, 520  # pixels, at least
FURTHER = 320  # pixels for another step on both sides
NAME = 18  # pixels of height for each name of the fullest column
CAPTION = 20  # pixels between two lines of the caption
EDGE = 24  # pixels beside the caption
KEY = "Arrows run from source to target; solid blue: positive coefficient, dashed orange: negative."


def key(edges: pd.DataFrame) -> str:
    """How to read a picture of these edges; `stability` is null, or missing, where it was not measured."""
    return f"{KEY} {PALER.format('an arrow')}" if measured(edges) else KEY


def svg(
    drawing: dict[str, Any],
    colours: Palette = LIGHT,
    *,
    lines: tuple[str, ...] = (),
    height: float = HEIGHT,
) -> str:
    """The picture of an `ego.drawing` in these colours, at least `height` pixels high; `lines` stand below
    it, on several lines each if need be. No name is cut or waits to be pointed at: where they need room, it
    is larger than on the page."""
    beside = Counter(node.get("column", 0) for node in drawing["nodes"] if node["side"] != "bottom")
    tall = max(height, 60 + NAME * max(beside.values(), default=0))
    graph = settled(drawing, tall)
    margins = _margins(graph)
    width = _width(graph, margins)
    drawn = "".join(painted(graph, width, margins, colours))
    caption = [
        (text, k) for k, line in enumerate(lines) for text in wrapped(line, width - 2 * EDGE)
    ]
    below = "".join(
        f'<text class="caption" x="{EDGE}" y="{tall + 12 + row * CAPTION:g}" '
        f'font-weight="{400 if k else 700}">{html.escape(text)}</text>'
        for row, (text, k) in enumerate(caption)
    )
    whole = tall + 12 + CAPTION * len(caption) if caption else tall
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {whole:g}" role="img" '
        f'font-family="{html.escape(FONT)}" font-size="{RULES.name:g}" fill="{colours.ink}">'
        f'<rect width="100%" height="100%" fill="{colours.ground}"/>{drawn}{below}</svg>'
    )


def wrapped(text: str, room: float) -> list[str]:
    """A line of the caption in as many lines of type as it needs in `room` pixels."""
    letters = max(1, int(room / (RULES.name * shapes.LETTER)))
    return textwrap.wrap(text, letters, break_long_words=False, break_on_hyphens=False) or [""]


def painted(
    graph: dict[str, Any], width: float, margins: tuple[float, float], colours: Palette
) -> Iterator[str]:
    """Edges, words and nodes of a settled drawing, whose nodes keep `margins` from left and right."""
    nodes, edges = graph["nodes"], graph["edges"]
    span = width - sum(margins)
    spots = [complex(margins[0] + node["x"] * span, node["y"]) for node in nodes]
    ways = [
        curves.curve(
            spots[edge["source"]], spots[edge["target"]], edge.get("bow", 0), edge.get("out", 0)
        )
        for edge in edges
    ]
    for edge, way in zip(edges, ways, strict=True):
        yield shapes.edge(edge, way, nodes[edge["target"]]["size"] / 2)
    labels = [edge["label"] for edge in edges if edge["label"]]
    for label, place in zip(labels, _words(graph, spots, ways), strict=True):
        yield shapes.word(label, place, colours)
    for node, spot in zip(nodes, spots, strict=True):
        yield shapes.node(node, spot, node["side"] == "bottom" or inner(graph, node), colours)


def _words(graph: dict[str, Any], spots: list[complex], ways: list[curves.Curve]) -> list[complex]:
    """Where the coefficients stand that are written on lines."""
    names = [
        (spot + 1j * (node["size"] / 2 + RULES.below - 5), _wide(node))
        for node, spot in zip(graph["nodes"], spots, strict=True)
        if node["side"] == "bottom"
    ]
    written = [
        (way, edge.get("middle", 0.5), shapes.wide(edge["label"], RULES.word))
        for edge, way in zip(graph["edges"], ways, strict=True)
        if edge["label"]
    ]
    return curves.word_places(written, names)


def _margins(graph: dict[str, Any]) -> tuple[float, float]:
    """Pixels at both sides, so that no name there is cut."""
    nodes = graph["nodes"]
    below = [_wide(node) / 2 + 4 for node in nodes if node["side"] == "bottom"]
    beside = [_reach(node) for node in nodes if node["side"] != "bottom" and not inner(graph, node)]
    left, right = (
        max([RULES.room, *beside, *below] if graph[side] else [RULES.bare, *below])
        for side in ("left", "right")
    )
    return left, right


def _width(graph: dict[str, Any], margins: tuple[float, float]) -> float:
    """Pixels, so that between two columns there is room for the names among lines."""
    deepest = max(1, graph["left"], graph["right"])
    among = max((_reach(node) for node in graph["nodes"] if inner(graph, node)), default=0.0)
    steps = deepest * (bool(graph["left"]) + bool(graph["right"]))
    return max(WIDTH + FURTHER * (deepest - 1), sum(margins) + steps * (among + 40))


def _reach(node: dict[str, Any]) -> float:
    """Pixels from the middle of a dot to the end of its name."""
    return node["size"] / 2 + node.get("gap", RULES.near) + _wide(node)


def _wide(node: dict[str, Any]) -> float:
    return shapes.wide(node["name"], RULES.centre if node["bold"] else RULES.name)
