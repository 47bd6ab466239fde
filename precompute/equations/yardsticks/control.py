"""The control: the same search on shuffled targets, where there is nothing to find."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.atlas.schema import CHOICES
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.fit import Problem
from precompute.equations.moments import CentredMoments, Moments
from precompute.equations.seeds import seed_of
from precompute.equations.sparsity.sizes import by_size

# A shuffle needs its rows in memory: it takes at most so many images, drawn at random.
_IMAGES = 8192


@dataclass(frozen=True)
class Control:
    """What the search finds for shuffled targets: its levels, refit, held-out relative error and R²,
    (n_targets, n_sizes) each."""

    levels: Equations
    fit: CentredMoments
    error: np.ndarray
    r2: np.ndarray

    def table(self, chosen: dict[str, Equations]) -> pd.DataFrame:
        """control.parquet: for every choice as many parents as the target's own equation has."""
        parts = []
        for name in sorted(CHOICES):
            wanted = chosen[name]
            rows = self.levels.rows_with(wanted.target, wanted.n_parents)
            found = self.levels.take(rows[rows >= 0])
            part = {
                "target": np.repeat(found.target, np.diff(found.ptr)),
                "source": found.source,
                "coefficient": found.coefficient,
                "refit": found.refit(self.fit).coefficient,
            }
            parts.append(pd.DataFrame(part).sort_values(["target", "source"]).assign(choice=name))
        return pd.concat(parts, ignore_index=True)


def control(
    batches: Callable[[str], Iterator[Batch]],
    n_images: dict[str, int],
    problem: Problem,
    sizes: Sequence[int],
    name: str,
) -> Control:
    """Solve for shuffled targets and judge on held-out images that are shuffled, too.

    Shuffles are drawn anew for every `name` (of a network, or of a pair): what two networks then agree
    on is chance.
    """
    seed = problem.options.seed
    fit_images = shuffled(batches("fit"), n_images["fit"], seed_of(seed, name, "control"))
    others = shuffled(batches("holdout"), n_images["holdout"], seed_of(seed, name, "control held"))
    levels = Equations.from_solved(problem.solve(problem.seen(fit_images))).levels(sizes)
    fit = problem.judged(fit_images)
    held = problem.held_out(others, fit)
    scale, variance = (np.where(v > 0, v, 1.0) for v in (held.scale, held.variance))
    error = by_size(levels, levels.relative_error(held), held.power / scale, sizes)
    r2 = by_size(levels, levels.r2(held), 1 - held.power / variance, sizes)
    return Control(levels, fit, error, r2)


def shuffled(batches: Iterator[Batch], n_images: int, seed: int, limit: int = _IMAGES) -> Moments:
    """Moments between sources and the targets' rows in another, random order: nothing is left for a
    source to know about a target but its mean. Made from at most `limit` images, drawn at random.
    """
    rng = np.random.default_rng(seed)
    kept = np.zeros(n_images, dtype=bool)
    kept[rng.choice(n_images, min(limit, n_images), replace=False)] = True
    parts, start = [], 0
    for batch in batches:
        rows = kept[start : start + len(batch.labels)]
        start += len(batch.labels)
        parts.append((batch.sources[rows], batch.targets[rows]))
    sources, targets = map(np.concatenate, zip(*parts, strict=True))
    moments = Moments(sources.shape[1], targets.shape[1])
    moments.update(sources, targets[rng.permutation(len(targets))])
    return moments
