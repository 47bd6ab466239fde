"""Folds of cross-validation: how images are dealt out to them, and moments fold by fold.

There are two dealings. Each decides numbers that atlases hold, so neither takes the other's place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Protocol

import numpy as np

from precompute.equations.batches import Batch, FeatureBatch, chosen, shared
from precompute.equations.many.factors import Factors
from precompute.equations.many.one_matrix import OneMatrix
from precompute.equations.moments import Moments, SecondMoments
from precompute.errors import UserError

N_FOLDS = 5
MANY = 4096
# To leave out a fold takes a minute with very many categories: so large is one at most, so many are tried.
MOST_IN_FOLD, TRIED_OF_MANY = 2048, 3
EXACT_PART = 8192  # images: more take minutes


def require_images(name: str, n_images: Mapping[str, int]) -> None:
    """Raises UserError where a split has too few images to fit on or to judge on."""
    if n_images["fit"] < 2 * N_FOLDS or n_images["holdout"] < 2:
        raise UserError(
            f"{name}: {n_images['fit']} fit images and {n_images['holdout']} held-out "
            f"images are too few, at least {2 * N_FOLDS} and 2 are needed. Give more images, or "
            "another --holdout."
        )


def many(n: int) -> bool:
    """Whether so many categories are too many for every set of images to have a matrix of its own: then
    there is room for two, that of all images and one more."""
    return n > MANY


def n_folds_of_many(n_images: int) -> int:
    """Into how many folds images of very many categories are dealt."""
    return max(N_FOLDS, -(-n_images // MOST_IN_FOLD))


def dealt_in_runs(n_images: int, seed: int, n_folds: int = N_FOLDS) -> np.ndarray:
    """A fold for each image (n_images,): every run of `n_folds` images is dealt out at random, one to each.

    For the sparsity of an equation. Images lie in the order of their files, often class by class: in runs
    a class is spread over all folds, so that none is tried on equations that never saw it.
    """
    rng = np.random.default_rng(seed)
    runs = [rng.permutation(n_folds) for _ in range(0, n_images, n_folds)]
    return np.concatenate([np.empty(0, dtype=int), *runs])[:n_images]


def dealt_at_random(n_images: int, seed: int) -> np.ndarray:
    """A fold for each image (n_images,), at random over all of them and of equal size.

    For unseen categories, where nobody may look at a label: a plain draw leaves nothing in the folds of
    the order of the images, which may tell it.
    """
    return np.random.default_rng(seed).permutation(np.arange(n_images) % N_FOLDS)


def with_folds(batches: Iterable[Batch], fold: np.ndarray) -> Iterator[tuple[Batch, np.ndarray]]:
    """Each batch with the folds (B,) of its images; `fold` (n_images,) is in the order of the batches."""
    start = 0
    for batch in batches:
        yield batch, fold[start : start + len(batch.labels)]
        start += len(batch.labels)


class Folds(Protocol):
    """Moments of all images, and of all but one fold's."""

    @property
    def whole(self) -> SecondMoments:
        """The moments of all images."""
        ...

    def each_without(self) -> Iterator[SecondMoments]:
        """The moments of all images but one fold's, fold after fold: each holds until the next. With
        very many categories only the first TRIED_OF_MANY folds are left out."""
        ...


class MomentsOfMany(SecondMoments, Protocol):
    """Moments of very many categories, whose matrix other images may take."""

    def with_more(self, batches: Iterator[Batch], n_images: int) -> "MomentsOfMany":
        """These and so many more images, in this matrix."""
        ...

    def rest_of(self, whole: Any) -> "MomentsOfMany":
        """The images that `whole` has besides these, in this matrix."""
        ...


class SeparateFolds:
    """Folds with moments of their own."""

    def __init__(self, parts: list[Moments]):
        self.parts, self.whole = parts, sum(parts[1:], parts[0])

    def each_without(self) -> Iterator[Moments]:
        """See `Folds`."""
        for part in self.parts:
            yield self.whole - part


class FoldsOfMany:
    """Folds of very many categories, of which the first TRIED_OF_MANY are left out: what each leaves of the
    whole is made in its own matrix, beside that of the whole."""

    def __init__(self, batches: Callable[[], Iterator[Batch]], dealt: np.ndarray):
        self._batches, self._dealt = batches, dealt
        self.whole = of_many(batches(), len(dealt))

    def each_without(self) -> Iterator[SecondMoments]:
        """See `Folds`."""
        for number in range(TRIED_OF_MANY):
            mine = self._dealt == number
            yield of_many(chosen(self._batches(), mine), int(mine.sum())).rest_of(self.whole)


def folded(batches: Callable[[], Iterator[Batch]], dealt: np.ndarray) -> Folds:
    """The moments of images dealt out to folds, (n_images,)."""
    if _many_categories(next(batches())):
        return FoldsOfMany(batches, dealt)
    return SeparateFolds(fold_moments(batches(), dealt))


def moments_of(batches: Iterator[Batch], n_images: int) -> SecondMoments:
    """Moments of `n_images` images."""
    first = next(batches)
    batches = chain([first], batches)
    if _many_categories(first):
        return of_many(batches, n_images)
    return fold_moments(batches, np.zeros(n_images, dtype=int), 1)[0]


def _many_categories(batch: Batch) -> bool:
    """Between two networks sums are kept as they are, however many categories."""
    return batch.within and many(batch.sources.shape[1])


def of_many(batches: Iterator[Batch], n_images: int) -> MomentsOfMany:
    """Moments of `n_images` images of one network with very many categories."""
    return _of_many(batches, n_images, np.float64)


def part_of_many(batches: Iterator[Batch], n_images: int) -> MomentsOfMany:
    """The same of a part of the images, of which one asks less: which sources are selected, and a median
    over all targets. More than EXACT_PART images are multiplied in float32, where a matrix holds them."""
    return _of_many(batches, n_images, np.float32 if n_images > EXACT_PART else np.float64)


def _of_many(batches: Iterator[Batch], n_images: int, kind: type[np.floating]) -> MomentsOfMany:
    first = next(batches)
    batches = chain([first], batches)
    by_features = isinstance(first, FeatureBatch)
    return Factors.of(batches) if by_features else OneMatrix.of(batches, n_images, kind)


def fold_moments(
    batches: Iterable[Batch], fold: np.ndarray, n_folds: int = N_FOLDS
) -> list[Moments]:
    """Moments of the images of each fold, from one pass; `fold` (n_images,) as for `with_folds`."""
    return subset_moments(batches, [fold == number for number in range(n_folds)])


def subset_moments(batches: Iterable[Batch], subsets: Sequence[np.ndarray]) -> list[Moments]:
    """Moments of the images of each subset, a mask (n_images,) in the order of the batches; one pass."""
    batches = iter(batches)
    first = next(batches)
    n_targets = None if first.within else first.targets.shape[1]
    sums = [Moments(first.sources.shape[1], n_targets) for _ in subsets]
    for batch, rows in shared(chain([first], batches), len(subsets[0])):
        for moments, subset in zip(sums, subsets, strict=True):
            part = batch.take(subset[rows])
            moments.update(part.sources, None if part.within else part.targets, part.weighs)
    for moments in sums:
        moments.add_others()
    return sums
