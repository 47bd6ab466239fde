"""Second moments of very many categories: one matrix, in which all is done in place."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from precompute.equations.batches import Batch, shared
from precompute.equations.moments import (
    BLOCK,
    CentredMoments,
    about,
    add_products,
    mirror,
    points,
    with_powers,
)
from precompute.team.current import current


class OneMatrix:
    """Moments of a set of images of one network; stands for `Moments` where there is no room for copies.

    What `centred` gives is not one: it holds until other images or another point take the matrix.
    Products of images are of `kind`: float32 takes half the time, and leaves M right to 1e-6 of what
    its rows have on the diagonal.
    """

    within = True

    def __init__(self, n: int, kind: type[np.floating] = np.float64):
        self.n_images, self._kind = 0, kind
        self.source_sum = self.target_sum = np.zeros(n)
        self.point = np.zeros(n)
        self._squares = np.zeros(n)
        self._moment = np.zeros((n, n))  # per image, about the point

    @classmethod
    def of(
        cls, batches: Iterator[Batch], n_images: int, kind: type[np.floating] = np.float64
    ) -> "OneMatrix":
        """Moments of `n_images` images."""
        first = next(batches)
        result = cls(first.sources.shape[1], kind)
        return result.with_more(chain([first], batches), n_images)

    def with_more(self, batches: Iterable[Batch], n_images: int) -> "OneMatrix":
        """These and so many more images, in this matrix."""
        self.move_to(np.zeros_like(self.point))
        after = self.n_images + n_images
        # Others begin at nothing: so the sum over all processes needs no second matrix.
        if self.n_images:
            self._moment *= self.n_images / after if current().leads else 0.0
        self._squares *= current().leads
        self.source_sum *= current().leads
        for batch, _ in shared(batches, n_images):
            rows = batch.sources.astype(np.float64)
            self._squares += np.einsum("ij,ij->j", rows, rows)
            self.source_sum += rows.sum(axis=0)
            rows /= np.sqrt(after)
            add_products(self._moment, rows.astype(self._kind, copy=False))
        current().sum(self._moment, self._squares, self.source_sum)
        mirror(self._moment)
        self.n_images = after
        return self

    def rest_of(self, whole: "OneMatrix") -> "OneMatrix":
        """The images that `whole` has besides these, in this matrix."""
        self.move_to(whole.point)
        n_rest = whole.n_images - self.n_images
        self._moment *= -self.n_images / n_rest
        for start in range(0, len(self._moment), BLOCK):
            rows = slice(start, start + BLOCK)
            self._moment[rows] += whole._moment[rows] * (whole.n_images / n_rest)
        self._squares = whole._squares - self._squares
        self.source_sum = self.target_sum = whole.source_sum - self.source_sum
        self.n_images = n_rest
        return self

    def centred(
        self, like: CentredMoments | None = None, *, on_mean: bool = False
    ) -> CentredMoments:
        """As `Moments.centred`, in place: the matrix moves to that point."""
        mean = self.source_sum / self.n_images
        self.move_to(points((mean, mean), like, on_mean)[0])
        return with_powers(
            self._moment, self._moment, self.mean_square(), mean, self.point, self.point
        )

    def mean_square(self) -> np.ndarray:
        """E[a^2] of the logits as they are (n,)."""
        return self._squares / self.n_images

    def move_to(self, point: np.ndarray) -> None:
        """Let the matrix be about this point (n,)."""
        if self.n_images and not np.array_equal(self.point, point):
            mean = self.source_sum / self.n_images
            about(self._moment, mean, mean, self.point, self.point, back=True)
            about(self._moment, mean, mean, point, point)
        self.point = point
