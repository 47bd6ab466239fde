"""What lockstep rounds write down, and the paths that become of it: from round by round to target by
target (numpy)."""

from typing import NamedTuple

import numpy as np
from torch import Tensor

from precompute.covlasso.lockstep.supports import Supports


class Written(NamedTuple):
    """Paths of some targets in compressed rows, as `precompute.covlasso.homotopy` returns them."""

    n_knots: np.ndarray  # (n_targets,) int64
    status: np.ndarray  # (n_targets,) int64
    lambdas: np.ndarray  # (n_knots,)
    n_entries: np.ndarray  # (n_knots,) int64
    sources: np.ndarray  # (n_entries,) int32
    coefs: np.ndarray  # (n_entries,)


class Tape:
    """The solutions of every round, in the memory of the CPU."""

    def __init__(self) -> None:
        self._rounds: list[tuple[np.ndarray, ...]] = []

    def record(self, place: Tensor, lam: Tensor, supports: Supports, joining: Tensor) -> None:
        """The solutions at `lam` (T,) of the targets at `place` (T,), and the source that joins each
        there, or -1."""
        # A source that joined at this lambda is still zero, and so is a wrong sign within rounding.
        kept = supports.beta * supports.signs > 0.0
        sources, coefs = supports.members[kept].int(), supports.beta[kept]
        row = (place, lam, joining, kept.sum(1), sources, coefs)
        self._rounds.append(tuple(values.cpu().numpy() for values in row))

    def paths(self, status: Tensor) -> Written:
        """All that was recorded of the targets, whose paths ended with `status` (n_targets,).

        A knot at the lambda of the one before replaces it, but for the first: there everything is zero,
        and the one entry is the source that joins.
        """
        ended = status.cpu().numpy()
        if not self._rounds:
            none = np.empty(0, np.int64)
            return Written(
                np.zeros_like(ended), ended, none * 1.0, none, none.astype(np.int32), none * 1.0
            )
        place, lam, joining, count, sources, coefs = map(
            np.concatenate, zip(*self._rounds, strict=True)
        )
        begin = np.cumsum(count) - count
        order = np.argsort(place, kind="stable")
        place, lam, joining, count, begin = (
            values[order] for values in (place, lam, joining, count, begin)
        )
        first = np.diff(place, prepend=-1) != 0
        kept = _kept(place, lam, joining, first)
        place, lam, joining, count, begin, first = (
            values[kept] for values in (place, lam, joining, count, begin, first)
        )
        entry = np.repeat(begin - np.cumsum(count) + count, count) + np.arange(count.sum())
        at = (np.cumsum(count) - count)[first]
        return Written(
            n_knots=np.bincount(place, minlength=len(ended)),
            status=ended,
            lambdas=lam,
            n_entries=count + first,
            sources=np.insert(sources[entry], at, joining[first]),
            coefs=np.insert(coefs[entry], at, 0.0),
        )


def _kept(place: np.ndarray, lam: np.ndarray, joining: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Which records are knots: the first of a target, where a source joins; else, below its lambda, the
    last at each."""
    top = lam[first][np.cumsum(first) - 1]
    replaced = np.append((place[1:] == place[:-1]) & (lam[1:] >= lam[:-1]), False)
    # A path on which nothing ever joins has no knot: its only record is its end.
    return np.where(first, joining >= 0, (lam < top) & ~replaced)
