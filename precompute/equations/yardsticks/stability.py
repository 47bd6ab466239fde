"""Stability selection: how often half of the images would have given the same dependency.

Meinshausen & Buhlmann (2010); in complementary pairs: Shah & Samworth (2013).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from precompute.equations.batches import Batch
from precompute.equations.batches import chosen as images_of
from precompute.equations.equations import Equations
from precompute.equations.fit import Problem
from precompute.equations.folds import part_of_many, subset_moments
from precompute.equations.moments import Moments, SecondMoments

# Longer equations than this are not measured: 1,000 targets take .06 s at 8 parents, .45 s at 64, and
# 2.5 s at 128, twice for every pair.
DEEPEST = 64
_MEMORY = 2**28  # bytes of moments that are summed up at once


@dataclass(frozen=True)
class Stability:
    """Of each coefficient of some equations (nnz,): the share of half-samples that select its source,
    NaN where it was not measured, and the number of half-samples, 0 there."""

    share: np.ndarray
    n_halves: np.ndarray


def stability(
    batches: Callable[[str], Iterator[Batch]],
    whole: SecondMoments,
    problem: Problem,
    chosen: dict[str, Equations],
    pairs: dict[str, int],
    seed: int,
) -> dict[str, Stability]:
    """How often CovLasso on a random half of the fit images, and on the other half, selects each source
    of the `chosen` equations at the same number of parents (the most below where its path skips it).

    `whole` are the moments of all fit images, `pairs` the number of complementary pairs for each choice.
    """
    counts = {name: _Count.of(equations) for name, equations in chosen.items()}
    drawn = halves(batches, whole, max(pairs.values()), np.random.default_rng(seed))
    for number, half in drawn:
        asked = [counts[name] for name in counts if number < pairs[name]]
        _count_half(half, problem, asked)
        del half  # there may be room for one beside the whole
    return {name: count.result() for name, count in counts.items()}


def halves(
    batches: Callable[[str], Iterator[Batch]],
    whole: SecondMoments,
    n_pairs: int,
    rng: np.random.Generator,
) -> Iterator[tuple[int, SecondMoments]]:
    """The number of each pair with the moments of a random half of the fit images, and again with those of
    the other half."""
    if not isinstance(whole, Moments):
        for number in range(n_pairs):
            side = _random_half(rng, whole.n_images)
            half = part_of_many(images_of(batches("fit"), side), int(side.sum()))
            yield number, half
            yield number, half.rest_of(whole)
        return
    # One half is summed up, the other is what it leaves of the whole; several in one pass over the images.
    together = max(1, _MEMORY // (whole.gram.nbytes + whole.cross.nbytes))
    for start in range(0, n_pairs, together):
        sides = [_random_half(rng, whole.n_images) for _ in range(min(together, n_pairs - start))]
        for number, moments in enumerate(subset_moments(batches("fit"), sides), start):
            yield number, moments
            yield number, whole - moments


def _random_half(rng: np.random.Generator, n_images: int) -> np.ndarray:
    return rng.permutation(np.arange(n_images) % 2) == 0


@dataclass
class _Count:
    """The equations of one choice that are measured, and how often each of their sources was selected."""

    equations: Equations
    measured: np.ndarray  # (m,) bool
    selected: np.ndarray  # (nnz,)
    n_halves: int = 0

    @classmethod
    def of(cls, equations: Equations) -> "_Count":
        return cls(
            equations, equations.n_parents <= DEEPEST, np.zeros(len(equations.source), np.int64)
        )

    def result(self) -> Stability:
        known = np.repeat(self.measured, np.diff(self.equations.ptr)) & (self.n_halves > 0)
        share = np.where(known, self.selected / max(self.n_halves, 1), np.nan)
        return Stability(share, np.where(known, self.n_halves, 0))


def _count_half(half: SecondMoments, problem: Problem, asked: list[_Count]) -> None:
    """Solve one half, no deeper than the longest equation asked for, and count what it selects."""
    wanted = [count.equations.take(np.flatnonzero(count.measured)) for count in asked]
    depth = max(int(equations.n_parents.max(initial=1)) for equations in wanted)
    targets = np.unique(np.concatenate([equations.target for equations in wanted]))
    paths = problem.solve_part(half, targets.astype(np.int64), depth)
    levels = Equations.from_solved(paths).levels()
    for count in asked:
        count.selected += _selected(count.equations, levels, paths.n_sources)
        count.n_halves += 1


def _selected(equations: Equations, levels: Equations, n_sources: int) -> np.ndarray:
    """Which sources (nnz,) of the equations the level with as many parents has, too."""
    rows = levels.rows_with(equations.target, equations.n_parents)
    found = levels.take(rows[rows >= 0])
    there = _pairs(found, n_sources)[found.coefficient != 0]
    return np.isin(_pairs(equations, n_sources), there)


def _pairs(equations: Equations, n_sources: int) -> np.ndarray:
    target = np.repeat(equations.target.astype(np.int64), np.diff(equations.ptr))
    return target * n_sources + equations.source
