"""Second moments, streamed: sums over images that add and subtract like the images themselves."""

from dataclasses import dataclass

import numpy as np


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
        self.gram += b.T @ b
        if self.target_power is not None:
            a = np.asarray(targets, dtype=np.float64)
            self.target_sum += a.sum(axis=0)
            self.cross += b.T @ a
            self.target_power += np.einsum("ij,ij->j", a, a)
        if weighs is not None:
            for row in np.flatnonzero(weighs[:, 0] >= 0):
                category, number = weighs[row].tolist()
                self.own[number] = (category, b[row].astype(np.float32))

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
        source_mean, target_mean = self.source_sum / self.n_images, self.target_sum / self.n_images
        power = self.mean_square()
        variance = np.maximum(power - target_mean**2, 0.0)
        if like is not None:
            b0, a0 = like.source_mean, like.target_mean
        else:
            b0, a0 = (source_mean, target_mean) if on_mean else (0 * source_mean, 0 * target_mean)
        moment = _about(self.gram / self.n_images, source_mean, source_mean, b0, b0)
        cross = moment
        if not self.within:
            cross = _about(self.cross / self.n_images, source_mean, target_mean, b0, a0)
        power = power - 2 * a0 * target_mean + a0**2
        return CentredMoments(moment, cross, power, variance, b0, a0, power)

    def mean_square(self) -> np.ndarray:
        """E[a^2] of the logits as they are (n_targets,)."""
        power = np.diagonal(self.gram) if self.target_power is None else self.target_power
        return power / self.n_images


def _about(moment, row_mean, column_mean, row_point, column_point) -> np.ndarray:
    """E[(b - b0)(a - a0)'] from E[b a'], the means and the fixed points."""
    if not row_point.any() and not column_point.any():
        return moment
    return (
        moment
        - np.outer(row_point, column_mean)
        - np.outer(row_mean, column_point)
        + np.outer(row_point, column_point)
    )
