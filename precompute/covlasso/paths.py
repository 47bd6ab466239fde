"""CovLasso paths of many targets, kept as knots: between two knots coefficients are straight lines."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from precompute.covlasso import certificate
from precompute.covlasso.validation import Inputs, checked_inputs
from precompute.errors import UserError


@dataclass(frozen=True)
class CovLassoPaths:
    """Paths of several targets in compressed rows, numpy arrays ready for numba.

    The t-th of `targets` owns the knots `target_ptr[t]:target_ptr[t + 1]`, and knot m the entries
    `knot_ptr[m]:knot_ptr[m + 1]`: its non-zeros. The first knot of a target is lambda_max, where all is
    zero; its one entry is the source that enters there, with coefficient 0. A target that no source
    correlates with has no knots.

    Attributes
    ----------
    n_sources : length of a dense coefficient vector
    targets : (n_targets,) int64
    target_ptr : (n_targets + 1,) int64
    lambdas : (n_knots,) float64, falling strictly within a target
    knot_ptr : (n_knots + 1,) int64
    sources : (n_entries,) int32, in order of entry within a knot
    coefs : (n_entries,) float64
    status : (n_targets,) str, why the path ends: "max_parents", "min_lambda", "no_correlation",
        "stalled" (ties beyond float64: the path ends early, what there is holds) or "unknown"
    inputs : the second moments that the paths were solved from, if known
    """

    n_sources: int
    targets: np.ndarray
    target_ptr: np.ndarray
    lambdas: np.ndarray
    knot_ptr: np.ndarray
    sources: np.ndarray
    coefs: np.ndarray
    status: np.ndarray
    inputs: Inputs | None = None

    def knots(self, target: int) -> np.ndarray:
        """Lambdas of the target's knots, falling; empty where no source correlates with it."""
        return self.lambdas[self._knot_range(target)]

    def coefficients(self, target: int, lam: float) -> np.ndarray:
        """Solution at `lam`, dense (n_sources,), exact; zero from lambda_max up.

        Raises UserError for a target without a path here, and below its last knot.
        """
        knots = self._knot_range(target)
        lambdas = self.lambdas[knots]
        if not lam >= 0.0:
            raise UserError(f"lambda must be 0 or more, got {lam}.")
        if not lambdas.size or lam >= lambdas[0]:
            return np.zeros(self.n_sources)
        if lam < lambdas[-1]:
            raise UserError(
                f"lambda {lam:g} lies below the last knot of target {target}, {lambdas[-1]:g}. "
                "Follow the path further: more max_parents or a smaller min_lambda_ratio."
            )
        right = int(np.searchsorted(-lambdas, -lam))
        weight = (lambdas[right - 1] - lam) / (lambdas[right - 1] - lambdas[right])
        left = knots.start + right - 1
        return (1.0 - weight) * self._dense(left) + weight * self._dense(left + 1)

    def duality_gap(self) -> np.ndarray:
        """Largest duality gap over the knots of each target, relative to E[target^2], (n_targets,)."""
        return certificate.duality_gap(self._knots(), self._known_inputs())

    def kkt_violation(self) -> np.ndarray:
        """Largest violation of the optimality conditions over the knots, relative to lambda_max."""
        return certificate.kkt_violation(self._knots(), self._known_inputs())

    def bind(
        self,
        moment: ArrayLike,
        *,
        cross: ArrayLike | None = None,
        power: ArrayLike | None = None,
        exclude: ArrayLike | None = None,
    ) -> "CovLassoPaths":
        """The same paths with the second moments (as for `covlasso_path`) to certify them against."""
        inputs = checked_inputs(moment, cross, power, exclude)
        if len(inputs.moment) != self.n_sources:
            raise UserError(
                f"moment has {len(inputs.moment)} sources, the paths {self.n_sources}. "
                "Bind the moment that they were solved from."
            )
        return replace(self, inputs=inputs)

    def to_frame(self) -> pd.DataFrame:
        """Table (target int32, knot int32, lambda, source int32, coefficient): path.parquet less refit."""
        per_target, per_knot = np.diff(self.target_ptr), np.diff(self.knot_ptr)
        knot = np.arange(len(self.lambdas)) - np.repeat(self.target_ptr[:-1], per_target)
        target = np.repeat(self.targets, per_target)
        return pd.DataFrame(
            {
                "target": np.repeat(target, per_knot).astype(np.int32),
                "knot": np.repeat(knot, per_knot).astype(np.int32),
                "lambda": np.repeat(self.lambdas, per_knot),
                "source": self.sources,
                "coefficient": self.coefs,
            }
        )

    @classmethod
    def from_frame(
        cls, frame: pd.DataFrame, n_sources: int, targets: ArrayLike | None = None
    ) -> "CovLassoPaths":
        """Read `to_frame` back. `targets` also names targets without rows; by default those with rows.

        Raises UserError where the table is no such path.
        """
        target = frame["target"].to_numpy(np.int64)
        knot = frame["knot"].to_numpy(np.int64)
        lam = frame["lambda"].to_numpy(np.float64)
        source = frame["source"].to_numpy(np.int32)
        if source.size and not (0 <= source.min() and source.max() < n_sources):
            raise UserError(
                f"The path table has sources {source.min()} to {source.max()}, but there are "
                f"{n_sources} categories. Is it the path of another model?"
            )
        new_target = np.diff(target, prepend=-1) != 0
        new_knot = new_target | (np.diff(knot, prepend=-1) != 0)
        first = np.flatnonzero(new_knot)
        owner = target[first]
        falling = np.diff(lam[first]) < 0
        if (np.diff(lam)[~new_knot[1:]] != 0).any() or not (falling | new_target[first][1:]).all():
            raise UserError(
                "The path table is not sorted by target, with lambda falling from knot to knot. "
                "Read it as it was written."
            )
        named = np.asarray(owner if targets is None else targets, dtype=np.int64)
        every = np.unique(np.concatenate([named, owner]))
        counts = np.bincount(np.searchsorted(every, owner), minlength=len(every))
        if (np.diff(owner) < 0).any():
            raise UserError("The path table is not sorted by target. Read it as it was written.")
        return cls(
            n_sources=n_sources,
            targets=every,
            target_ptr=np.concatenate([[0], np.cumsum(counts)]),
            lambdas=lam[first],
            knot_ptr=np.append(first, len(frame)),
            sources=source,
            coefs=frame["coefficient"].to_numpy(np.float64),
            status=np.full(len(every), "unknown"),
        )

    def _knots(self) -> certificate.Knots:
        return certificate.Knots(
            self.targets, self.target_ptr, self.lambdas, self.knot_ptr, self.sources, self.coefs
        )

    def _knot_range(self, target: int) -> slice:
        place = np.flatnonzero(self.targets == target)
        if not place.size:
            raise UserError(
                f"Target {target} has no path here. There are paths of {len(self.targets)} targets."
            )
        return slice(*self.target_ptr[place[0] : place[0] + 2].tolist())

    def _dense(self, knot: int) -> np.ndarray:
        entries = slice(*self.knot_ptr[knot : knot + 2])
        dense = np.zeros(self.n_sources)
        dense[self.sources[entries]] = self.coefs[entries]
        return dense

    def _known_inputs(self) -> Inputs:
        if self.inputs is None:
            raise UserError(
                "These paths were read from a table: bind the second moment that they were solved "
                "from first, paths.bind(moment).duality_gap()."
            )
        return self.inputs
