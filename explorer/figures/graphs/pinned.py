"""The dependencies among pinned categories, and a chain of them: which edges, where nodes stand."""

from typing import Any

import numpy as np
import pandas as pd

from explorer.figures.graphs import ego
from explorer.theme import Palette
from explorer.words.formatting import weight_text

ROLES = ("pinned", "parents of pinned ones")
PARENTS = 40  # categories from outside the set that are drawn beside it


def table(
    categories: pd.DataFrame,
    evaluation: pd.DataFrame,
    community_names: dict[int, str],
    chosen: list[int],
) -> pd.DataFrame:
    """One row per pinned category: name, definition, community (its word), n_parents, n_children and
    the held-out r2 of its equation at the reader's choice, to which `evaluation` is restricted."""
    rows = categories.iloc[chosen][["category", "name", "definition", "n_parents", "n_children"]]
    r2 = evaluation.set_index("target")["r2"]
    words = categories["community"].iloc[chosen].map(community_names)
    found = rows.assign(community=words, r2=rows["category"].map(r2))
    return found.reset_index(drop=True)


def among(edges: pd.DataFrame, chosen: list[int]) -> pd.DataFrame:
    """The edges between pinned categories, strongest first as in `edges`."""
    inside = edges["target"].isin(chosen) & edges["source"].isin(chosen)
    return edges[inside].reset_index(drop=True)


def with_parents(edges: pd.DataFrame, chosen: list[int]) -> tuple[pd.DataFrame, int]:
    """The edges into pinned categories from pinned ones and from their parents, and how many parents
    there are. Of these the PARENTS with the strongest edges come along, with all their edges."""
    into = edges[edges["target"].isin(chosen)]
    outside = into.loc[~into["source"].isin(chosen), "source"].drop_duplicates()
    kept = into["source"].isin([*chosen, *outside.head(PARENTS)])
    return into[kept].reset_index(drop=True), len(outside)


def nodes_among(chosen: list[int], categories: pd.DataFrame) -> pd.DataFrame:
    """Pinned categories on two arcs that face each other, neighbours on the map side by side. Columns
    as `ego.nodes_of`; `ring` -1 and 1 are the left and the right arc."""
    order = np.array(chosen, dtype=int)[_clockwise(categories, chosen)]
    half = (len(order) + 1) // 2
    right = _column(order[:half], 1)
    left = _column(order[half:][::-1], -1)
    return pd.concat([right, left], ignore_index=True).assign(role=0)


def nodes_with_parents(
    edges: pd.DataFrame, chosen: list[int], categories: pd.DataFrame
) -> pd.DataFrame:
    """Pinned categories on the right, their parents on the left, each near those that use it."""
    pinned = _column(np.array(chosen, dtype=int)[_clockwise(categories, chosen)], 1)
    outer = edges[~edges["source"].isin(chosen)]
    heights = outer["target"].map(pinned.set_index("category")["y"])
    middle = heights.groupby(outer["source"]).mean().sort_values(ascending=False, kind="stable")
    parents = _column(middle.index.to_numpy(), -1)
    return pd.concat([pinned.assign(role=0), parents.assign(role=1)], ignore_index=True)


def nodes_of_chain(chain: pd.DataFrame) -> pd.DataFrame:
    """The categories of a chain in its order, from left to right."""
    row = [int(chain["source"].iat[0]), *chain["target"].astype(int)]
    height = np.where(np.arange(len(row)) % 2, -0.3, 0.6)
    return pd.DataFrame(
        {"category": row, "x": np.linspace(-1, 1, len(row)), "y": height, "ring": 0, "role": 0}
    ).assign(weight=0.0)


def _clockwise(categories: pd.DataFrame, chosen: list[int]) -> np.ndarray:
    """Order of the categories around their middle on the map, from twelve o'clock."""
    places = categories[["x", "y"]].to_numpy(float)[chosen]
    x, y = (places - places.mean(axis=0)).T
    return np.argsort(np.mod(np.arctan2(x, y), 2 * np.pi), kind="stable")


def _column(order: np.ndarray, side: int) -> pd.DataFrame:
    """An arc from top to bottom whose middle stands further out than its ends."""
    y = 1 - 2 * (np.arange(len(order)) + 0.5) / max(len(order), 1)
    x = side * (1 - 0.25 * y**2)
    return pd.DataFrame({"category": order, "x": x, "y": y, "ring": side, "weight": 0.0})


def weighted(nodes: pd.DataFrame, edges: pd.DataFrame) -> pd.DataFrame:
    """The nodes as large as the strongest edge at them."""
    ends = pd.concat([edges.set_index("source"), edges.set_index("target")])["coefficient"].abs()
    return nodes.assign(weight=nodes["category"].map(ends.groupby(level=0).max()).fillna(0.0))


def drawing(
    edges: pd.DataFrame, nodes: pd.DataFrame, categories: pd.DataFrame, colours: Palette
) -> dict[str, Any]:
    """What `ego_graph` draws. Edges within one column bow inwards, further on the way down than on the
    way up, and so does a pair that uses each other, so that both edges can be seen."""
    found = ego.drawing(edges, nodes, categories, colours)
    ways = {(edge["source"], edge["target"]) for edge in found["edges"]}
    for item, node in zip(found["nodes"], nodes.itertuples(), strict=True):
        item["tip"] = ROLES[node.role]
    for edge in found["edges"]:
        source, target = (found["nodes"][edge[end]] for end in ("source", "target"))
        if source["side"] == target["side"]:
            inwards = 1 if source["side"] == "right" else -1
            rise = target["y"] - source["y"]
            # Long edges bow less, or they would cross into the other column.
            edge["bow"] = inwards * (0.18 if rise > 0 else -0.5) * min(1, 0.6 / abs(rise))
        elif (edge["target"], edge["source"]) in ways:
            edge["bow"] = 0.08
    return found


def chain_drawing(
    chain: pd.DataFrame, nodes: pd.DataFrame, categories: pd.DataFrame, colours: Palette
) -> dict[str, Any]:
    """What `ego_graph` draws of a chain: every coefficient is written, every name stands below."""
    found = ego.drawing(chain, nodes, categories, colours)
    for k, item in enumerate(found["nodes"]):
        item |= {"size": 18, "tip": f"{k + 1} of {len(nodes)}"}
    for edge, weight in zip(found["edges"], chain["coefficient"], strict=True):
        edge["label"] = ("−" if weight < 0 else "") + weight_text(weight)
    return found
