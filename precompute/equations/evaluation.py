"""Held-out truth: what each equation is worth on images that the fit never saw."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.moments import CentredMoments
from precompute.equations.two_best import reference_of, two_best

Batches = Callable[[str], Iterator[Batch]]


@dataclass(frozen=True)
class HeldOutFigures:
    """What a pass over the held-out images counted for every equation, as fractions (m,)."""

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

    counts = np.zeros((len(equations), 5), dtype=np.int64)
    intercept = equations.intercept(fit)
    positives, labelled, total = np.zeros(len(sd)), 0, 0
    for batch in batches("holdout"):
        true = reference_of(batch, reference == "label")
        sources, targets = (
            np.ascontiguousarray(a.T, dtype=np.float32) for a in (batch.sources, batch.targets)
        )
        count_held_out(
            equations.target, equations.ptr, equations.source, equations.coefficient, intercept,
            sd, sources, targets, two_best(batch.targets), true, counts,
        )  # fmt: skip
        positives += np.bincount(true[true >= 0], minlength=len(sd))
        labelled, total = labelled + (true >= 0).sum(), total + len(true)
    positives = positives[equations.target]
    half, whole, right, hits, alarms = counts.T
    return HeldOutFigures(
        half / total,
        whole / total,
        right / labelled,
        _fraction(hits, positives),
        _fraction(alarms, labelled - positives),
    )


def evaluation_table(
    levels: Equations,
    fit: CentredMoments,
    holdout: CentredMoments,
    base: Baseline,
    batches: Batches,
) -> pd.DataFrame:
    """The columns of evaluation.parquet that judge the equations themselves, one row per level; those of
    choices, cross-validation, control and baselines come beside them."""
    sd = np.sqrt(holdout.variance)
    table = pd.DataFrame(
        {"target": levels.target, "n_parents": levels.n_parents, "lambda": levels.lam}
    ).assign(
        top1_before=base.top1,
        recall_before=base.recall[levels.target],
        fpr_before=base.fpr[levels.target],
        reference=base.reference,
    )
    for suffix, equations in (("", levels), ("_refit", levels.refit(fit))):
        table[f"fit_error{suffix}"] = equations.relative_error(fit)
        table[f"holdout_error{suffix}"] = equations.relative_error(holdout)
        table[f"r2{suffix}"] = equations.r2(holdout)
        figures = held_out_figures(equations, fit, sd, batches, base.reference)
        for name, values in vars(figures).items():
            table[f"{name}{suffix}"] = values
    return table


def _fraction(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)
