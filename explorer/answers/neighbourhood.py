"""One target's equation at any place of its path, and the dependencies around it."""

import numpy as np
import pandas as pd

from explorer.answers.yardsticks import stability
from explorer.tables.target_path import TargetPath

EDGE_COLUMNS = ["target", "source", "coefficient", *stability.COLUMNS]
STEPS = (32, 16, 8)  # edges that a step of the ego graph shows on each side: it must stay readable


def equation(path: TargetPath | None, position: float, refit: bool = False) -> pd.DataFrame:
    """The equation of a target at a position of its path: target, source, coefficient (what the
    switch chose), largest first. Empty before the first source enters."""
    if path is None:
        return pd.DataFrame({"target": [], "source": [], "coefficient": []}).astype(
            {"target": int, "source": int, "coefficient": float}
        )
    weights = path.coefficients_at(position, refit)
    used = np.flatnonzero(weights)
    used = used[np.argsort(-np.abs(weights[used]), kind="stable")]
    return pd.DataFrame(
        {"target": path.target, "source": path.sources[used], "coefficient": weights[used]}
    )


def stored_equation(dependencies: pd.DataFrame, target: int | None, refit: bool) -> pd.DataFrame:
    """The equation of one target at the choice of these rows, as `equation` has it, from rows of
    dependencies.parquet; empty for None, a category that the network lacks."""
    rows = dependencies[dependencies["target"] == (-1 if target is None else target)]
    kept = pd.DataFrame(
        {
            "target": rows["target"].astype(int),
            "source": rows["source"].astype(int),
            "coefficient": rows["refit" if refit else "coefficient"].astype(float),
        }
    )
    return kept.sort_values("coefficient", key=np.abs, ascending=False, ignore_index=True)


def ego(
    edges: pd.DataFrame,
    target: int,
    own: pd.DataFrame,
    *,
    depth: int = 1,
    direction: str = "both",
    limits: tuple[int, ...] = STEPS,
) -> pd.DataFrame:
    """The neighbourhood of `target`: EDGE_COLUMNS, `ring` and `found`, nearest ring first.

    `own` is the target's own equation (from `equation`); every other category has its stored one.
    Ring -k holds what the k-th step towards sources found, ring +k the k-th step towards targets.
    `direction` is parents | children | both. A step shows its `limits[k - 1]` strongest edges on each
    side, of the `found` ones that no earlier step has; it goes on from the ends of those.
    """
    own, stored = (stability.with_columns(part)[EDGE_COLUMNS] for part in (own, edges))
    left = pd.concat([own, stored[stored["target"] != target]], ignore_index=True)
    signs = {"parents": (-1,), "children": (1,), "both": (-1, 1)}[direction]
    known, frontier = ({sign: [target] for sign in signs} for _ in range(2))
    rings = []
    for step, limit in enumerate(limits[:depth], start=1):
        for sign in signs:
            here, there = ("target", "source") if sign < 0 else ("source", "target")
            met = left[left[here].isin(frontier[sign])]
            order = met["coefficient"].abs().sort_values(ascending=False, kind="stable").index
            ring = met.loc[order[:limit]].assign(ring=sign * step, found=len(met))
            left = left.drop(ring.index)
            ends = dict.fromkeys(ring[there].tolist())
            frontier[sign] = [category for category in ends if category not in known[sign]]
            known[sign] += frontier[sign]
            rings.append(ring)
    return pd.concat(rings, ignore_index=True)
