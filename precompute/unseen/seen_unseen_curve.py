"""Generalized zero-shot learning: what a seen and an unseen score per image decide, exactly.

Calibrated stacking (Chao et al., ECCV 2016) takes a constant gamma off every seen logit. An image
then goes to its best unseen category as soon as gamma exceeds its own threshold, best seen logit
minus best unseen score; so U and S are step functions of gamma, known for every gamma at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

METRICS = ("U", "S", "H", "ausuc", "unseen_top1", "unseen_top5")
N_DRAWS = 1000
_CELLS = 500_000  # drawn images looked at together: more only leave the cache


@dataclass(frozen=True)
class Outcome:
    """The best seen and the best unseen category of N images, and the truth; (N,) each.

    Categories are positions among the seen and among the unseen. One of `true_seen` and `true_unseen`
    is -1. `rank` counts the unseen categories before the true one, -1 on images of seen categories.
    Logits are float32, as the tables hold them, so that a reader of the tables gets the same figures.
    """

    seen_category: np.ndarray
    seen_logit: np.ndarray
    unseen_category: np.ndarray
    unseen_score: np.ndarray
    true_seen: np.ndarray
    true_unseen: np.ndarray
    rank: np.ndarray

    @property
    def unseen(self) -> np.ndarray:
        """The images of unseen categories."""
        return self.true_unseen >= 0

    @property
    def threshold(self) -> np.ndarray:
        """The gamma above which the image goes to its best unseen category; at it, seen wins."""
        return self.seen_logit.astype(np.float64) - self.unseen_score

    @property
    def seen_right(self) -> np.ndarray:
        """Images that are right as long as they go to a seen category."""
        return ~self.unseen & (self.seen_category == self.true_seen)

    @property
    def unseen_right(self) -> np.ndarray:
        """Images that are right as soon as they go to an unseen category."""
        return self.rank == 0


def outcome(
    seen: np.ndarray, unseen: np.ndarray, true_seen: np.ndarray, true_unseen: np.ndarray
) -> Outcome:
    """The outcome of images with seen logits (N, n_seen) and unseen scores (N, n_unseen)."""
    rows = np.arange(len(seen))
    seen, unseen = (np.asarray(scores, dtype=np.float32) for scores in (seen, unseen))
    best_seen, best_unseen = seen.argmax(axis=1), unseen.argmax(axis=1)
    own = unseen[rows, true_unseen][:, None]
    # Of equal scores the first category wins, as in argmax.
    before = (unseen > own) | (
        (unseen == own) & (np.arange(unseen.shape[1]) < true_unseen[:, None])
    )
    return Outcome(
        best_seen,
        seen[rows, best_seen],
        best_unseen,
        unseen[rows, best_unseen],
        true_seen,
        true_unseen,
        np.where(true_unseen >= 0, before.sum(axis=1), -1),
    )


def joined(parts: Sequence[Outcome]) -> Outcome:
    """The outcomes of several batches as one."""
    names = [field.name for field in fields(Outcome)]
    return Outcome(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


@dataclass(frozen=True)
class Curve:
    """U and S (..., K) on the K intervals of gamma on which nothing changes; `gamma` (K,) lies inside
    its interval: halfway between two thresholds, at the first one, or 1 above the last."""

    gamma: np.ndarray
    U: np.ndarray
    S: np.ndarray

    @property
    def H(self) -> np.ndarray:
        """Harmonic mean of U and S, 0 where both are."""
        return harmonic_mean(self.U, self.S)

    @property
    def ausuc(self) -> np.ndarray:
        """Area under S over U, points joined by straight lines."""
        return (np.diff(self.U) * (self.S[..., 1:] + self.S[..., :-1])).sum(axis=-1) / 2


def harmonic_mean(u: np.ndarray, s: np.ndarray) -> np.ndarray:
    """2us / (u + s), 0 where both are 0."""
    total = np.asarray(u + s)
    return np.where(total > 0, 2 * u * s / np.where(total > 0, total, 1), 0.0)


def curve(result: Outcome, counts: np.ndarray | None = None) -> Curve:
    """The exact seen/unseen curve, for all gammas.

    `counts` (R, N) says how often each image was drawn (R bootstrap draws); without it every image
    counts once and U and S are (K,). Some image of a seen and one of an unseen category must count.
    """
    order = np.argsort(result.threshold, kind="stable")
    at = result.threshold[order]
    last = np.flatnonzero(np.append(at[1:] != at[:-1], True))
    if counts is None:
        counts = np.ones(len(order), dtype=np.float32)
    n_unseen, n_seen = counts @ result.unseen, counts @ ~result.unseen
    drawn = counts[..., order]
    gained, lost = (
        (drawn * right[order]).cumsum(axis=-1)[..., last]
        for right in (result.unseen_right, result.seen_right)
    )
    nothing = np.zeros((*counts.shape[:-1], 1))
    gained, lost = np.append(nothing, gained, axis=-1), np.append(nothing, lost, axis=-1)
    steps = at[last]
    return Curve(
        np.concatenate([steps[:1], (steps[1:] + steps[:-1]) / 2, steps[-1:] + 1]),
        gained / n_unseen[..., None],
        (lost[..., -1:] - lost) / n_seen[..., None],
    )


def best_gamma(result: Outcome) -> float:
    """A gamma with the largest H: the middle one where several intervals have it."""
    steps = curve(result)
    best = np.flatnonzero(np.isclose(steps.H, steps.H.max(), rtol=0, atol=1e-12))
    return float(steps.gamma[best[len(best) // 2]])


def rates(result: Outcome, gamma: float, counts: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """METRICS at one gamma, but for the area; scalars, or (R,) with the `counts` (R, N) of bootstrap
    draws."""
    counts = np.ones(len(result.rank)) if counts is None else counts
    n_unseen, n_seen = counts @ result.unseen, counts @ ~result.unseen
    to_unseen = result.threshold < gamma
    u = counts @ (result.unseen_right & to_unseen) / n_unseen
    s = counts @ (result.seen_right & ~to_unseen) / n_seen
    return {"U": u, "S": s, "H": harmonic_mean(u, s)} | {
        f"unseen_top{k}": counts @ (result.unseen & (result.rank < k)) / n_unseen for k in (1, 5)
    }


def figures(
    result: Outcome, gammas: Sequence[float], counts: np.ndarray | None = None
) -> list[dict[str, np.ndarray]]:
    """METRICS at each gamma; scalars, or (R,) with the `counts` (R, N) of bootstrap draws."""
    area = curve(result, counts).ausuc
    return [rates(result, gamma, counts) | {"ausuc": area} for gamma in gammas]


def draws(unseen: np.ndarray, seed: int) -> np.ndarray:
    """How often each image is in each of N_DRAWS bootstrap samples (N_DRAWS, N) uint8; images of seen
    and of `unseen` (N,) bool categories are drawn apart, so that neither can be missing."""
    rng = np.random.default_rng(seed)
    counts = np.zeros((N_DRAWS, len(unseen)), dtype=np.uint8)
    for side in (np.flatnonzero(unseen), np.flatnonzero(~unseen)):
        for count in counts:
            count[side] = np.bincount(rng.integers(len(side), size=len(side)), minlength=len(side))
    return counts


def with_intervals(
    result: Outcome, gammas: Sequence[float], drawn: np.ndarray
) -> list[dict[str, float]]:
    """METRICS at each gamma, with <name>_low and <name>_high: 95% percentile bootstrap intervals over
    the `drawn` images (see `draws`)."""
    size = max(1, _CELLS // drawn.shape[1])
    samples = [
        figures(result, gammas, drawn[start : start + size].astype(np.float32))
        for start in range(0, len(drawn), size)
    ]
    rows = []
    for at, point in enumerate(figures(result, gammas)):
        row = {name: float(point[name]) for name in METRICS}
        for name in METRICS:
            values = np.concatenate([sample[at][name] for sample in samples])
            row[f"{name}_low"], row[f"{name}_high"] = np.percentile(values, [2.5, 97.5])
        rows.append(row)
    return rows


def ranking(scores: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """AUROC and average precision (n,) of each category's scores (N, n), NaN without images of it or of
    others; `truth` (N,) is -1 for images of none of them. As scikit-learn defines both, ties included;
    its own functions, called category by category, took 45 times as long.
    """
    auroc, precision = (np.full(scores.shape[1], np.nan) for _ in range(2))
    # Both figures only ask how many scores lie above each of the category's own: two sorted lists tell.
    for category in np.unique(truth[truth >= 0]):
        own, others = (np.sort(scores[side, category]) for side in _sides(truth == category))
        if len(others):
            below, not_above = (np.searchsorted(others, own, side) for side in ("left", "right"))
            auroc[category] = (below + not_above).mean() / (2 * len(others))
            hits = len(own) - np.searchsorted(own, own, "left")
            precision[category] = (hits / (hits + len(others) - below)).mean()
    return auroc, precision


def _sides(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return mask, ~mask
