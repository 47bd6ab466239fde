"""The stored path of every target, evaluated anywhere between its knots.

Along the path a *position* counts stored knots: 3 is knot 3, and 3.4 lies between knots 3 and 4, where
lambda and the CovLasso coefficients run linearly, so nothing is approximated (LARS-lasso, Efron et
al. 2004). Refit coefficients belong to a support, and the support between two knots is that of the
lower one. Of a long path only the knots of some sizes are stored beyond its beginning: there a position
is always one of them, since between distant knots a straight line would be a guess.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class TargetPath:
    """K knots of one target over the S sources that ever enter, in order of entry."""

    target: int
    lam: np.ndarray  # (K,) falling
    sources: np.ndarray  # (S,) category of each column
    coefficient: np.ndarray  # (K, S)
    refit: np.ndarray  # (K, S)
    knots: np.ndarray  # (K,) number of each stored knot on the whole path

    @property
    def last(self) -> int:
        """Position of the last knot."""
        return len(self.lam) - 1

    @cached_property
    def exact(self) -> int:
        """Position up to which no knot is missing, so that all in between is exact."""
        gaps = np.flatnonzero(np.diff(self.knots) > 1)
        return int(gaps[0]) if len(gaps) else self.last

    def knot_at(self, position: float) -> float:
        """Number of the knot at a position, on the whole path; linear between two."""
        return float(np.interp(position, np.arange(len(self.knots)), self.knots))

    def lam_at(self, position: float) -> float:
        """Penalty at a position in 0..last; positions outside count as the nearest end."""
        low, share = self._split(position)
        return float((1 - share) * self.lam[low] + share * self.lam[min(low + 1, self.last)])

    def coefficients_at(self, position: float, refit: bool = False) -> np.ndarray:
        """Coefficients of every source at a position, 0 where it takes no part (S,)."""
        low, share = self._split(position)
        high = min(low + 1, self.last)
        if refit:
            return self.refit[high if share > 0 else low]
        return (1 - share) * self.coefficient[low] + share * self.coefficient[high]

    def position_of_size(self, size: float) -> float:
        """The position at which the support has `size` parents and is about to grow: for a whole
        number the last knot of that size (a row of evaluation.parquet), in between linear in knots as
        far as all of them are stored, beyond at the nearest size. Sizes beyond the path count as its
        end."""
        near, far = self._places
        if size <= max(near, default=-1) or not far:
            return float(np.interp(size, sorted(near), [near[k] for k in sorted(near)]))
        return float((near | far)[int(self.nearest_size(size))])

    def nearest_size(self, size: float) -> float:
        """The size itself where the path is exact, else the nearest one that is stored."""
        near, far = self._places
        end = max(near, default=0)
        return size if size <= end or not far else min([end, *far], key=lambda k: abs(k - size))

    @property
    def sizes(self) -> list[int]:
        """Every number of parents that a stored knot has, rising."""
        near, far = self._places
        return sorted(near | far)

    @cached_property
    def _places(self) -> tuple[dict[int, int], dict[int, int]]:
        """The last position of every size: up to `exact`, and beyond."""
        last = {int(count): place for place, count in enumerate(self.n_parents())}
        near = {size: place for size, place in last.items() if place <= self.exact}
        return near, {size: place for size, place in last.items() if place > self.exact}

    def n_parents(self) -> np.ndarray:
        """Number of non-zero coefficients at each knot (K,)."""
        return (self.coefficient != 0).sum(axis=1)

    def _split(self, position: float) -> tuple[int, float]:
        position = min(max(float(position), 0.0), float(self.last))
        if position > self.exact:
            position = round(position)
        low = int(position)
        return low, position - low


COLUMNS = ["target", "knot", "lambda", "source", "coefficient", "refit"]


class RowsByTarget(Protocol):
    """`rows[target]` is a frame with COLUMNS in the order of the file, by knot; `TargetRows` are such."""

    def __getitem__(self, target: int, /) -> pd.DataFrame: ...


class PathIndex:
    """The path of any target from path.parquet, found by its rows."""

    def __init__(self, rows: RowsByTarget):
        self._rows = rows

    def __getitem__(self, target: int) -> TargetPath | None:
        """The path of one target, or None for a category that nothing explains."""
        rows = self._rows[target]
        if not len(rows):
            return None
        knots, first_rows, row = np.unique(rows["knot"], return_index=True, return_inverse=True)
        sources, entry = np.unique(rows["source"], return_index=True)
        sources = sources[np.argsort(rows["knot"].to_numpy()[entry], kind="stable")]
        column = pd.Index(sources).get_indexer(rows["source"])
        coefficient = np.zeros((len(knots), len(sources)))
        refit = np.zeros_like(coefficient)
        coefficient[row, column] = rows["coefficient"]
        refit[row, column] = rows["refit"]
        lam = rows["lambda"].to_numpy()[first_rows]
        return TargetPath(target, lam, sources, coefficient, refit, knots)
