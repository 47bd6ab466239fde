"""One category on the left, its sources in another network on the right."""

import pandas as pd

from explorer.figures.graphs import ego


def two_sided(
    equation: pd.DataFrame, order: list[int], centre: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Edges and nodes of a link's graph: the target (row `centre` of `joint_categories`) on the left,
    its sources on the right, each where its turn of entry on the path puts it."""
    edges = equation.assign(target=centre, ring=-1)
    nodes = ego.nodes_of(edges, centre, order)
    return edges, nodes.assign(ring=-nodes["ring"], x=-nodes["x"])
