"""The supports of T targets side by side, and their equations (torch).

Padded to the widest: an empty slot holds source 0 with weight 0, and its equation is `1 x = 0`. Nothing
is carried from one round to the next but members, signs and coefficients: factoring T small matrices anew
costs a GPU less than the rows of M that follow, and no error can pile up.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn.functional import embedding_bag, pad

# Each gains as many digits as the factors have. One is what solves the equations, two make them exact to
# rounding; the fourth is for supports of which the factors know few digits.
CORRECTIONS = 4
# Added to the unit diagonal of a matrix that rounding has left without a Cholesky factor. The factors then
# only steer the corrections, which are taken with the matrix itself.
SHIFT = 1e-13


@dataclass(frozen=True)
class Supports:
    """Slots 0..size-1 of each target hold its support, in order of entry."""

    size: Tensor  # (T,) int64
    members: Tensor  # (T, w) int64
    signs: Tensor  # (T, w)
    beta: Tensor  # (T, w)

    @classmethod
    def empty(cls, like: Tensor) -> "Supports":
        """One empty slot for each of the rows of `like`."""
        size = torch.zeros(len(like), dtype=torch.int64, device=like.device)
        none = like.new_zeros(len(like), 1)
        return cls(size, none.long(), none, none)

    @property
    def used(self) -> Tensor:
        """(T, w), which slots hold a source."""
        return _places(self.members) < self.size[:, None]

    def take(self, rows: Tensor) -> "Supports":
        """Those of some targets: indices, or a mask."""
        return Supports(self.size[rows], self.members[rows], self.signs[rows], self.beta[rows])

    def put(self, rows: Tensor, others: "Supports") -> None:
        """Write those of some targets."""
        for name, values in vars(others).items():
            getattr(self, name)[rows] = values

    def without(self, slots: Tensor) -> "Supports":
        """Each without the source in one slot (T,)."""
        places = _places(self.members)
        later = places + (places >= slots[:, None])
        later.clamp_(max=self.members.shape[1] - 1)
        less = replace(self, size=self.size - 1)
        members, signs, beta = (
            values.gather(1, later).masked_fill_(~less.used, 0)
            for values in (self.members, self.signs, self.beta)
        )
        return Supports(less.size, members, signs, beta)

    def joined(self, joins: Tensor, sources: Tensor, signs: Tensor) -> "Supports":
        """With one source more where `joins` (T,), at coefficient 0."""
        more = Supports(self.size, *(pad(x, (0, 1)) for x in (self.members, self.signs, self.beta)))
        here = (_places(more.members) == self.size[:, None]) & joins[:, None]
        width = int((self.size + joins).max())
        return Supports(
            size=self.size + joins,
            members=torch.where(here, sources[:, None], more.members)[:, :width],
            signs=torch.where(here, signs[:, None], more.signs)[:, :width],
            beta=more.beta[:, :width],
        )


def combine_rows(moment: Tensor, supports: Supports, weights: Tensor) -> Tensor:
    """(T, n), for each target the sum of its members' rows of M by the weights (T, w)."""
    return embedding_bag(supports.members, moment, per_sample_weights=weights, mode="sum")


@dataclass(frozen=True)
class Grams:
    """M_AA (T, w, w) of each support, and `root` with `root' root` near its inverse."""

    matrix: Tensor
    root: Tensor

    @classmethod
    def of(cls, moment: Tensor, supports: Supports) -> "Grams":
        members, used = supports.members, supports.used
        one = torch.eye(members.shape[1], dtype=moment.dtype, device=moment.device)
        both = used[:, :, None] & used[:, None, :]
        matrix = torch.where(both, moment[members[:, :, None], members[:, None, :]], one)
        # To a unit diagonal: sources of which one is a million times weaker are then all alike.
        scale = matrix.diagonal(dim1=1, dim2=2).rsqrt()
        scaled = matrix * scale[:, :, None] * scale[:, None, :]
        factor, failed = torch.linalg.cholesky_ex(scaled)
        if failed.any():
            bad = failed > 0
            factor[bad] = torch.linalg.cholesky(scaled[bad] + SHIFT * one)
        inverse = torch.linalg.solve_triangular(factor, one.expand_as(factor), upper=False)
        return cls(matrix, inverse * scale[:, None, :])

    def solve(self, wanted: Tensor, start: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (T, w) with M_AA x = wanted to rounding, and the error (T,) of `start`.

        Iterative refinement: an error that no longer halves is rounding, and more corrections would only
        wander.
        """
        x = torch.zeros_like(wanted) if start is None else start
        first = previous = torch.full_like(wanted[:, 0], torch.inf)
        for attempt in range(CORRECTIONS):
            residual = wanted - _product(self.matrix, x)
            error = residual.abs().amax(1)
            better = x + _product(self.root.mT, _product(self.root, residual))
            x = torch.where((error <= 0.5 * previous)[:, None], better, x)
            first, previous = error if attempt == 0 else first, error
        return x, first


def schur_pivots(
    moment: Tensor, supports: Supports, grams: Grams, sources: Tensor
) -> tuple[Tensor, Tensor]:
    """M_jj - M_jA M_AA^-1 M_Aj of one source j for each target (T,), and the sum of the magnitudes of its
    terms."""
    column = moment[sources[:, None], supports.members] * supports.used
    own = moment[sources, sources]
    border, _ = grams.solve(column)
    terms = column * border
    return own - terms.sum(1), own + terms.abs().sum(1)


def wrong_signs(supports: Supports, mu: Tensor, allowance: Tensor) -> Tensor:
    """(T,), the slot whose coefficient has the wrong sign at the greatest cost above `allowance`, or -1.

    The cost mu * |b_i| is what the penalty takes for it, in the units of E[target^2].
    """
    cost = -mu[:, None] * supports.beta * supports.signs
    greatest, slot = cost.max(1)
    return torch.where(greatest > allowance, slot, -1)


def _places(slots: Tensor) -> Tensor:
    return torch.arange(slots.shape[1], device=slots.device)[None, :]


def _product(matrices: Tensor, vectors: Tensor) -> Tensor:
    return torch.bmm(matrices, vectors[:, :, None])[:, :, 0]
