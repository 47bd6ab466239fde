"""The ego graph: where its nodes stand, and what is drawn there.

Sources stand on the left of their target and targets that use it on the right, so that an edge
always reads from left to right: source -> target. Places depend on the order in which sources enter
the path, never on lambda, so a node stays where it is while the slider moves.
"""

from typing import Any

import numpy as np
import pandas as pd

from explorer.answers.yardsticks import stability
from explorer.figures.graphs.rules import DASHES
from explorer.figures.opacity import opacity
from explorer.theme import Palette, sign_colour
from explorer.words.formatting import count

BOW = 0.14  # of an edge against the stream, as part of its length
ROLES = ("this category", "parents (in its equation)", "children (use it)", "further steps")


def role_colours(colours: Palette) -> tuple[str, str, str, str]:
    """One colour for each of ROLES."""
    return colours.accent, colours.ink, colours.faint, colours.other


def spread(rank: np.ndarray) -> np.ndarray:
    """Van der Corput sequence in base 2, 1/2, 1/4, 3/4, 1/8 ...: every beginning of it covers 0..1
    evenly, so slots given out in order of entry are spread however many are in use."""
    places = np.zeros(len(rank))
    rest, step = np.asarray(rank) + 1, 0.5
    while rest.any():
        places += step * (rest % 2)
        rest, step = rest // 2, step / 2
    return places


def slots(size: int) -> np.ndarray:
    """Places in 0..1 of `size` sources in order of entry: at equal distances, given out so that every
    beginning is spread (`spread`)."""
    order = np.argsort(spread(np.arange(size)))
    return (np.argsort(order) + 0.5) / max(size, 1)


def nodes_of(edges: pd.DataFrame, target: int, order: list[int]) -> pd.DataFrame:
    """The nodes of an ego frame (`neighbourhood.ego`): category, x, y in -1..1, ring, role, weight.

    `order` lists the sources of the target's whole path in order of entry; `weight` is the
    |coefficient| of the strongest edge that led to the node.
    """
    rows = [(target, 0, target, 0.0)]
    seen = {target}
    for edge in edges.sort_values("ring", key=np.abs, kind="stable").itertuples():
        category, via = (edge.source, edge.target)[:: 1 if edge.ring < 0 else -1]
        if category not in seen:
            seen.add(category)
            rows.append((category, edge.ring, via, abs(edge.coefficient)))
    nodes = pd.DataFrame(rows, columns=["category", "ring", "via", "weight"])
    nodes["y"] = _heights(nodes, order)
    depth = max(1, int(nodes["ring"].abs().max()))
    # A gentle arc: the middle of a ring stands further out than its ends.
    bow = 1 - 0.18 * nodes["y"] ** 2
    nodes["x"] = nodes["ring"] / depth * bow
    nodes["role"] = np.select(
        [nodes["ring"] == 0, nodes["ring"] == -1, nodes["ring"] == 1], [0, 1, 2], 3
    )
    return nodes.drop(columns="via")


def _heights(nodes: pd.DataFrame, order: list[int]) -> pd.Series:
    """Heights in -1..1: parents in their slots, every other ring at equal distances, in the order of the
    nodes that led there."""
    heights = pd.Series(0.0, nodes["category"])
    turns = {category: k for k, category in enumerate(order)}
    places = slots(len(order))
    for ring in sorted(set(nodes["ring"]) - {0}, key=abs):
        group = nodes[nodes["ring"] == ring]
        if ring == -1 and group["category"].isin(order).all():
            at = places[group["category"].map(turns)]
        else:
            above = -heights[group["via"]].to_numpy()
            at = (np.argsort(np.argsort(above, kind="stable")) + 0.5) / len(group)
        heights[group["category"]] = 1 - 2 * at
    return heights.to_numpy()


def shown(edges: pd.DataFrame) -> str:
    """What an ego frame shows of what there is: "9 parents, 32 of 44 children"."""
    sizes = {
        ring: _part(len(group), int(group["found"].iat[0])) for ring, group in edges.groupby("ring")
    }
    near = [
        f"{sizes[ring]} {kind if sizes[ring] != '1' else one}"
        for ring, kind, one in ((-1, "parents", "parent"), (1, "children", "child"))
        if ring in sizes
    ]
    parts = [", ".join(near) or "no dependency"]
    for step in range(2, int(edges["ring"].abs().max() if len(edges) else 0) + 1):
        sides = [
            f"{sizes[ring]} on the {side}"
            for ring, side in ((-step, "left"), (step, "right"))
            if ring in sizes
        ]
        parts.append(f"step {step}: {', '.join(sides)}")
    cut = any(" of " in size for size in sizes.values())
    return "; ".join(parts) + (", strongest first" if cut else "")


def _part(shown: int, found: int) -> str:
    return count(found) if shown == found else f"{count(shown)} of {count(found)}"


def drawing(
    edges: pd.DataFrame, nodes: pd.DataFrame, categories: pd.DataFrame, colours: Palette
) -> dict[str, Any]:
    """What `ego_graph` draws; plain Python values only. Node k is row k of `nodes`, edge k is row k of
    `edges`. Weights are written on the edges of small graphs only. The more stable an edge, the stronger
    it is drawn."""
    edges = stability.with_columns(edges)
    heaviest = float(max(edges["coefficient"].abs().max() if len(edges) else 0, 1e-9))
    crowded = len(edges) > 16
    names = categories["name"].to_numpy()
    roles = role_colours(colours)
    places = {int(category): k for k, category in enumerate(nodes["category"])}
    x = nodes["x"].to_numpy()
    ends = set(zip(edges["source"], edges["target"], strict=True))
    # Of two categories that use each other, the way back to the left is bent, or it would hide the other.
    bent = [
        (edge.target, edge.source) in ends and x[places[edge.source]] > x[places[edge.target]]
        for edge in edges.itertuples()
    ]
    return {
        "nodes": [
            _node(str(names[node.category]), node, heaviest, roles[node.role])
            for node in nodes.itertuples()
        ],
        "edges": [
            {
                "source": places[edge.source],
                "target": places[edge.target],
                "tip": f"{names[edge.target]} takes {edge.coefficient:.3f} × {names[edge.source]}"
                + _found_again(edge),
                "opacity": float(opacity(edge.stability)),
            }
            | _stroke(float(edge.coefficient), heaviest, crowded, colours)
            | ({"bow": BOW} if back else {})
            for edge, back in zip(edges.itertuples(), bent, strict=True)
        ],
    }


def _found_again(edge: Any) -> str:
    found = stability.half_samples(edge.stability, edge.n_half_samples)
    return "" if found is None else f", in {found} half-samples"


def _node(name: str, node: Any, heaviest: float, colour: str) -> dict[str, Any]:
    centre = node.ring == 0
    return {
        "name": name,
        "x": round(float(node.x), 4),
        "y": round(float(node.y), 4),
        "size": 30 if centre else round(8 + 16 * min(node.weight / heaviest, 1.0), 1),
        "colour": colour,
        "column": int(node.ring),
        "side": {0: "bottom", -1: "left", 1: "right"}[int(np.sign(node.ring))],
        "bold": centre,
        "tip": ROLES[node.role],
    }


def _stroke(weight: float, heaviest: float, crowded: bool, colours: Palette) -> dict[str, Any]:
    share = abs(weight) / heaviest
    written = f"{weight:.2f}".replace("-", "−") if share > 0.15 and not crowded else ""
    width = round(1 + 5 * share, 2)
    return {
        "colour": sign_colour(colours, weight),
        "width": width,
        "dash": DASHES if weight < 0 else "",
        "label": written,
    }
