"""From moments to dependencies: the path with its refit, cross-validation, and the chosen sparsity.

The same functions serve dependencies within a network and links between two: only the moments
and the source that each target may not use differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.covlasso import CovLassoPaths, covlasso_path
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.moments import CentredMoments, Moments


@dataclass(frozen=True)
class FitOptions:
    """What decides the equations, besides the images."""

    max_parents: int = 32
    min_lambda_ratio: float = 1e-3
    center: bool = False
    seed: int = 0


def solve(moments: CentredMoments, exclude: np.ndarray, options: FitOptions) -> CovLassoPaths:
    """The CovLasso path of every target; `exclude[i]` is the source that target i may not use."""
    return covlasso_path(
        moments.moment,
        cross=moments.cross,
        power=moments.power,
        exclude=exclude,
        max_parents=options.max_parents,
        min_lambda_ratio=options.min_lambda_ratio,
    )


def path_table(paths: CovLassoPaths, moments: CentredMoments) -> pd.DataFrame:
    """path.parquet: every knot with CovLasso coefficients and the refit on its support."""
    frame = paths.to_frame()
    refit = Equations.from_path(frame).refit(moments).coefficient if len(frame) else np.empty(0)
    return frame.assign(refit=refit.astype(np.float32))


def cross_validate(
    folds: list[Moments], exclude: np.ndarray, options: FitOptions
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard error over folds of the relative error, (n_targets, max_parents) each;
    column k - 1 is the solution with k parents, or the largest below that the fold's path has.

    A fold's residual power is taken relative to the power over all fit images, since with few images
    of a category a fold may hold none.
    """
    whole = sum(folds[1:], folds[0])
    power = whole.centred(on_mean=options.center).power
    errors = np.array([_fold_error(whole - fold, fold, power, exclude, options) for fold in folds])
    return errors.mean(axis=0), errors.std(axis=0, ddof=1) / np.sqrt(len(folds))


def _fold_error(train: Moments, test: Moments, power, exclude, options) -> np.ndarray:
    fit = train.centred(on_mean=options.center)
    levels = Equations.from_path(solve(fit, exclude, options).to_frame()).levels()
    held = test.centred(like=fit)
    table = np.full((power.size, options.max_parents + 1), np.nan)
    table[:, 0] = held.power
    table[levels.target, levels.n_parents] = levels.residual_power(held)
    filled = pd.DataFrame(table).ffill(axis=1).to_numpy()[:, 1:]
    return filled / np.where(power > 0, power, 1.0)[:, None]


def chosen_levels(levels: Equations, error: np.ndarray, standard_error: np.ndarray) -> np.ndarray:
    """Mask over `levels`: of each target the fewest parents within one standard error of the best; one
    at least, also for a target that nothing predicts: its held-out error and the control say so."""
    n_parents = levels.n_parents
    best = error.argmin(axis=1)
    rows = np.arange(len(error))
    limit = error[rows, best] + standard_error[rows, best]
    good = error[levels.target, n_parents - 1] <= limit[levels.target]
    candidates = pd.DataFrame(
        {"target": levels.target, "row": np.arange(len(levels)), "good": good}
    )
    # Ties on the full path may leave no level that is good enough: then its longest equation serves.
    last = candidates.groupby("target")["row"].max()
    first = candidates[candidates["good"]].groupby("target")["row"].min()
    mask = np.zeros(len(levels), dtype=bool)
    mask[first.reindex(last.index).fillna(last).astype(int)] = True
    return mask


def dependency_table(
    chosen: Equations, moments: CentredMoments, duality_gap: np.ndarray
) -> pd.DataFrame:
    """dependencies.parquet from the chosen equations; `duality_gap` (n_targets,) of their paths."""
    lengths = np.diff(chosen.ptr)
    target = np.repeat(chosen.target, lengths)
    table = pd.DataFrame(
        {
            "target": target,
            "source": chosen.source,
            "coefficient": chosen.coefficient,
            "refit": chosen.refit(moments).coefficient,
            "lambda": np.repeat(chosen.lam, lengths),
            "relative_error": np.repeat(chosen.relative_error(moments), lengths),
            "duality_gap": duality_gap[target],
        }
    )
    return table.sort_values(["target", "source"], ignore_index=True)


def shuffled(batches: Iterator[Batch], n_images: int, seed: int, limit: int = 8192) -> Moments:
    """Moments between sources and the targets' rows in another, random order: nothing is left for a
    source to know about a target but its mean. Made from at most `limit` images, drawn at random,
    since a shuffle needs its rows in memory.
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
