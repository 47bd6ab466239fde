"""When classification survives the replacement: one rule for pages and claims.

A category must keep KEPT of its recall, and false positives may at most double; a network that hardly has
any is let have MORE of them per 1,000 images of other categories.
"""

from typing import Any

KEPT = 0.9
TIMES, MORE = 2.0, 0.1
FEW = 10  # held-out images, with fewer of which neither verdict is given


def tolerated(n_false: Any, n_others: Any) -> Any:
    """False positives that the rule lets a replacement cost, where the network itself makes `n_false` on
    `n_others` images of other categories; numbers or arrays of them."""
    return TIMES * n_false + MORE * n_others / 1000


def verdict(n_images: int, kept: tuple[float, float], excess: tuple[float, float]) -> bool | None:
    """Whether classification survives, by 95% intervals of the share of its recall that is kept, and of the
    false positives beyond what is tolerated.

    True where all of the first is at least KEPT and all of the second at most 0; False where all of either
    lies beyond; None in between, and with fewer than FEW images or an interval that is not known (nan),
    whichever verdict it would be.
    """
    if n_images < FEW or kept[0] != kept[0] or excess[0] != excess[0]:
        return None
    if kept[0] >= KEPT and excess[1] <= 0:
        return True
    return False if kept[1] < KEPT or excess[0] > 0 else None


def honest(interval: tuple[float, float], kept: float, n_right: float) -> tuple[float, float]:
    """The bootstrap interval of the recall kept; where all of the network's `n_right` right answers stand,
    or none, no resample differs, and it is the exact binomial one (Clopper and Pearson 1934)."""
    low, high = interval
    if low != high or n_right < 1:
        return interval
    edge = 0.025 ** (1 / n_right)
    return (
        (min(low, edge), high)
        if kept >= 1
        else (low, max(high, 1 - edge))
        if kept == 0
        else interval
    )
