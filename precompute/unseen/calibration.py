"""Calibration of unseen scores on fit images without a label.

A score that is read off few seen logits is smaller than the logit it stands for, and the more so the
worse its equation. Two remedies, both learnt from predictions for images that the equation was not
fitted on (cross-fitting: a refit's own images would flatter it):

- scale and offset of a category give its score the mean and spread of the teacher's logit;
- gamma, taken off the seen logits, has the best H where the teacher's top category stands in for truth.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from precompute.equations.batches import Batch
from precompute.equations.folds import N_FOLDS, with_folds
from precompute.equations.moments import Moments
from precompute.errors import UserError
from precompute.unseen.map_key import CATEGORY, NONE, STACKING
from precompute.unseen.partition import Partition
from precompute.unseen.seen_unseen_curve import Outcome, best_gamma, joined, outcome


@dataclass(frozen=True)
class Calibration:
    """score * scale + offset (n_unseen,), then gamma off the seen logits.

    `kind` is none (raw scores, gamma 0), stacking (gamma alone) or category (all three).
    """

    kind: str
    gamma: float
    scale: np.ndarray
    offset: np.ndarray


def between(batches: Iterable[Batch], partition: Partition) -> Iterator[Batch]:
    """Batches of teacher and student cut down to the unseen logits (targets) and the seen (sources)."""
    for batch in batches:
        targets = batch.targets.take(partition.unseen, axis=1)
        yield Batch(targets, batch.sources.take(partition.seen, axis=1), batch.labels)


def spread_match(
    folds: Sequence[Moments], maps: Sequence[np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Scale and offset (n_unseen,) that give the scores the teacher's mean and standard deviation.

    `maps` holds for each fold the weights (n_seen, n_unseen) that it had no part in. A score that never
    varies keeps scale 1.
    """
    whole = sum(folds[1:], folds[0])
    n, mean, power = whole.n_images, *np.zeros((2, len(whole.target_sum)))
    # Scores of each fold by the map that had no part in it, from moments alone: E[w'b] and E[(w'b)^2].
    for fold, w in zip(folds, maps, strict=True):
        mean = mean + w.T @ fold.source_sum / n
        power = power + np.einsum("ij,ij->j", w, fold.gram @ w) / n
    variance = power - mean**2
    # A difference of two equal numbers leaves rounding, some 1e-16 of them for each of many sums: what is
    # left below this part is no spread, and would be blown up to the teacher's.
    varies = variance > 1e-12 * np.maximum(power, np.finfo(float).tiny)
    wanted, wanted_mean = whole.centred().variance, whole.target_sum / n
    scale = np.where(varies, np.sqrt(wanted / np.where(varies, variance, 1.0)), 1.0)
    return scale, wanted_mean - scale * mean


def fit_outcomes(
    batches: Iterable[Batch],
    fold: np.ndarray,
    partition: Partition,
    score: Callable[[int, np.ndarray, np.ndarray], Iterable[np.ndarray]],
) -> list[Outcome]:
    """Outcomes on the fit images, the teacher's top category standing in for the truth.

    `score(number, seen, head)` gives the scores of images of that fold, one array per outcome, from the
    student's seen logits and its masked ones; images on which nothing can stand in are left out. Labels
    are not looked at. Raises UserError if the teacher finds nothing unseen, or nothing seen.
    """
    parts = []
    # Batch by batch, and only the best of each side is kept: all scores of all maps would fill the memory.
    for batch, mine in with_folds(batches, fold):
        logits = batch.sources[:, partition.seen]
        truth = partition.stand_ins(batch.targets, logits)
        for number in range(N_FOLDS):
            rows = (mine == number) & ((truth[0] >= 0) | (truth[1] >= 0))
            seen = logits[rows]
            head = batch.sources[np.ix_(rows, partition.unseen_in_student)]
            mine_true = [side[rows] for side in truth]
            parts.append([outcome(seen, s, *mine_true) for s in score(number, seen, head)])
    results = [joined(part) for part in zip(*parts, strict=True)]
    for side, there in (("unseen", results[0].unseen), ("seen", ~results[0].unseen)):
        if not there.any():
            raise UserError(
                f"The teacher finds no {side} category in any fit image that it can judge, so that "
                "calibration has nothing to go by. Choose other categories, or give more images."
            )
    return results


def stacking(raw: Outcome, n_unseen: int) -> list[Calibration]:
    """None and stacking, from the fit images' outcome with raw scores."""
    one, zero = np.ones(n_unseen), np.zeros(n_unseen)
    return [Calibration(NONE, 0.0, one, zero), Calibration(STACKING, best_gamma(raw), one, zero)]


def calibrations(
    raw: Outcome, scaled: Outcome, scale: np.ndarray, offset: np.ndarray
) -> list[Calibration]:
    """All three, from the outcomes with raw and with scaled scores."""
    by_category = Calibration(CATEGORY, best_gamma(scaled), scale, offset)
    return [*stacking(raw, len(scale)), by_category]
