"""What of a small graph's drawing does not depend on its width: decided once, for pages and files."""

from collections import defaultdict
from typing import Any

import numpy as np

from explorer.figures.graphs.rules import RULES

TOP, BOTTOM = 12, 24  # pixels above and below the names of a column
# By how many pixels edges within a column bow towards the middle, on the way down and up.
DOWN, UP = 64, 40
FAR = 14  # from a dot to its name, where the head of an arrow stands between them


def settled(drawing: dict[str, Any], height: float) -> dict[str, Any]:
    """A drawing, its nodes' x as parts (0..1) of the room between the names of both sides, y in pixels
    from the top.

    Further keys: `left` and `right`, how many columns stand at these sides; of a node `gap` (pixels from
    dot to name) and of an edge `out` and `middle`, where they differ from those of a plain one
    (`rules.RULES`, `curves.curve`, `curves.word_places`).
    """
    x = np.array([node["x"] for node in drawing["nodes"]])
    columns = [node.get("column", 0) for node in drawing["nodes"]]
    left = max(1, -min(columns)) if x.min() < -0.01 else 0
    right = max(1, *columns) if x.max() > 0.01 else 0
    low, high = -bool(left), bool(right)
    shares = (x - low) / (high - low) if high > low else x + 0.5
    heights = _heights(drawing["nodes"], columns, height)
    ends = {(edge["source"], edge["target"]) for edge in drawing["edges"]}
    met = {target for source, target in ends if _further(columns[source], columns[target])}
    nodes = [
        node | {"x": round(share, 4), "y": round(y, 1), "column": column}
        | ({"gap": FAR} if k in met else {})
        for k, (node, share, y, column) in enumerate(
            zip(drawing["nodes"], shares.tolist(), heights.tolist(), columns, strict=True)
        )
    ]  # fmt: skip
    edges = [edge | _way(edge, nodes, ends) for edge in drawing["edges"]]
    sides = {"left": left, "right": right, "height": height}
    return drawing | {"nodes": nodes, "edges": edges} | sides


def inner(graph: dict[str, Any], node: dict[str, Any]) -> bool:
    """Whether another column of a settled drawing stands further out at its side, so that its name
    stands among lines."""
    column = node["column"]
    return 0 < abs(column) < graph["left" if column < 0 else "right"]


def _further(other: int, column: int) -> bool:
    return other * column > 0 and abs(other) > abs(column)


def _way(
    edge: dict[str, Any], nodes: list[dict[str, Any]], ends: set[tuple[int, int]]
) -> dict[str, Any]:
    source, target = nodes[edge["source"]], nodes[edge["target"]]
    found: dict[str, float] = {}
    if source["column"] == target["column"] != 0 and "bow" not in edge:
        inwards = -1 if source["column"] > 0 else 1
        found["out"] = inwards * (DOWN if source["y"] < target["y"] else UP)
    if edge["label"] and (edge["target"], edge["source"]) in ends:
        found["middle"] = RULES.mutual
    return found


def _heights(nodes: list[dict[str, Any]], columns: list[int], height: float) -> np.ndarray:
    heights = 18 + (1 - np.array([node["y"] for node in nodes])) / 2 * (height - 48)
    members = defaultdict(list)
    for k, node in enumerate(nodes):
        if node["side"] != "bottom":
            members[columns[k]].append(k)
    for column in members.values():
        heights[column] = apart(heights[column], RULES.line, TOP, height - BOTTOM)
    return heights


def apart(heights: np.ndarray, gap: float, top: float, bottom: float) -> np.ndarray:
    """Heights moved up and down, as little as can be, until neighbours are `gap` apart, in the order in
    which they are, between top and bottom (least squares: pool adjacent violators)."""
    order, last = np.argsort(heights, kind="stable"), len(heights) - 1
    steps = min(gap, (bottom - top) / max(1, last)) * np.arange(last + 1)
    blocks: list[tuple[float, int]] = []  # sum and size of neighbours that move together
    for height in (heights[order] - steps).tolist():
        blocks.append((height, 1))
        while len(blocks) > 1 and _mean(blocks[-2]) > _mean(blocks[-1]):
            blocks[-2:] = [(blocks[-2][0] + blocks[-1][0], blocks[-2][1] + blocks[-1][1])]
    moved = np.repeat([_mean(block) for block in blocks], [size for _, size in blocks])
    found = np.empty(len(heights))
    found[order] = np.clip(moved, top, bottom - steps[-1]) + steps
    return found


def _mean(block: tuple[float, int]) -> float:
    return block[0] / block[1]
