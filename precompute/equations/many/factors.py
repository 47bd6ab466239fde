"""Second moments of a network with a linear last layer, by way of its features.

Logits are f = W h + b, so that M = E[f f'] is W E[h h'] W' and what the bias adds. Sums over images need
(d, d) numbers in place of (n, n); M itself is made when somebody solves on it.
"""

from collections.abc import Iterator
from itertools import chain

import numpy as np

from precompute.atlas.head import Head
from precompute.equations.batches import Batch, FeatureBatch
from precompute.equations.moments import CentredMoments, add_products, mirror, points
from precompute.team.current import current


class FeatureSums:
    """Float64 sums over images of their features h (d,) and of h h'."""

    def __init__(self, n_features: int):
        self.n_images = 0
        self.total = np.zeros(n_features)
        self.products = np.zeros((n_features, n_features))

    def update(self, features: np.ndarray) -> None:
        """Add the images of one batch (B, d)."""
        h = np.asarray(features, dtype=np.float64)
        self.n_images += len(h)
        self.total += h.sum(axis=0)
        self.products += h.T @ h

    def add_others(self) -> None:
        """Add what the other processes have seen, each its share of the images."""
        count = np.array([self.n_images])
        current().sum(count, self.total, self.products)
        self.n_images = int(count[0])

    def __add__(self, other: "FeatureSums") -> "FeatureSums":
        return self._combined(other, 1)

    def __sub__(self, other: "FeatureSums") -> "FeatureSums":
        return self._combined(other, -1)

    def _combined(self, other: "FeatureSums", sign: int) -> "FeatureSums":
        result = FeatureSums(len(self.total))
        result.n_images = self.n_images + sign * other.n_images
        result.total = self.total + sign * other.total
        result.products = self.products + sign * other.products
        return result

    @property
    def mean(self) -> np.ndarray:
        return self.total / self.n_images

    def root(self) -> np.ndarray:
        """R (d, d) with R R' = the covariance of the features, which may be singular."""
        covariance = self.products / self.n_images - np.outer(self.mean, self.mean)
        values, vectors = np.linalg.eigh(covariance)
        return vectors * np.sqrt(np.maximum(values, 0.0))


class Room:
    """Memory of one (n, n) matrix, which several moments may fill in turn."""

    def __init__(self) -> None:
        self._matrix: np.ndarray | None = None

    def fill(self, factor: np.ndarray) -> np.ndarray:
        """A A' of a factor A (n, r)."""
        if self._matrix is None:
            self._matrix = np.empty((len(factor), len(factor)))
        self._matrix.fill(0.0)
        add_products(self._matrix, factor.T)
        mirror(self._matrix)
        return self._matrix


class Factors:
    """Moments of a set of images of one network; stands for `Moments`.

    What `centred` gives is not a copy: it holds until another set fills the same room.
    """

    within = True

    def __init__(self, sums: FeatureSums, head: Head, room: Room | None = None):
        self.sums, self.head, self._room = sums, head, room or Room()
        self.n_images = sums.n_images
        self._spread = _product(head.weights, sums.root())
        self._mean = head.logits(sums.mean[None])[0]
        self.source_sum = self.target_sum = self._mean * self.n_images
        self._made: tuple[np.ndarray, np.ndarray] | None = None

    @classmethod
    def of(cls, batches: Iterator[Batch]) -> "Factors":
        """Moments of all images of some batches of features."""
        first = _by_features(next(batches))
        sums = FeatureSums(first.head.n_features)
        for batch in chain([first], batches):
            mine = current().share(len(batch.labels))
            sums.update(_by_features(batch).features[mine])
        sums.add_others()
        return cls(sums, first.head)

    def with_more(self, batches: Iterator[Batch], n_images: int) -> "Factors":
        """These and so many more images; they fill the same room."""
        more = Factors.of(batches)
        assert more.n_images == n_images
        return Factors(self.sums + more.sums, self.head, self._room)

    def rest_of(self, whole: "Factors") -> "Factors":
        """The images that `whole` has besides these; they fill the room of these."""
        return Factors(whole.sums - self.sums, self.head, self._room)

    def centred(
        self, like: CentredMoments | None = None, *, on_mean: bool = False
    ) -> CentredMoments:
        """As `Moments.centred`."""
        point, _ = points((self._mean, self._mean), like, on_mean)
        if self._made is None or not np.array_equal(self._made[0], point):
            self._made = point, self._room.fill(self.factor(point))
        moment = self._made[1]
        variance = np.einsum("ij,ij->i", self._spread, self._spread)
        power = variance + (self._mean - point) ** 2
        return CentredMoments(moment, moment, power, variance, point, point, power)

    def factor(self, point: np.ndarray) -> np.ndarray:
        """A (n, d + 1) with A A' = M about a point (n,)."""
        return np.column_stack([self._spread, self._mean - point])

    def mean_square(self) -> np.ndarray:
        """E[f^2] of the logits as they are (n,)."""
        return np.einsum("ij,ij->i", self._spread, self._spread) + self._mean**2


def _by_features(batch: Batch) -> FeatureBatch:
    assert isinstance(batch, FeatureBatch), "a model keeps features of all its images or of none"
    return batch


def _product(weights: np.ndarray, root: np.ndarray) -> np.ndarray:
    """weights @ root (n, d) in float64, some categories at a time."""
    result = np.empty((len(weights), root.shape[1]))
    for start in range(0, len(weights), 4096):
        part = slice(start, start + 4096)
        result[part] = weights[part].astype(np.float64) @ root
    return result
