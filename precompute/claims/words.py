"""Words and numbers in the sentences of a verdict."""

import math


def written(value: float, form: str) -> str:
    """A figure as text: "number" (two digits), "share" (percent), "parents" (whole) or
    "difference" (three digits and a sign)."""
    if value is None or not math.isfinite(value):
        return "–"
    if form == "share":
        places = 2 if 0 < abs(value) < 0.01 else 0 if abs(value) >= 0.1 or value == 0 else 1
        text = f"{100 * value:.{places}f}"
        text = (text.rstrip("0").rstrip(".") if "." in text else text) + " %"
    else:
        digits = {"parents": ".0f", "difference": "+.3f" if value else ".0f"}.get(form, ".2f")
        text = f"{value:{digits}}"
    return text.replace("-", "−")


def figure(value: float, low: float, high: float, form: str) -> str:
    """A figure with its interval."""
    return f"{written(value, form)} ({written(low, form)} to {written(high, form)})"


def stated(statistic: str, text: str) -> str:
    """What a reason begins with: the name of the figure, and the figure as `figure` writes it."""
    return f"{statistic[:1].upper()}{statistic[1:]}: {text}"


def counted(n_tests: int) -> str:
    """How many tests were made, and what that does to intervals."""
    return (
        f"{n_tests} intervals are compared with thresholds here. Each is widened (Bonferroni) so that with "
        "95 % confidence none of them misses. A claim holds where the whole interval reaches its threshold "
        "and does not hold where all of it stays short of a lower one; in between it holds partly. An "
        "interval that allows both leaves the claim undecided on these images: that, too, counts as what "
        "cannot be tested with this atlas."
    )
