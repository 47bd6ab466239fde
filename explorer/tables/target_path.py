"""The stored path of every target, evaluated anywhere between its knots.

Along the path a *position* counts knots: 3 is knot 3, and 3.4 lies between knots 3 and 4, where
lambda and the CovLasso coefficients run linearly, so nothing is approximated (LARS-lasso, Efron et
al. 2004). Refit coefficients belong to a support, and the support between two knots is that of the
lower one.
"""

from dataclasses import dataclass
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

    @property
    def last(self) -> int:
        """Position of the last knot."""
        return len(self.lam) - 1

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
        number the last knot of that size (a row of evaluation.parquet), in between linear in knots.
        Sizes beyond the path count as its end."""
        last = {int(count): knot for knot, count in enumerate(self.n_parents())}
        sizes = sorted(last)
        return float(np.interp(size, sizes, [last[size] for size in sizes]))

    def n_parents(self) -> np.ndarray:
        """Number of non-zero coefficients at each knot (K,)."""
        return (self.coefficient != 0).sum(axis=1)

    def _split(self, position: float) -> tuple[int, float]:
        position = min(max(float(position), 0.0), float(self.last))
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
        return TargetPath(
            target, rows["lambda"].to_numpy()[first_rows], sources, coefficient, refit
        )
