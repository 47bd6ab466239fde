"""Second moments in one matrix that images enter and leave."""

from collections.abc import Callable, Iterator

import numpy as np

from precompute.equations.batches import Batch, chosen
from precompute.equations.moments import (
    CentredMoments,
    about,
    add_products,
    mirror,
    points,
    with_powers,
)


class OneMatrix:
    """Moments of a set of images that changes; stands for `Moments` where a second matrix is too much.

    What `centred` gives is not a copy: it holds until images enter or leave, and again when they are back
    and it is about the same points.
    """

    def __init__(self, n_sources: int, n_targets: int | None = None):
        self.within, self.n_images = n_targets is None, 0
        n_targets = n_sources if n_targets is None else n_targets
        self.source_sum = np.zeros(n_sources)
        self.target_sum = self.source_sum if self.within else np.zeros(n_targets)
        self._squares = np.zeros(n_targets)
        self._moment = np.zeros((n_sources, n_sources))  # per image
        self._cross = self._moment if self.within else np.zeros((n_sources, n_targets))
        self.points = np.zeros(n_sources), np.zeros(n_targets)
        self.own: dict = {}  # no image weighs more than others here

    @classmethod
    def of(cls, batches: Iterator[Batch], n_images: int) -> "OneMatrix":
        """Moments of `n_images` images."""
        first = next(batches)
        result = cls(first.sources.shape[1], None if first.within else first.targets.shape[1])
        result.add(_chained(first, batches), n_images)
        return result

    def add(self, batches: Iterator[Batch], n_images: int) -> None:
        """Let so many images enter."""
        self._change(batches, n_images, 1.0)

    def remove(self, batches: Iterator[Batch], n_images: int) -> None:
        """Let so many images leave, all of which are there and not the last ones."""
        self._change(batches, n_images, -1.0)

    def centred(
        self, like: CentredMoments | None = None, *, on_mean: bool = False
    ) -> CentredMoments:
        """As `Moments.centred`, in place: the matrix moves to that point."""
        means = self._means()
        self.move_to(*points(means, like, on_mean))
        return with_powers(self._moment, self._cross, self.mean_square(), means[1], *self.points)

    def mean_square(self) -> np.ndarray:
        """E[a^2] of the logits as they are (n_targets,)."""
        return self._squares / self.n_images

    def _means(self) -> tuple[np.ndarray, np.ndarray]:
        return self.source_sum / self.n_images, self.target_sum / self.n_images

    def move_to(self, b0: np.ndarray, a0: np.ndarray) -> None:
        """Let the matrices be about these points of sources and of targets."""
        if not self.n_images or all(map(np.array_equal, self.points, (b0, a0))):
            return
        means = self._means()
        for back, (b, a) in ((True, self.points), (False, (b0, a0))):
            about(self._moment, means[0], means[0], b, b, back)
            if not self.within:
                about(self._cross, means[0], means[1], b, a, back)
        self.points = b0, a0

    def _change(self, batches: Iterator[Batch], n_images: int, sign: float) -> None:
        self.move_to(*map(np.zeros_like, self.points))
        after = self.n_images + int(sign) * n_images
        self._moment *= self.n_images / after
        if not self.within:
            self._cross *= self.n_images / after
        for batch in batches:
            b, a = (part.astype(np.float64) for part in (batch.sources, batch.targets))
            self._squares += sign * np.einsum("ij,ij->j", a, a)
            self.source_sum += sign * b.sum(axis=0)
            if not self.within:
                self.target_sum += sign * a.sum(axis=0)
                self._cross += b.T @ (a * (sign / after))
            b /= np.sqrt(after)
            add_products(self._moment, b, sign)
        mirror(self._moment)
        self.n_images = after


class FoldsInPlace:
    """Folds of which one after the other leaves the matrix of all images, and comes back."""

    def __init__(self, batches: Callable[[], Iterator[Batch]], dealt: np.ndarray):
        """`batches()` streams all images, `dealt` (n_images,) has the fold of each."""
        self._batches, self._dealt = batches, dealt
        self._n_folds = int(dealt.max()) + 1
        self.whole = OneMatrix.of(batches(), len(dealt))

    def each_without(self) -> Iterator[OneMatrix]:
        """See `folds.Folds`; those of all images again afterwards."""
        before = self.whole.points
        try:
            for number in range(self._n_folds):
                yield from self._without(self._dealt == number)
        finally:
            self.whole.move_to(*before)

    def _without(self, mine: np.ndarray) -> Iterator[OneMatrix]:
        n_images = int(mine.sum())
        self.whole.remove(chosen(self._batches(), mine), n_images)
        try:
            yield self.whole
        finally:
            self.whole.add(chosen(self._batches(), mine), n_images)


def _chained(first: Batch, rest: Iterator[Batch]) -> Iterator[Batch]:
    yield first
    yield from rest
