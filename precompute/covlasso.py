"""CovLasso: the exact path of every target over one shared second moment.

    min_theta  theta' M theta + lambda * ||theta||_1    s.t. theta_target = -1

(Feng et al., CVPR 2023, arXiv 2211.12339). The solution is piecewise linear in lambda; a path is kept
as its knots, so that every lambda on it is exact. lambda is twice scikit-learn's `alpha`.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from precompute.certificate import largest_gaps
from precompute.errors import UserError

# A moment may miss symmetry by rounding only, relative to its largest entry.
_ASYMMETRY = 1e-8
# Targets that one thread solves at a time: few enough to share evenly, many enough to hide the call.
_CHUNK = 25


@dataclass(frozen=True)
class CovLassoPaths:
    """Paths of several targets in compressed rows.

    Target t (a position in `targets`) owns the knots target_ptr[t]:target_ptr[t + 1] of `lambdas`,
    falling; knot k owns the entries knot_ptr[k]:knot_ptr[k + 1] of `sources` and `coefs`: its
    non-zeros, and at a target's first knot the category that enters there, with coefficient 0.
    """

    targets: np.ndarray
    n_sources: int
    target_ptr: np.ndarray
    lambdas: np.ndarray
    knot_ptr: np.ndarray
    sources: np.ndarray
    coefs: np.ndarray
    gaps: np.ndarray | None = None

    def knots(self, target: int) -> np.ndarray:
        """The knots of a target in falling lambda, float64; empty where no source correlates with it."""
        return self.lambdas[self._span(target)]

    def coefficients(self, target: int, lam: float) -> np.ndarray:
        """Dense float64 coefficients (n_sources,) at `lam`, exact by interpolation between knots.

        Zero from lambda_max up. Raises UserError below the last knot, where the path was not followed.
        """
        span = self._span(target)
        knots = self.lambdas[span]
        if len(knots) == 0 or lam >= knots[0]:
            return np.zeros(self.n_sources)
        if not lam >= knots[-1]:
            raise UserError(
                f"lambda {lam} is below the last knot {knots[-1]} of target {target}. "
                "Follow the path further with more max_parents or a smaller min_lambda_ratio."
            )
        below = int(np.searchsorted(-knots, -lam))
        above = max(below - 1, 0)
        share = 1.0 if below == above else (knots[above] - lam) / (knots[above] - knots[below])
        return (1 - share) * self._at(span.start + above) + share * self._at(span.start + below)

    def to_frame(self) -> pd.DataFrame:
        """The columns of path.parquet but the refit: target, knot, lambda, source, coefficient."""
        n_knots, n_entries = np.diff(self.target_ptr), np.diff(self.knot_ptr)
        knot = np.arange(len(self.lambdas)) - np.repeat(self.target_ptr[:-1], n_knots)
        return pd.DataFrame(
            {
                "target": np.repeat(np.repeat(self.targets, n_knots), n_entries).astype(np.int32),
                "knot": np.repeat(knot, n_entries).astype(np.int32),
                "lambda": np.repeat(self.lambdas, n_entries),
                "source": self.sources.astype(np.int32),
                "coefficient": self.coefs,
            }
        )

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, n_sources: int) -> "CovLassoPaths":
        """Paths read back from path.parquet; they carry no certificate."""
        target, knot = frame["target"].to_numpy(), frame["knot"].to_numpy()
        first = np.r_[True, (np.diff(target) != 0) | (np.diff(knot) != 0)][: len(frame)]
        starts = np.flatnonzero(first)
        targets, n_knots = np.unique(target[starts], return_counts=True)
        return cls(
            targets,
            n_sources,
            np.r_[0, np.cumsum(n_knots)],
            frame["lambda"].to_numpy()[starts],
            np.r_[starts, len(frame)],
            frame["source"].to_numpy(),
            frame["coefficient"].to_numpy(),
        )

    def duality_gap(self) -> np.ndarray:
        """Largest duality gap over the knots of each target, relative to its power (n_targets,)."""
        if self.gaps is None:
            raise UserError("Paths that were read back carry no certificate; solve them again.")
        return self.gaps

    def _span(self, target: int) -> slice:
        place = np.flatnonzero(self.targets == target)
        if len(place) == 0:
            raise UserError(
                f"Target {target} was not solved. Solved: {self.targets.min()} to "
                f"{self.targets.max()}."
            )
        return slice(int(self.target_ptr[place[0]]), int(self.target_ptr[place[0] + 1]))

    def _at(self, knot: int) -> np.ndarray:
        dense = np.zeros(self.n_sources)
        part = slice(self.knot_ptr[knot], self.knot_ptr[knot + 1])
        dense[self.sources[part]] = self.coefs[part]
        return dense


def covlasso_path(
    moment: np.ndarray,
    targets: np.ndarray | None = None,
    *,
    max_parents: int = 32,
    min_lambda_ratio: float = 1e-3,
    cross: np.ndarray | None = None,
    power: np.ndarray | None = None,
    exclude: np.ndarray | None = None,
    device: str = "cpu",
) -> CovLassoPaths:
    """Follow the path of every target from lambda_max down until the next source would be one more than
    `max_parents`, or lambda reaches `min_lambda_ratio * lambda_max`.

    `moment` (n, n) is the sources' second moment. Within a network that is all. For targets of another
    network give `cross` (n, n_targets) = E[b a'] and `power` (n_targets,) = E[a^2]; `exclude`
    (n_targets,) names the source that each target may not use, -1 for none (by default the target
    itself within a network, none between two).

    Raises UserError for matrices that are not finite, symmetric or of fitting shapes.
    """
    from precompute.homotopy import solve_targets

    moment = _checked_moment(moment)
    n, within = len(moment), cross is None
    if within != (power is None):
        raise UserError("`cross` and `power` belong together: give both, or neither.")
    cross = moment if within else np.asarray(cross, dtype=np.float64)
    power = np.diagonal(moment) if within else np.asarray(power, dtype=np.float64)
    n_targets = len(power)
    if cross.shape != (n, n_targets) or not (np.isfinite(cross).all() and np.isfinite(power).all()):
        raise UserError(
            f"`cross` must be finite and ({n}, {n_targets}), one column per target; found {cross.shape}."
        )
    if exclude is None:
        exclude = np.arange(n) if within else np.full(n_targets, -1)
    exclude = np.asarray(exclude, dtype=np.int64)
    if exclude.shape != (n_targets,) or (exclude >= n).any():
        raise UserError(
            f"`exclude` must hold one source below {n} (or -1) for each of {n_targets} targets."
        )
    targets = (
        np.arange(n_targets) if targets is None else np.atleast_1d(np.asarray(targets, np.int64))
    )
    if len(targets) and not (0 <= targets.min() and targets.max() < n_targets):
        raise UserError(
            f"Targets must lie in 0..{n_targets - 1}; found {targets.min()}..{targets.max()}."
        )
    if max_parents < 1 or not 0 < min_lambda_ratio < 1:
        raise UserError(
            f"max_parents {max_parents} must be at least 1, min_lambda_ratio {min_lambda_ratio} in 0..1."
        )
    if device != "cpu":
        raise UserError(f"Device '{device}' has no CovLasso solver; use 'cpu'.")
    rows, own_power = np.ascontiguousarray(cross.T), np.ascontiguousarray(power)

    def follow(part: np.ndarray):
        return solve_targets(
            moment, rows, part, exclude, own_power, min(max_parents, n), min_lambda_ratio
        )

    chunks = [targets[start : start + _CHUNK] for start in range(0, len(targets), _CHUNK)]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        tapes = list(pool.map(follow, chunks))
    paths = _joined(targets, n, tapes)
    gaps = largest_gaps(paths, moment, cross, power, exclude)
    return replace(paths, gaps=gaps)


def _joined(targets: np.ndarray, n: int, tapes: list[tuple]) -> CovLassoPaths:
    """The tapes of all chunks as one."""
    if not tapes:
        none, zero = np.array([]), np.zeros(1, dtype=int)
        return CovLassoPaths(targets, n, zero, none, zero, none.astype(np.int32), none)
    n_knots, _, lambdas, ends, sources, coefs = zip(*tapes, strict=True)
    entries = np.concatenate([np.diff(np.r_[0, end]) for end in ends])
    return CovLassoPaths(
        targets,
        n,
        np.r_[0, np.cumsum(np.concatenate(n_knots))],
        np.concatenate(lambdas),
        np.r_[0, np.cumsum(entries)].astype(np.int64),
        np.concatenate(sources),
        np.concatenate(coefs),
    )


def _checked_moment(moment: np.ndarray) -> np.ndarray:
    moment = np.ascontiguousarray(moment, dtype=np.float64)
    if moment.ndim != 2 or moment.shape[0] != moment.shape[1] or not moment.size:
        raise UserError(f"A second moment is a square matrix; found shape {moment.shape}.")
    if not np.isfinite(moment).all():
        raise UserError("The second moment holds NaN or infinity. Check the logits.")
    largest = np.abs(moment).max()
    asymmetry = np.abs(moment - moment.T).max()
    if asymmetry > _ASYMMETRY * largest:
        raise UserError(
            f"A second moment is symmetric; this one is off by {asymmetry:.2g}, more than "
            f"{_ASYMMETRY:g} of its largest entry {largest:.2g}. Give (M + M.T) / 2 if that is meant."
        )
    if (np.diagonal(moment) < 0).any():
        raise UserError(
            f"A second moment has no negative diagonal; found {np.diagonal(moment).min():.2g}."
        )
    return moment
