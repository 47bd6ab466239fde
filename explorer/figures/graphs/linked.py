"""One category on the left, its sources in another network on the right."""

from typing import Any

import pandas as pd

from explorer.answers.links import AGREEMENT
from explorer.figures.graphs import ego
from explorer.theme import Palette


def two_sided(
    equation: pd.DataFrame, order: list[int], centre: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Edges and nodes of a link's graph: the target (row `centre` of `joint_categories`) on the left,
    its sources on the right, each where its turn of entry on the path puts it."""
    edges = equation.assign(target=centre, ring=-1)
    nodes = ego.nodes_of(edges, centre, order)
    return edges, nodes.assign(ring=-nodes["ring"], x=-nodes["x"])


def drawing(
    edges: pd.DataFrame,
    nodes: pd.DataFrame,
    categories: pd.DataFrame,
    colours: Palette,
    kinds: dict[str, int],
) -> dict[str, Any]:
    """What `ego_graph` draws. A source's shape says which networks agree: `kinds` are rows of AGREEMENT by
    name."""
    found = ego.drawing(edges, nodes, categories, colours)
    for node in found["nodes"][1:]:
        node["symbol"], _, node["tip"] = AGREEMENT[kinds[node["name"]]]
    return found
