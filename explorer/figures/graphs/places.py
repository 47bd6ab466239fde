"""What of a small graph's drawing does not depend on its width: decided once, for pages and files."""

from collections import defaultdict
from typing import Any

import numpy as np

from explorer.figures.graphs.rules import RULES

TOP, BOTTOM = 12, 24  # pixels above and below the names of a column
DOWN, UP = (
    64,
    40,
)  # by how much edges within a column bow towards the middle, on the way down and up
NEAR, FAR = 6, 14  # between a dot and its name; far where the head of an arrow stands between them


def settled(drawing: dict[str, Any], height: float) -> dict[str, Any]:
    """A drawing, its nodes' x as parts (0..1) of the room between the names of both sides, y in pixels
    from the top.

    Further keys: `left` and `right`, whether there are nodes at these sides; of a node `gap` (pixels from
    dot to name) and `inner` (its name stands among lines); of an edge `out` and `middle`, where they
    differ from those of a plain one (`curves.curve`, `curves.word_places`).
    """
    x = np.array([node["x"] for node in drawing["nodes"]])
    left, right = bool(x.min() < -0.01), bool(x.max() > 0.01)
    shares = (x + left) / (left + right) if left or right else x + 0.5
    columns = [node.get("column", 0) for node in drawing["nodes"]]
    heights = _heights(drawing["nodes"], columns, height)
    ends = [(edge["source"], edge["target"]) for edge in drawing["edges"]]
    met = {target for source, target in ends if _further(columns[source], columns[target])}
    nodes = [
        node | {
            "x": round(float(shares[k]), 4), "y": round(float(heights[k]), 2), "column": columns[k],
            "gap": FAR if k in met else NEAR,
        } | ({"inner": True} if any(_further(other, columns[k]) for other in columns) else {})
        for k, node in enumerate(drawing["nodes"])
    ]  # fmt: skip
    edges = [edge | _way(edge, nodes, set(ends)) for edge in drawing["edges"]]
    return drawing | {
        "nodes": nodes, "edges": edges, "left": left, "right": right, "height": height
    }  # fmt: skip


def _further(other: int, column: int) -> bool:
    """Whether another column stands further out at the same side."""
    return other * column > 0 and abs(other) > abs(column)


def _way(
    edge: dict[str, Any], nodes: list[dict[str, Any]], ends: set[tuple[int, int]]
) -> dict[str, Any]:
    source, target = nodes[edge["source"]], nodes[edge["target"]]
    found = {}
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
    blocks: list[np.ndarray] = []
    for height in heights[order] - steps:
        blocks.append(np.array([height]))
        while len(blocks) > 1 and blocks[-2].mean() > blocks[-1].mean():
            blocks[-2:] = [np.concatenate(blocks[-2:])]
    moved = np.concatenate([np.full(len(block), block.mean()) for block in blocks])
    found = np.empty(len(heights))
    found[order] = np.clip(moved, top, bottom - steps[-1]) + steps
    return found
