"""Numbers in the sentences of a verdict."""

import math


def written(value: float, form: str) -> str:
    """A figure as text: "number" (two digits), "share" (percent) or "parents" (whole)."""
    if value is None or not math.isfinite(value):
        return "–"
    if form == "share":
        digits = 2 if 0 < abs(value) < 0.01 else 0 if abs(value) >= 0.1 or value == 0 else 1
        text = f"{100 * value:.{digits}f}"
        text = (text.rstrip("0").rstrip(".") if "." in text else text) + " %"
    else:
        text = f"{value:.0f}" if form == "parents" else f"{value:.2f}"
    return text.replace("-", "−")
