"""Second moments, streamed: sums over images that add and subtract like the images themselves."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from precompute.team.current import current

# Rows of a symmetric product that are made at a time. OpenBLAS's own symmetric product crashes at 16,000
# categories and more on two threads, and mirrors slowly.
BLOCK = 2048
# Of a sum of squares; float16 logits that are not all equal vary by more than 1e-12 of it.
_ROUNDING = 1e-13


@dataclass(frozen=True)
class CentredMoments:
    """What CovLasso and its evaluation need to know about a set of images: second moments per image.

    With target logits a (n_targets) and source logits b (n_sources), both about the fixed points that
    `Moments.centred` was given (zero in the paper):
    `moment` = E[b b'], `cross` = E[b a'] (n_sources, n_targets), `power` = E[a^2], `variance` = Var[a];
    `scale` is what relative errors are relative to: the power, unless `fit.Problem` says otherwise.
    """

    moment: np.ndarray
    cross: np.ndarray
    power: np.ndarray
    variance: np.ndarray
    source_mean: np.ndarray
    target_mean: np.ndarray
    scale: np.ndarray

    def of_targets(self, targets: slice, cross: np.ndarray) -> "CentredMoments":
        """Those of some targets, with another E[b a'] (n_sources, B)."""
        return CentredMoments(
            self.moment, cross, self.power[targets], self.variance[targets],
            self.source_mean, self.target_mean[targets], self.scale[targets],
        )  # fmt: skip


class SecondMoments(Protocol):
    """Moments of a set of images, however they are kept. `within` one network the targets are the sources.

    `source_sum` and `target_sum` are sums over the `n_images`, (n_sources,) and (n_targets,).
    """

    within: bool
    n_images: int
    source_sum: np.ndarray
    target_sum: np.ndarray

    def centred(
        self, like: CentredMoments | None = None, *, on_mean: bool = False
    ) -> CentredMoments:
        """See `Moments.centred`."""
        ...

    def mean_square(self) -> np.ndarray:
        """E[a^2] of the logits as they are (n_targets,)."""
        ...


class Moments:
    """Float64 sums over images of b, a, b b', b a' and a^2; images may come in any number of parts.

    Within one network the targets are the sources, and one (n, n) matrix serves for both. `own` are the
    images that weigh more in the equation of their own category, by their number: (category, logits b).
    """

    def __init__(self, n_sources: int, n_targets: int | None = None):
        self.n_images = 0
        self.within = n_targets is None
        n_targets = n_sources if n_targets is None else n_targets
        self.source_sum = np.zeros(n_sources)
        self.gram = np.zeros((n_sources, n_sources))
        self.target_sum = self.source_sum if self.within else np.zeros(n_targets)
        self.cross = self.gram if self.within else np.zeros((n_sources, n_targets))
        self.target_power = None if self.within else np.zeros(n_targets)
        self.own: dict[int, tuple[int, np.ndarray]] = {}

    def update(
        self,
        sources: np.ndarray,
        targets: np.ndarray | None = None,
        weighs: np.ndarray | None = None,
    ) -> None:
        """Add the images of one batch: (B, n_sources) and, between networks, (B, n_targets); `weighs` as in
        `batches.Batch`."""
        b = np.asarray(sources, dtype=np.float64)
        self.n_images += len(b)
        self.source_sum += b.sum(axis=0)
        add_products(self.gram, b)
        mirror(self.gram)
        if self.target_power is not None:
            a = np.asarray(targets, dtype=np.float64)
            self.target_sum += a.sum(axis=0)
            self.cross += b.T @ a
            self.target_power += np.einsum("ij,ij->j", a, a)
        if weighs is not None:
            for row in np.flatnonzero(weighs[:, 0] >= 0):
                category, number = weighs[row].tolist()
                self.own[number] = (category, b[row].astype(np.float32))

    def add_others(self) -> None:
        """Add what the other processes have seen, each its share of the images."""
        team, count = current(), np.array([self.n_images])
        team.sum(count, self.source_sum, self.gram)
        if self.target_power is not None:
            team.sum(self.target_sum, self.cross, self.target_power)
        self.n_images = int(count[0])
        self.own = {number: image for own in team.gather(self.own) for number, image in own.items()}

    def __add__(self, other: "Moments") -> "Moments":
        result = self._combine(other, np.add)
        result.own = self.own | other.own
        return result

    def __sub__(self, other: "Moments") -> "Moments":
        result = self._combine(other, np.subtract)
        result.own = {n: image for n, image in self.own.items() if n not in other.own}
        return result

    def _combine(self, other: "Moments", operation) -> "Moments":
        result = Moments.__new__(Moments)
        result.within = self.within
        result.n_images = int(operation(self.n_images, other.n_images))
        for name in ("source_sum", "gram"):
            setattr(result, name, operation(getattr(self, name), getattr(other, name)))
        if self.within:
            result.target_sum, result.cross, result.target_power = (
                result.source_sum,
                result.gram,
                None,
            )
        else:
            for name in ("target_sum", "cross", "target_power"):
                setattr(result, name, operation(getattr(self, name), getattr(other, name)))
        return result

    def centred(
        self, like: CentredMoments | None = None, *, on_mean: bool = False
    ) -> CentredMoments:
        """Moments per image about a fixed point: zero, this set's own mean (`on_mean`), or where others
        are centred (`like`: held-out images use the fit images' mean)."""
        means = self.source_sum / self.n_images, self.target_sum / self.n_images
        b0, a0 = points(means, like, on_mean)
        moment = self.gram / self.n_images
        about(moment, means[0], means[0], b0, b0)
        cross = moment
        if not self.within:
            cross = self.cross / self.n_images
            about(cross, means[0], means[1], b0, a0)
        return with_powers(moment, cross, self.mean_square(), means[1], b0, a0)

    def mean_square(self) -> np.ndarray:
        """E[a^2] of the logits as they are (n_targets,)."""
        power = np.diagonal(self.gram) if self.target_power is None else self.target_power
        return power / self.n_images


def points(
    means: tuple[np.ndarray, np.ndarray], like: CentredMoments | None, on_mean: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The points of sources and of targets that `Moments.centred` takes."""
    if like is not None:
        return like.source_mean, like.target_mean
    return means if on_mean else (np.zeros_like(means[0]), np.zeros_like(means[1]))


def with_powers(moment, cross, mean_square, target_mean, b0, a0) -> CentredMoments:
    """The moments about b0 and a0, from E[a^2] and E[a] of the targets as they are.

    A target that is at its point on every image has no power: what rounding leaves of it, in place of zero,
    would be taken for a logit that others explain."""
    power = mean_square - 2 * a0 * target_mean + a0**2
    still = np.flatnonzero(power <= _ROUNDING * mean_square)
    power[still] = 0.0
    cross[:, still] = 0.0
    if cross is moment:
        moment[still] = 0.0
    variance = np.maximum(mean_square - target_mean**2, 0.0)
    return CentredMoments(moment, cross, power, variance, b0, a0, power)


def about(moment, row_mean, column_mean, row_point, column_point, back: bool = False) -> None:
    """Make E[(b - b0)(a - a0)'] of E[b a'], in place, from the means and the fixed points; `back` undoes
    it."""
    if not row_point.any() and not column_point.any():
        return
    sign = -1.0 if back else 1.0
    for start in range(0, len(moment), BLOCK):
        rows = slice(start, start + BLOCK)
        moment[rows] -= sign * np.outer(row_point[rows], column_mean)
        moment[rows] -= sign * np.outer(row_mean[rows] - row_point[rows], column_point)


def add_products(gram: np.ndarray, rows: np.ndarray) -> None:
    """gram += rows' rows, in place; of many categories only what lies left of a block's diagonal:
    `mirror` makes the rest of it, once."""
    n = len(gram)
    # One for all blocks: fresh memory costs as much as a fifth of a product.
    room = np.empty(min(BLOCK, n) * n, rows.dtype)
    for start in range(0, n, BLOCK):
        end = min(start + BLOCK, n)
        product = room[: (end - start) * end].reshape(end - start, end)
        np.matmul(rows[:, start:end].T, rows[:, :end], out=product)
        gram[start:end, :end] += product


def mirror(gram: np.ndarray) -> None:
    """Copy what lies left of the diagonal blocks to the right of them, in place."""
    for start in range(BLOCK, len(gram), BLOCK):
        end = min(start + BLOCK, len(gram))
        gram[:start, start:end] = gram[start:end, :start].T
