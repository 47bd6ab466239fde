"""Dependencies of one network: which pass a filter, and with which names.

The graph, its table twin and every export come from these functions, so that what is shown and
what is saved cannot differ.
"""

import numpy as np
import pandas as pd

SOLVED = 1e-9  # largest relative duality gap that counts as solved exactly


def passing(
    edges: pd.DataFrame,
    *,
    strength: float = 0.0,
    parents: tuple[int, int] | None = None,
    sign: str = "both",
    r2: tuple[float, float] | None = None,
    solved: str = "any",
    stability: float = 0.0,
    among: np.ndarray | None = None,
) -> np.ndarray:
    """Which edges a filter keeps (m,) bool: |coefficient| of at least `strength`, `sign` positive |
    negative | both; of the target's equation `parents[0]..parents[1]` parents, a held-out R^2 in
    `r2[0]..r2[1]`, `solved` solved exactly | not solved exactly | any; found again in at least the share
    `stability` of half-samples, where that was measured; both ends `among` (n,) bool."""
    keep = edges["strength"].to_numpy() >= strength
    if parents is not None:
        keep &= edges["n_parents"].between(*parents).to_numpy()
    if sign != "both":
        keep &= (edges["coefficient"].to_numpy() > 0) == (sign == "positive")
    if r2 is not None:
        keep &= edges["r2"].between(*r2).to_numpy()
    if solved != "any":
        exact = edges["duality_gap"].to_numpy() <= SOLVED
        keep &= exact == (solved == "solved exactly")
    if stability > 0:  # in float32, a share such as .94 lies a little below itself
        keep &= edges["stability"].to_numpy(float) >= stability - 1e-6
    if among is not None:
        keep &= among[edges["target"].to_numpy()] & among[edges["source"].to_numpy()]
    return keep


def named(
    edges: pd.DataFrame, categories: pd.DataFrame, sources: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Edges with the names of both ends in front, for tables and files. Targets are `categories`, and
    so are sources unless they are those of another network."""
    table = edges.drop(columns=["target_name", "source_name"], errors="ignore")
    for end, known in (
        ("source", categories if sources is None else sources),
        ("target", categories),
    ):
        table.insert(0, f"{end}_name", known["name"].to_numpy()[table[end].astype(int)])
    return table
