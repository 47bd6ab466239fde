"""Whether a category is still recognised when its logit is replaced: a curve, judged at stated points.

The equations as they are decide whether the claim holds. Where they lose the category, but more parents, a
weighted second moment, one constant per network or the dense map keep it, the claim holds partly.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE
from precompute.claims.multiplicity import stretched
from precompute.claims.trial import LEAST_CATEGORIES, LEAST_IMAGES, Judged, Trial
from precompute.claims.words import written

KEPT = 0.9  # share of its recall that a category must keep
FEW = 32  # parents that still are "a few others"
# False positives may at most double, and a network that has none is let have one in 10,000 images.
TIMES, MORE = 2.0, 0.1
LOOKED_AT = (8, 32, 100, 300)  # numbers of parents, beside the dense map


@dataclass(frozen=True)
class Point:
    """One point of the curve, with the 95% interval of the share of its recall that is kept."""

    title: str
    few: bool  # the paper's own equations, of few parents
    kept: float
    low: float
    high: float
    false_positives: float  # per 1,000 images of other categories
    allowed: float

    def state(self, n_tests: int) -> bool | None:
        """Whether classification survives; None where the interval does not tell. Too many false
        positives are a loss, whatever the recall."""
        if self.false_positives > self.allowed:
            return False
        low, high = stretched(self.kept, self.low, self.high, n_tests)
        return True if low >= KEPT else False if high < KEPT else None


@dataclass(frozen=True)
class SurvivalTrial(Trial):
    """The best of the few-parent points is the figure; all points decide."""

    points: tuple[Point, ...] = field(default_factory=tuple)

    def judged(self, n_tests: int, statistic: str, form: str) -> Judged:
        """As of a Trial, with the points that keep the category named."""
        judged = super().judged(n_tests, statistic, form)
        if self.untestable:
            return judged
        states = {point: point.state(n_tests) for point in self.points}
        found = verdict(states)
        why = _why(found, states, judged, statistic)
        return Judged(found, why, judged.value, judged.low, judged.high)


def verdict(states: dict[Point, bool | None]) -> str:
    """Of the state of every point."""
    if any(state for point, state in states.items() if point.few):
        return HOLDS
    if any(states.values()):
        return PARTLY
    return FAILS if all(state is False for state in states.values()) else UNTESTABLE


def trial(curve: pd.DataFrame) -> Trial:
    """`curve` has one model's rows of the survival table, pooled over categories: weighting (share of
    mass), n_parents (null: dense map), constant, recall_kept, low, high, fp_per_1000, fp_before_per_1000,
    n_categories, n_images."""
    if not len(curve):
        return Trial(
            untestable="No survival table: run `python -m precompute run` or `demo` again."
        )
    rows = curve[curve["n_parents"].isna() | curve["n_parents"].isin(LOOKED_AT)]
    rows = rows.dropna(subset=["recall_kept", "low", "high"])
    n_images, n_categories = int(curve["n_images"].max()), int(curve["n_categories"].max())
    if n_images < LEAST_IMAGES or n_categories < LEAST_CATEGORIES:
        return Trial(
            untestable=f"{n_images} held-out images of {n_categories} categories that the network "
            f"recognises; at least {LEAST_IMAGES} of {LEAST_CATEGORIES} are asked for.",
            n_images=n_images, n_categories=n_categories,
        )  # fmt: skip
    points = tuple(map(_point, rows.itertuples()))
    few = [point for point in points if point.few]
    if not few:
        return Trial(untestable=f"The survival table has no equations of at most {FEW} parents.")
    best = max(few, key=lambda point: point.kept)
    return SurvivalTrial(
        best.kept, best.low, best.high, KEPT, KEPT, n_images, n_categories, _beside(points),
        ends=(0.0, np.inf), looked_at=len(points), points=points,
    )  # fmt: skip


def _point(row) -> Point:
    dense = pd.isna(row.n_parents)
    size = "the dense map" if dense else f"{int(row.n_parents)} parents"
    title = size
    if row.weighting > 0:
        title += f", own images weighted {written(row.weighting, 'share')}"
    if row.constant:
        title += ", one constant"
    plain = not dense and row.weighting == 0 and not row.constant
    before = float(row.fp_before_per_1000)
    return Point(
        title, plain and row.n_parents <= FEW, float(row.recall_kept), float(row.low),
        float(row.high), float(row.fp_per_1000), TIMES * before + MORE,
    )  # fmt: skip


def _beside(points: tuple[Point, ...]) -> dict[str, float]:
    return {point.title: point.kept for point in points if not point.few}


def _why(found: str, states: dict[Point, bool | None], judged: Judged, statistic: str) -> str:
    value, low, high = (written(x, "share") for x in (judged.value, judged.low, judged.high))
    figure = f"{statistic[:1].upper()}{statistic[1:]}"
    said = f"{figure}: {value} ({low} to {high}), {written(KEPT, 'share')} asked for."
    keeping = [point.title for point, state in states.items() if state and not point.few]
    costly = sum(point.false_positives > point.allowed for point in states)
    tail = {
        HOLDS: "",
        PARTLY: f" It survives with {'; '.join(keeping)}.",
        FAILS: " Neither more parents, weighting, a constant nor the dense map keeps it.",
        UNTESTABLE: " No point of the curve keeps it for certain, and not all lose it for certain.",
    }[found]
    if costly:
        tail += f" {costly} of {len(states)} points have too many false positives."
    return said + tail
