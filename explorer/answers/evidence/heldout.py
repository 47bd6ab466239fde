"""Figures of equations on the held-out images, at any sparsity, from the stored logits.

The definitions are those of `precompute.equations.evaluation`; a test proves that both give the same
numbers.
"""

from dataclasses import dataclass, fields

import numpy as np

from precompute.atlas.matching import joined_rows

_AT_ONCE = 256  # images: of very many categories there is no room for all logits twice


@dataclass(frozen=True)
class Holdout:
    """The held-out images of one model, and what is needed to replace one logit at once."""

    image_ids: list[str]
    labels: np.ndarray  # (N,) true category, -1 where unknown
    logits: np.ndarray  # (N, n) float16, or float32 where they are made of features
    top1: np.ndarray  # (N,) category of the largest logit
    second: np.ndarray  # (N,) category of the second largest
    top1_logit: np.ndarray  # (N,) float32
    second_logit: np.ndarray  # (N,) float32

    @classmethod
    def of(cls, image_ids: list[str], labels: np.ndarray, logits: np.ndarray) -> "Holdout":
        """Find the two largest logits of every image."""
        images = np.arange(len(logits))
        top1, second = np.empty_like(images), np.empty_like(images)
        for some in np.array_split(images, len(images) // _AT_ONCE + 1):
            rest, row = logits[some].astype(np.float32), np.arange(len(some))
            top1[some] = rest.argmax(axis=1)
            rest[row, top1[some]] = -np.inf
            second[some] = rest.argmax(axis=1)
        return cls(
            image_ids, labels, logits, top1, second,
            logits[images, top1].astype(np.float32), logits[images, second].astype(np.float32),
        )  # fmt: skip

    def take(self, rows: np.ndarray) -> "Holdout":
        """Only the images of these rows, in this order; itself where they are all, in order."""
        if np.array_equal(rows, np.arange(len(self.image_ids))):
            return self
        arrays = (getattr(self, field.name)[rows] for field in fields(self)[1:])
        return Holdout([self.image_ids[row] for row in rows], *arrays)

    @property
    def truth(self) -> np.ndarray:
        """What counts as true: the labels, or the model's own top-1 where no image has one."""
        return self.labels if self.has_labels else self.top1

    @property
    def has_labels(self) -> bool:
        return bool((self.labels >= 0).any())


def shared(target: Holdout, source: Holdout) -> tuple[Holdout, Holdout]:
    """The held-out images that both networks have, row by row the same."""
    if target is source:
        return target, source
    rows, partners = joined_rows(target.image_ids, source.image_ids)
    return target.take(rows), source.take(partners)


@dataclass(frozen=True)
class HeldOutFigures:
    """One equation on the held-out images; fractions are of images."""

    error: float  # squared error over the mean squared logit
    r2: float
    within_half_sd: float
    within_one_sd: float
    top1_before: float
    top1_after: float
    recall_before: float
    recall_after: float
    fpr_before: float
    fpr_after: float
    n_of_target: int


def measure(
    holdout: Holdout, target: int, predicted: np.ndarray, sd: float, origin: float = 0.0
) -> HeldOutFigures:
    """Errors of the equation, and classification with logit `target` replaced by `predicted`.

    `sd` is the standard deviation of the logit on the held-out images, `origin` what its power is
    measured from: 0, or the mean logit of a centred model. Recall is nan where no held-out image
    shows the target.
    """
    true_logit = holdout.logits[:, target].astype(np.float64)
    residual = true_logit - predicted
    power, variance = np.mean((true_logit - origin) ** 2), np.var(true_logit)
    squared = np.mean(residual**2)
    truth = holdout.truth
    known, shows = truth >= 0, truth == target
    others = known & ~shows
    after = replaced_top1(holdout, target, predicted)
    return HeldOutFigures(
        error=_ratio(squared, power),
        r2=1 - _ratio(squared, variance),
        within_half_sd=float(np.mean(np.abs(residual) < 0.5 * sd)),
        within_one_sd=float(np.mean(np.abs(residual) < sd)),
        top1_before=_share(holdout.top1 == truth, known),
        top1_after=_share(after == truth, known),
        recall_before=_share(holdout.top1 == target, shows),
        recall_after=_share(after == target, shows),
        fpr_before=_share(holdout.top1 == target, others),
        fpr_after=_share(after == target, others),
        n_of_target=int(shows.sum()),
    )


def replaced_top1(holdout: Holdout, target: int, predicted: np.ndarray) -> np.ndarray:
    """Top-1 category of every image once logit `target` is what the equation says (N,)."""
    is_top = holdout.top1 == target
    rival = np.where(is_top, holdout.second_logit, holdout.top1_logit)
    rival_category = np.where(is_top, holdout.second, holdout.top1)
    return np.where(predicted > rival, target, rival_category)


def outside(residual: np.ndarray, sd: float, epsilon: np.ndarray) -> np.ndarray:
    """Fraction of images with `|residual| >= epsilon * sd`: the paper's delta for each epsilon."""
    ordered = np.sort(np.abs(residual))
    inside = np.searchsorted(ordered, epsilon * sd, side="left")
    return 1 - inside / max(len(ordered), 1)


def _ratio(part: np.floating, whole: np.floating) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _share(hit: np.ndarray, among: np.ndarray) -> float:
    return float(hit[among].mean()) if among.any() else float("nan")
