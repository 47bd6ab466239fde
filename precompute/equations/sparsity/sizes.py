"""The numbers of parents at which equations are kept and judged, and the path table thinned to them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from precompute.equations.equations import Equations

# Up to here every number of parents is a size, and every knot of the path is stored.
EVERY = 32


def sizes_up_to(max_parents: int, n_sources: int) -> list[int]:
    """1 to 32, then 40, 48, 56, 64, 80, 96, 128, 160, 192, 256, 320 ..., and the end: `max_parents`, or
    all sources where there are fewer."""
    end = min(max_parents, n_sources)
    sizes = [*range(1, EVERY + 1), 40, 48, 56, 64]
    while sizes[-1] < end:
        power = sizes[-1]
        sizes += [power * 5 // 4, power * 3 // 2, power * 2]
    return [size for size in sizes if size < end] + [end]


def by_size(
    levels: Equations, values: np.ndarray, empty: np.ndarray, sizes: Sequence[int]
) -> np.ndarray:
    """Values of levels laid out as (n_targets, n_sizes): column j has that of sizes[j] parents, or of the
    most below; `empty` (n_targets,) is that of no parent."""
    table = np.full((len(empty), len(sizes) + 1), np.nan)
    table[:, 0] = empty
    table[levels.target, np.searchsorted(sizes, levels.n_parents) + 1] = values
    return pd.DataFrame(table).ffill(axis=1).to_numpy()[:, 1:]


def thinned(path: Equations, sizes: Sequence[int]) -> Equations:
    """The knots that are stored: down to each target's last with at most 32 parents every one, so that
    all in between is exact; beyond, the last one of each size."""
    n_parents, row = path.n_parents, np.arange(len(path))
    frame = pd.DataFrame({"target": path.target, "n": n_parents, "row": row})
    last = frame[np.isin(n_parents, sizes)].groupby(["target", "n"])["row"].max()
    end = frame[n_parents <= EVERY].groupby("target")["row"].max()
    kept = row <= frame["target"].map(end).to_numpy()
    kept[last.to_numpy()] = True
    return path.take(np.flatnonzero(kept))
