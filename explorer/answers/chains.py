"""Chains of dependencies: how one category reaches another one over others' equations."""

import numpy as np
import pandas as pd


class ChainFinder:
    """The dependencies of one network laid out for searching; build it once per network.

    `edges` has columns target, source and coefficient; `n` is the number of categories.
    """

    def __init__(self, edges: pd.DataFrame, n: int):
        order = np.argsort(edges["target"].to_numpy(), kind="stable")
        self._edges = edges.iloc[order].reset_index(drop=True)  # those of one target together
        self._targets = self._edges["target"].to_numpy()
        self._sources = self._edges["source"].to_numpy()
        self._strength = self._edges["coefficient"].abs().to_numpy(float)
        self._starts = np.searchsorted(self._targets, np.arange(n + 1))

    def shortest(self, source: int, target: int) -> pd.DataFrame | None:
        """The edges that lead from `source` into `target`, as few as can be, in the order of the
        walk: each edge's target is the next one's source. None where no chain leads there, an empty
        frame from a category to itself. Among equally short chains it is the one with the largest
        |product of coefficients|.
        """
        n = len(self._starts) - 1
        first = np.full(n, -1)  # edge by which the best chain leaves a category
        product = np.zeros(n)  # |product| along that chain
        reached = np.zeros(n, dtype=bool)
        ring = np.array([target])
        product[target], reached[target] = 1.0, True
        while len(ring) and not reached[source]:  # breadth first from the target, ring by ring
            found = self._edges_into(ring)
            found = found[~reached[self._sources[found]]]
            gain = product[self._targets[found]] * self._strength[found]
            found = found[np.argsort(gain, kind="stable")]
            ring = np.unique(self._sources[found])
            # Where a category occurs more than once, its last entry stays: the strongest.
            first[self._sources[found]] = found
            product[ring] = product[self._targets[first[ring]]] * self._strength[first[ring]]
            reached[ring] = True
        return self._walk(first, source, target) if reached[source] else None

    def _edges_into(self, ring: np.ndarray) -> np.ndarray:
        """Positions of all edges whose target lies in the ring."""
        return np.concatenate([np.arange(*self._starts[[t, t + 1]]) for t in ring])

    def _walk(self, first: np.ndarray, here: int, target: int) -> pd.DataFrame:
        steps = []
        while here != target:
            steps.append(first[here])
            here = self._targets[steps[-1]]
        return self._edges.iloc[steps].reset_index(drop=True)
