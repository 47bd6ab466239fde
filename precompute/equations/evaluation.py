"""Held-out truth: what each equation is worth on images that the fit never saw."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.equations.batches import Batch
from precompute.equations.equations import Equations, ratio
from precompute.equations.moments import CentredMoments
from precompute.equations.two_best import reference_of, two_best
from precompute.team.current import current

Batches = Callable[[str], Iterator[Batch]]


@dataclass(frozen=True)
class Spread:
    """Of each target on some images (n_targets,): its mean square as it is, its variance, its mean square
    about the point of a fit (its power), and what relative errors are relative to (the scale)."""

    mean_square: np.ndarray
    variance: np.ndarray
    power: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, batches: Iterable[Batch], point: np.ndarray, *, raw_scale: bool) -> "Spread":
        """Relative errors are relative to the power about `point` (n_targets,), or to the mean square."""
        total, sums, squares = 0, np.zeros(len(point)), np.zeros(len(point))
        for batch in batches:
            targets = batch.targets.astype(np.float64)
            total += len(targets)
            sums += targets.sum(axis=0)
            squares += np.einsum("ij,ij->j", targets, targets)
        mean, raw = sums / total, squares / total
        power = raw - 2 * point * mean + point**2
        return cls(raw, np.maximum(raw - mean**2, 0.0), power, raw if raw_scale else power)

    def relative_error(self, squared: np.ndarray, target: np.ndarray) -> np.ndarray:
        """Mean squared errors (m,) of equations of these targets over the scale; 0 / 0 counts as 0."""
        return ratio(self._beyond_rounding(squared, target), self.scale[target])

    def r2(self, squared: np.ndarray, target: np.ndarray) -> np.ndarray:
        """1 - mean squared error over the variance (m,); a constant logit that is met exactly has 1."""
        return 1.0 - ratio(self._beyond_rounding(squared, target), self.variance[target])

    def _beyond_rounding(self, squared: np.ndarray, target: np.ndarray) -> np.ndarray:
        """What is left of an exact equation by rounding alone is no error, however small its scale."""
        return np.where(squared > 1e-24 * self.mean_square[target], squared, 0.0)


@dataclass(frozen=True)
class HeldOutFigures:
    """What a pass over the held-out images found for every equation (m,): its mean squared error, and
    counts as fractions."""

    squared_error: np.ndarray

    within_half_sd: np.ndarray
    within_one_sd: np.ndarray
    top1_after: np.ndarray
    recall_after: np.ndarray
    fpr_after: np.ndarray


@dataclass(frozen=True)
class Baseline:
    """The target model as it is: top-1, and recall and false-positive rate of each category."""

    top1: float
    recall: np.ndarray
    fpr: np.ndarray
    reference: str


def baseline(batches: Batches, n_targets: int) -> Baseline:
    """The unchanged model against the true labels, or against its own top-1 where no image has one."""
    labelled = any((batch.labels >= 0).any() for batch in batches("holdout"))
    right, total = 0, 0
    positives, hits, alarms = (np.zeros(n_targets) for _ in range(3))
    for batch in batches("holdout"):
        top = batch.targets.argmax(axis=1)
        true = reference_of(batch, labelled)
        top, true = top[true >= 0], true[true >= 0]
        right, total = right + (top == true).sum(), total + len(true)
        positives += np.bincount(true, minlength=n_targets)
        hits += np.bincount(true[top == true], minlength=n_targets)
        alarms += np.bincount(top[top != true], minlength=n_targets)
    return Baseline(
        right / total,
        _fraction(hits, positives),
        _fraction(alarms, total - positives),
        "label" if labelled else "top1",
    )


def held_out_figures(
    equations: Equations, fit: CentredMoments, sd: np.ndarray, batches: Batches, reference: str
) -> HeldOutFigures:
    """Predict each target by its equation on every held-out image, and put the prediction in the
    logit's place: does the image still get its category?

    `sd` (n_targets,) are the targets' standard deviations, `reference` is `Baseline.reference`.
    """
    from precompute.equations.kernels import count_held_out

    every, equations = equations, _share(equations)
    counts, squares = np.zeros((len(equations), 5), dtype=np.int64), np.zeros(len(equations))
    intercept = equations.intercept(fit)
    positives, labelled, total = np.zeros(len(sd)), 0, 0
    for batch in batches("holdout"):
        true = reference_of(batch, reference == "label")
        count_held_out(
            equations.target, equations.ptr, equations.source, equations.coefficient, intercept,
            sd, *_by_category(batch), two_best(batch.targets), true, counts, squares,
        )  # fmt: skip
        positives += np.bincount(true[true >= 0], minlength=len(sd))
        labelled, total = labelled + (true >= 0).sum(), total + len(true)
    positives = positives[every.target]
    counts, squares = map(_joined, (counts, squares))
    half, whole, right, hits, alarms = counts.T
    return HeldOutFigures(
        squares / total,
        half / total,
        whole / total,
        right / labelled,
        _fraction(hits, positives),
        _fraction(alarms, labelled - positives),
    )


def mean_squared_error(
    equations: Equations, fit: CentredMoments, batches: Iterable[Batch]
) -> np.ndarray:
    """E[(a_i - sum_j w_j b_j - constant)^2] of each equation on some images (m,); the constants are those
    that it has about the point of `fit`."""
    from precompute.equations.kernels import add_squares

    equations = _share(equations)
    squares, intercept, total = np.zeros(len(equations)), equations.intercept(fit), 0
    for batch in batches:
        add_squares(
            equations.target, equations.ptr, equations.source, equations.coefficient, intercept,
            *_by_category(batch), squares,
        )  # fmt: skip
        total += len(batch.labels)
    return _joined(squares) / total


def evaluation_table(
    levels: Equations,
    refit: Equations,
    fit: CentredMoments,
    holdout: Spread,
    base: Baseline,
    batches: Batches,
) -> pd.DataFrame:
    """The columns of evaluation.parquet that judge the equations themselves, one row per level (`refit`: by
    least squares); those of choices, cross-validation, control and baselines come beside them."""
    sd = np.sqrt(holdout.variance)
    table = pd.DataFrame(
        {"target": levels.target, "n_parents": levels.n_parents, "lambda": levels.lam}
    ).assign(
        top1_before=base.top1,
        recall_before=base.recall[levels.target],
        fpr_before=base.fpr[levels.target],
        reference=base.reference,
    )
    for suffix, equations in (("", levels), ("_refit", refit)):
        table[f"fit_error{suffix}"] = equations.relative_error(fit)
        figures = vars(held_out_figures(equations, fit, sd, batches, base.reference))
        squared = figures.pop("squared_error")
        table[f"holdout_error{suffix}"] = holdout.relative_error(squared, levels.target)
        table[f"r2{suffix}"] = holdout.r2(squared, levels.target)
        for name, values in figures.items():
            table[f"{name}{suffix}"] = values
    return table


def _share(equations: Equations) -> Equations:
    """The equations that this process judges, each on all images."""
    mine = current().share(len(equations))
    if mine == slice(0, len(equations)):
        return equations
    return equations.take(np.arange(mine.start, mine.stop))


def _joined(figures: np.ndarray) -> np.ndarray:
    """Figures of all equations (m, ...), from those of every process's share."""
    return np.concatenate(current().gather(figures))


def _by_category(batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    """Logits of sources and of targets, (n, B) float32 each, so that loops over images run along memory."""
    targets = np.ascontiguousarray(batch.targets.T, dtype=np.float32)
    if batch.within:
        return targets, targets
    return np.ascontiguousarray(batch.sources.T, dtype=np.float32), targets


def _fraction(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
