"""The control: the same search on shuffled targets, where there is nothing to find."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.atlas.schema import CHOICES
from precompute.covlasso.validation import Inputs
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.evaluation import Spread, mean_squared_error
from precompute.equations.fit import Problem
from precompute.equations.folds import many
from precompute.equations.moments import CentredMoments
from precompute.equations.seeds import seed_of
from precompute.equations.sparsity.sizes import by_size

# A shuffle needs its rows in memory: it takes at most so many images, drawn at random.
_IMAGES = 8192
_TARGETS = 4096  # whose products with all sources are in memory at once


@dataclass(frozen=True)
class Control:
    """What the search finds for shuffled targets: its levels, the same refit, held-out relative error and
    R², (n_targets, n_sizes) each."""

    levels: Equations
    refit: Equations
    error: np.ndarray
    r2: np.ndarray

    def table(self, chosen: dict[str, Equations]) -> pd.DataFrame:
        """control.parquet: for every choice as many parents as the target's own equation has."""
        parts = []
        for name in sorted(CHOICES):
            wanted = chosen[name]
            rows = self.levels.rows_with(wanted.target, wanted.n_parents)
            found, refit = (kind.take(rows[rows >= 0]) for kind in (self.levels, self.refit))
            part = {
                "target": np.repeat(found.target, np.diff(found.ptr)),
                "source": found.source,
                "coefficient": found.coefficient,
                "refit": refit.coefficient,
            }
            parts.append(pd.DataFrame(part).sort_values(["target", "source"]).assign(choice=name))
        return pd.concat(parts, ignore_index=True)


@dataclass(frozen=True)
class Shuffled:
    """Logits of some images, and those of the targets in another, random order: nothing is left for a
    source to know about a target but its mean."""

    sources: np.ndarray  # (N, n_sources) float32
    targets: np.ndarray  # (N, n_targets) float32, within a network the sources themselves
    order: np.ndarray  # (N,) the image whose targets stand beside the sources of each

    @classmethod
    def of(
        cls, batches: Iterator[Batch], n_images: int, seed: int, limit: int = _IMAGES
    ) -> "Shuffled":
        """Made from at most `limit` images, drawn at random."""
        rng = np.random.default_rng(seed)
        kept = np.zeros(n_images, dtype=bool)
        kept[rng.choice(n_images, min(limit, n_images), replace=False)] = True
        parts, start = [], 0
        for batch in batches:
            some = batch.take(kept[start : start + len(batch.labels)])
            start += len(batch.labels)
            sources = some.sources.astype(np.float32)
            targets = sources if some.within else some.targets.astype(np.float32)
            parts.append((sources, targets))
        within = parts[0][1] is parts[0][0]
        sources = np.concatenate([source for source, _ in parts])
        targets = sources if within else np.concatenate([target for _, target in parts])
        return cls(sources, targets, rng.permutation(len(targets)))

    def beside(self, targets: slice) -> np.ndarray:
        """Some of the targets, in their random order, (N, B) float32."""
        return self.targets[:, targets][self.order]

    def batch(self, targets: slice) -> Batch:
        """All of its images as one batch, with some of the targets."""
        return Batch(self.beside(targets), self.sources, np.full(len(self.sources), -1))

    def products(self, targets: slice, point: CentredMoments) -> np.ndarray:
        """E[a b'] of some targets with all sources, (B, n_sources), about a point.

        With very many categories a thousand images at a time are summed in float32: it takes half as long,
        and moves a draw that is random anyway by a millionth.
        """
        kind = np.float32 if many(self.sources.shape[1]) else np.float64
        a = (self.beside(targets) - point.target_mean[targets]).astype(kind)
        result = np.zeros((a.shape[1], self.sources.shape[1]))
        for rows in np.array_split(np.arange(len(a)), max(1, len(a) // 1024)):
            result += a[rows].T @ (self.sources[rows] - point.source_mean).astype(kind)
        return result / len(a)


def control(
    batches: Callable[[str], Iterator[Batch]],
    n_images: dict[str, int],
    problem: Problem,
    moments: tuple[CentredMoments, CentredMoments],
    sizes: Sequence[int],
    name: str,
) -> Control:
    """Solve for shuffled targets and judge on held-out images that are shuffled, too.

    `moments` are those of the fit images as the solver sees them and as equations are judged on them: a
    shuffle moves the targets alone. Shuffles are drawn anew for every `name` (of a network, or of a pair):
    what two networks then agree on is chance.
    """
    seed = problem.options.seed
    images = Shuffled.of(batches("fit"), n_images["fit"], seed_of(seed, name, "control"))
    others = Shuffled.of(
        batches("holdout"), n_images["holdout"], seed_of(seed, name, "control held")
    )
    n_targets = len(problem.exclude)
    parts = [
        _part(
            images, others, problem, moments, sizes, slice(start, min(start + _TARGETS, n_targets))
        )
        for start in range(0, n_targets, _TARGETS)
    ]
    levels, refit, error, r2 = zip(*parts, strict=True)
    joined = Equations.joined(levels), Equations.joined(refit)
    return Control(*joined, np.concatenate(error), np.concatenate(r2))


def _part(
    images: Shuffled,
    others: Shuffled,
    problem: Problem,
    moments: tuple[CentredMoments, CentredMoments],
    sizes: Sequence[int],
    targets: slice,
) -> tuple[Equations, Equations, np.ndarray, np.ndarray]:
    """Levels, refit, relative error and R² of some of the targets."""
    seen, judged = moments
    exclude = problem.exclude[targets].astype(np.int64)
    inputs = Inputs(seen.moment, images.products(targets, seen), seen.power[targets], exclude)
    paths = problem.follow(inputs, np.arange(len(exclude)))
    levels = Equations.from_solved(paths).levels(sizes)
    rows = inputs.rows if judged is seen else images.products(targets, judged)
    fit = judged.of_targets(targets, np.ascontiguousarray(rows.T))
    held: Spread = problem.spread([others.batch(targets)], fit)
    squared = mean_squared_error(levels, fit, [others.batch(targets)])
    scale, variance = (np.where(v > 0, v, 1.0) for v in (held.scale, held.variance))
    error = by_size(levels, held.relative_error(squared, levels.target), held.power / scale, sizes)
    r2 = by_size(levels, held.r2(squared, levels.target), 1 - held.power / variance, sizes)
    return levels.moved(targets.start), levels.refit(fit).moved(targets.start), error, r2
