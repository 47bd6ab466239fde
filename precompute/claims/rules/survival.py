"""Whether a category is still recognised when its logit is replaced: a curve, judged at stated points.

The equations as they are decide whether the claim holds. Where they lose the category, but more parents, a
weighted second moment, one constant per network or the dense map keep it, the claim holds partly.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE
from precompute.claims.multiplicity import stretched
from precompute.claims.trial import Judged, Trial, too_few
from precompute.claims.words import figure, stated, written
from precompute.survival.rule import KEPT

FEW = 32  # parents that still are "a few others"
LOOKED_AT = (8, 32, 100, 300)  # numbers of parents, beside the dense map


@dataclass(frozen=True)
class Point:
    """One point of the curve: the share of recall that is kept, and the false positives per 1,000 images of
    other categories, with their 95% intervals; and how many of these are tolerated."""

    title: str
    few: bool  # the paper's own equations, of few parents
    kept: tuple[float, float, float]  # value, low, high
    false: tuple[float, float, float]
    tolerated: float

    def state(self, n_tests: int) -> bool | None:
        """Whether classification survives; None where the intervals do not tell."""
        low, high = stretched(*self.kept, n_tests)
        fewest, most = stretched(*self.false, n_tests)
        if low >= KEPT and most <= self.tolerated:
            return True
        return False if high < KEPT or fewest > self.tolerated else None


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
        why = _why(found, states, judged, statistic, self.n_images)
        return Judged(found, why, judged.value, judged.low, judged.high)


def verdict(states: dict[Point, bool | None]) -> str:
    """Of the state of every point."""
    if any(state for point, state in states.items() if point.few):
        return HOLDS
    if any(states.values()):
        return PARTLY
    return FAILS if all(state is False for state in states.values()) else UNTESTABLE


def trial(curve: pd.DataFrame) -> Trial:
    """`curve` is one network's `precompute.survival.pooled.pooled`. Points on fewer images or categories
    than any claim asks for are left out."""
    points, lacking = [], ""
    for row in curve.itertuples():
        if not _looked_at(row):
            continue
        lacking = too_few(row.n_images, row.n_categories) or (
            "The network itself recognises none of the images." if np.isnan(row.recall_kept) else ""
        )
        if not lacking:
            points.append(_point(row))
    few = [point for point in points if point.few]
    if not few:
        return Trial(untestable=lacking or f"No equation of at most {FEW} parents was tried.")
    best = max(few, key=lambda point: point.kept[0])
    return SurvivalTrial(
        *best.kept, KEPT, KEPT, int(curve["n_images"].max()), int(curve["n_categories"].max()),
        {point.title: point.kept[0] for point in points if not point.few},
        ends=(0.0, np.inf), looked_at=len(points), points=tuple(points),
    )  # fmt: skip


def _looked_at(row) -> bool:
    """Refit equations of a few sizes and the dense map: as they are, with the category's own images
    weighted, or with one constant."""
    if row.kind == "dense":
        return not row.constant
    plain = row.weighting == 0 or not row.constant
    return row.kind == "refit" and row.n_parents in LOOKED_AT and plain


def _point(row) -> Point:
    dense = row.kind == "dense"
    title = "the dense map" if dense else f"{int(row.n_parents)} parents"
    if row.weighting > 0:
        title += f", own images weighted {written(row.weighting, 'share')}"
    if row.constant:
        title += ", one constant"
    as_it_is = not dense and row.weighting == 0 and not row.constant
    return Point(
        title,
        as_it_is and row.n_parents <= FEW,
        (row.recall_kept, row.low, row.high),
        (row.fp_per_1000, row.fp_low, row.fp_high),
        row.fp_tolerated_per_1000,
    )


def _why(
    found: str, states: dict[Point, bool | None], judged: Judged, statistic: str, n_images: int
) -> str:
    share = figure(judged.value, judged.low, judged.high, "share")
    said = f"{stated(statistic, share)}, {written(KEPT, 'share')} asked for."
    keeping = [point.title for point, state in states.items() if state and not point.few]
    tail = {
        HOLDS: "",
        PARTLY: f" It survives with {'; '.join(keeping)}.",
        FAILS: " Neither more parents, weighting, a constant nor the dense map keeps it.",
        UNTESTABLE: f" Undecided on {n_images} images: no point of the curve keeps it for certain, and "
        "not all lose it for certain.",
    }[found]
    costly = sum(point.false[0] > point.tolerated for point in states)
    if costly:
        tail += f" {costly} of {len(states)} points have too many false positives."
    return said + tail
