"""One subject of a claim on trial: a figure with its interval, and the rule that turns both into a verdict.

Two thresholds decide. The claim holds where the whole interval reaches `full`, it does not hold where the
whole interval stays short of `some`, and it holds partly in between. An interval that is so wide that it
allows both verdicts tells nothing. The rule is the same mirrored: neither verdict is given on less than the
other needs.
"""

import math
from dataclasses import dataclass, field

from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE
from precompute.claims.multiplicity import stretched
from precompute.claims.words import figure, stated, written

LEAST_IMAGES = 30  # held-out images, with fewer of which no figure says much
LEAST_CATEGORIES = 20  # with fewer a median over them jumps


@dataclass(frozen=True)
class Judged:
    """A verdict and all that it rests on; `low` and `high` are widened for the number of tests."""

    verdict: str
    why: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Trial:
    """A figure with its 95% interval (`low`, `high`) and thresholds; `untestable` says why there is none.

    `ends` are the least and largest value that the figure can have: widening stops there.
    """

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    full: float = math.nan
    some: float = math.nan
    n_images: int = 0
    n_categories: int = 0
    yardsticks: dict[str, float] = field(
        default_factory=dict
    )  # name: value, in the figure's own unit
    remark: str = ""
    untestable: str = ""
    higher_is_better: bool = True
    ends: tuple[float, float] = (-math.inf, math.inf)
    looked_at: int = (
        1  # intervals compared with thresholds, from which this one may have been picked
    )

    @property
    def n_tests(self) -> int:
        """How many tests this subject counts for."""
        return 0 if self.untestable else self.looked_at

    def judged(self, n_tests: int, statistic: str, form: str) -> Judged:
        """The verdict where `n_tests` intervals are looked at in all; `statistic` and `form` are the
        claim's."""
        if self.untestable:
            return Judged(UNTESTABLE, self.untestable, self.value, self.low, self.high)
        low, high = self.widened(n_tests)
        found = self.verdict(low, high)
        return Judged(found, self._why(found, low, high, statistic, form), self.value, low, high)

    def widened(self, n_tests: int) -> tuple[float, float]:
        """The interval for `n_tests` tests at once."""
        low, high = stretched(self.value, self.low, self.high, n_tests)
        return max(low, self.ends[0]), min(high, self.ends[1])

    def verdict(self, low: float, high: float) -> str:
        """What an interval says about the claim."""
        return decide(low, high, self.full, self.some, self.higher_is_better)

    def _why(self, found: str, low: float, high: float, statistic: str, form: str) -> str:
        full, some = written(self.full, form), written(self.some, form)
        short, reached = ("below", "at least") if self.higher_is_better else ("above", "at most")
        reason = {
            HOLDS: f"all of it is {reached} {full}",
            FAILS: f"all of it is {short} {some}",
            PARTLY: f"it lies neither wholly {reached} {full} nor wholly {short} {some}",
            UNTESTABLE: f"undecided on {self.n_images} images: {reached} {full} and {short} {some} are "
            "both possible",
        }[found]
        said = stated(statistic, figure(self.value, low, high, form))
        return f"{said}; {reason}. {self.remark}".strip()


def decide(low: float, high: float, full: float, some: float, higher_is_better: bool = True) -> str:
    """The verdict on a figure whose interval is low..high."""
    if not higher_is_better:
        low, high, full, some = -high, -low, -full, -some
    if low >= full:
        return HOLDS
    if high < some:
        return FAILS
    return UNTESTABLE if low < some and high >= full else PARTLY


def too_few(n_images: int, n_categories: int) -> str:
    """Why neither verdict can be given on so few; empty where there are enough."""
    if n_images < LEAST_IMAGES:
        return f"{n_images} held-out images; at least {LEAST_IMAGES} are asked for."
    if n_categories < LEAST_CATEGORIES:
        return f"{n_categories} categories with an equation; at least {LEAST_CATEGORIES} are asked for."
    return ""
