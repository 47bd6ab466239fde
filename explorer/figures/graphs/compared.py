"""One category's equations in two networks, drawn alike: every source in the same place on both sides.

The kind of a dependency is told by colour and by the shape of its source, its sign by the line.
"""

from typing import Any

import numpy as np
import pandas as pd

from explorer.answers.comparison import KINDS
from explorer.figures.graphs.rules import DASHES
from explorer.figures.opacity import PLAIN
from explorer.theme import Palette

SHAPES = dict(zip(KINDS, ("circle", "triangle", "diamond", "diamond"), strict=True))
LIMIT = 24  # sources that are drawn, the strongest; the table has them all


def kind_colours(colours: Palette) -> dict[str, str]:
    """Colour of each of KINDS."""
    return dict(
        zip(KINDS, (colours.accent, colours.warning, colours.faint, colours.faint), strict=True)
    )


def shown(table: pd.DataFrame) -> pd.DataFrame:
    """The strongest LIMIT rows of `comparison.equations`, in its order."""
    return table.loc[table["strength"].nlargest(LIMIT).index.sort_values()]


def drawing(table: pd.DataFrame, target: str, side: str, colours: Palette) -> dict[str, Any]:
    """What `ego_graph` draws for network `side` (a | b) of rows of `comparison.equations`. Node 0 is the
    target, node k + 1 the source of row k; one that this network does not use is hollow and has no line."""
    weights = table[f"coefficient_{side}"].to_numpy(float)
    heaviest = float(max(table["strength"].max(), 1e-9)) if len(table) else 1.0
    places = 1 - 2 * (np.arange(len(table)) + 0.5) / max(len(table), 1)
    nodes = [
        {"name": target, "x": 0.0, "y": 0.0, "size": 28, "colour": colours.ink, "side": "bottom",
         "bold": True, "tip": "this category"}
    ]  # fmt: skip
    edges = []
    for k, row in enumerate(table.itertuples()):
        weight = weights[k]
        nodes.append(_source(row, weight, heaviest, float(places[k]), colours))
        if not np.isnan(weight):
            edges.append({"source": k + 1, "target": 0} | _line(row, weight, heaviest, colours))
    return {"nodes": nodes, "edges": edges}


def _source(row: Any, weight: float, heaviest: float, y: float, colours: Palette) -> dict[str, Any]:
    absent = np.isnan(weight)
    return {
        "name": row.source_name,
        "x": round(-1 + 0.18 * y**2, 4),
        "y": round(y, 4),
        "size": 8.0 if absent else round(9 + 13 * min(abs(weight) / heaviest, 1.0), 1),
        "colour": colours.faint if absent else kind_colours(colours)[row.kind],
        "hollow": bool(absent),
        "symbol": "circle" if absent else SHAPES[row.kind],
        "side": "left",
        "bold": False,
        "tip": row.kind,
    }


def _line(row: Any, weight: float, heaviest: float, colours: Palette) -> dict[str, Any]:
    return {
        "colour": kind_colours(colours)[row.kind],
        "width": round(1 + 5 * abs(weight) / heaviest, 2),
        "dash": DASHES if weight < 0 else "",
        "label": "",
        "opacity": PLAIN,
        "tip": f"{row.target_name} takes {weight:.3f} × {row.source_name} ({row.kind})",
    }
