"""Sparse equations `a_target = sum_j w_j b_j`, many at a time, and what moments say about them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from precompute.covlasso import CovLassoPaths
from precompute.equations.moments import CentredMoments
from precompute.equations.weighting import WeightedMoments


@dataclass(frozen=True)
class Equations:
    """m equations in compressed rows: sources and coefficients of row r lie at ptr[r]:ptr[r + 1]."""

    target: np.ndarray  # (m,) int32
    knot: np.ndarray  # (m,) int32
    lam: np.ndarray  # (m,) float64
    ptr: np.ndarray  # (m + 1,) int64
    source: np.ndarray  # (nnz,) int32
    coefficient: np.ndarray  # (nnz,) float64

    @classmethod
    def from_path(cls, path: pd.DataFrame) -> "Equations":
        """One equation per knot of path.parquet, in its order; knot 0 has its zero coefficient."""
        target, knot = path["target"].to_numpy(), path["knot"].to_numpy()
        starts = np.flatnonzero(np.r_[True, (target[1:] != target[:-1]) | (knot[1:] != knot[:-1])])
        starts = starts[: len(path)]
        return cls(
            target[starts].astype(np.int32),
            knot[starts].astype(np.int32),
            path["lambda"].to_numpy(np.float64)[starts],
            np.r_[starts, len(path)].astype(np.int64),
            path["source"].to_numpy(np.int32),
            path["coefficient"].to_numpy(np.float64),
        )

    @classmethod
    def from_solved(cls, paths: CovLassoPaths) -> "Equations":
        """One equation per knot of the solver's paths, in their order; nothing is copied."""
        knots = np.diff(paths.target_ptr)
        number = np.arange(len(paths.lambdas)) - np.repeat(paths.target_ptr[:-1], knots)
        return cls(
            np.repeat(paths.targets, knots).astype(np.int32),
            number.astype(np.int32),
            paths.lambdas,
            paths.knot_ptr,
            paths.sources,
            paths.coefs,
        )

    def __len__(self) -> int:
        return len(self.target)

    @property
    def n_parents(self) -> np.ndarray:
        """Number of non-zero coefficients of each row."""
        counts = np.r_[0, np.cumsum(self.coefficient != 0)]
        return counts[self.ptr[1:]] - counts[self.ptr[:-1]]

    def take(self, rows: np.ndarray) -> "Equations":
        """The chosen rows, in the order given."""
        lengths = np.diff(self.ptr)[rows]
        ptr = np.r_[0, np.cumsum(lengths)].astype(np.int64)
        inside = (
            np.arange(ptr[-1]) - np.repeat(ptr[:-1], lengths) + np.repeat(self.ptr[rows], lengths)
        )
        return Equations(
            self.target[rows], self.knot[rows], self.lam[rows], ptr,
            self.source[inside], self.coefficient[inside],
        )  # fmt: skip

    @classmethod
    def joined(cls, parts: Sequence["Equations"]) -> "Equations":
        """The rows of all parts, one part after the other."""

        def column(name: str) -> np.ndarray:
            return np.concatenate([getattr(part, name) for part in parts])

        lengths = np.concatenate([np.diff(part.ptr) for part in parts])
        return cls(
            column("target"), column("knot"), column("lam"),
            np.r_[0, np.cumsum(lengths)].astype(np.int64), column("source"), column("coefficient"),
        )  # fmt: skip

    def moved(self, by: int) -> "Equations":
        """The same equations of targets whose numbers are higher by so much."""
        return replace(self, target=self.target + np.int32(by))

    def with_coefficients(self, coefficient: np.ndarray) -> "Equations":
        """The same supports with other coefficients."""
        return Equations(self.target, self.knot, self.lam, self.ptr, self.source, coefficient)

    def levels(self, sizes: Sequence[int] | None = None) -> "Equations":
        """For every target and number of parents (those in `sizes`, by default any) the knot of the
        smallest lambda that has so many; sorted by target and number of parents."""
        n_parents = self.n_parents
        wanted = n_parents > 0 if sizes is None else np.isin(n_parents, sizes)
        rows = np.flatnonzero(wanted)[::-1]  # of equals, the first that `unique` meets is the last
        most = int(n_parents.max(initial=0)) + 1
        kinds = self.target[rows].astype(np.int64) * most + n_parents[rows]
        return self.take(rows[np.unique(kinds, return_index=True)[1]])

    def rows_with(self, target: np.ndarray, n_parents: np.ndarray) -> np.ndarray:
        """Rows (m,) of the targets' levels with so many parents, or the most below; -1 where there is
        none. `self` are `levels`."""
        most = int(max(self.n_parents.max(initial=0), np.max(n_parents, initial=0))) + 1
        mine = self.target.astype(np.int64) * most + self.n_parents
        rows = np.searchsorted(mine, target.astype(np.int64) * most + n_parents, side="right") - 1
        found = rows >= 0
        found[found] = self.target[rows[found]] == target[found]
        return np.where(found, rows, -1)

    def residual_power(self, moments: CentredMoments) -> np.ndarray:
        """E[(a_i - sum_j w_j b_j)^2] of each row (m,): `theta' M theta` of the design.

        Rounding can leave a tiny negative number where the residual vanishes; it is cut at 0.
        """
        from precompute.equations.kernels import residual_power

        power = residual_power(
            self.target, self.ptr, self.source, self.coefficient,
            moments.moment, moments.cross, moments.power,
        )  # fmt: skip
        return np.maximum(power, 0.0)

    def relative_error(self, moments: CentredMoments) -> np.ndarray:
        """Residual power over the moments' scale, E[a_i^2] (m,); 0 / 0 counts as 0, as nothing is left
        to explain."""
        return ratio(self.residual_power(moments), moments.scale[self.target])

    def r2(self, moments: CentredMoments) -> np.ndarray:
        """1 - residual power over Var[a_i] (m,); a constant logit that is met exactly has 1."""
        return 1.0 - ratio(self.residual_power(moments), moments.variance[self.target])

    def refit(self, moments: CentredMoments) -> "Equations":
        """Least squares on each row's support (relaxed lasso), the shrinkage removed.

        On a singular support the solution of least norm is taken; a target's own images weigh as much as
        the moments let them.
        """
        from precompute.equations.kernels import refit, refit_weighted

        rows = (self.target, self.ptr, self.source, self.coefficient)
        if isinstance(moments, WeightedMoments):
            own = (moments.own_ptr, moments.own_images, moments.share)
            found, singular = refit_weighted(*rows, moments.moment, *own)
        else:
            found, singular = refit(*rows, moments.moment, moments.cross)
        # Few, and not worth the seconds that numba takes to compile LAPACK's decomposition.
        for row in np.flatnonzero(singular):
            entries = np.arange(self.ptr[row], self.ptr[row + 1])
            entries = entries[self.coefficient[entries] != 0]
            found[entries] = _least_norm(self.target[row], self.source[entries], moments)
        return self.with_coefficients(found)

    def intercept(self, moments: CentredMoments) -> np.ndarray:
        """Constant of each row in raw logits: mean_i - sum_j w_j mean_j; 0 unless centred (m,)."""
        weighted = np.r_[0.0, np.cumsum(self.coefficient * moments.source_mean[self.source])]
        return moments.target_mean[self.target] - (weighted[self.ptr[1:]] - weighted[self.ptr[:-1]])


def _least_norm(target: int, support: np.ndarray, moments: CentredMoments) -> np.ndarray:
    """The least-squares coefficients of least norm on a singular support (k,)."""
    moment, cross = moments.moment, moments.cross
    if isinstance(moments, WeightedMoments):
        moment = cross = moments.of(target)
    matrix, right = moment[np.ix_(support, support)], cross[support, target]
    return np.linalg.lstsq(matrix, right, rcond=1e-12)[0]


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole (m,), where 0 / 0 is 0."""
    safe = np.where(whole > 0, whole, 1.0)
    return np.where(whole > 0, part / safe, np.where(part > 0, np.inf, 0.0))
