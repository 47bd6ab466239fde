"""Names and numbers made fit for the page. Names come from files that users bring: never markup."""

import math
import re

THIN = "\u202f"  # a narrow space that never breaks a line
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|$~:^])")


def plain(value: object, longest: int = 80) -> str:
    """Text that Markdown shows letter by letter, cut at `longest` characters."""
    text = " ".join(str(value).split())
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return _MARKDOWN.sub(r"\\\1", text)


def number(value: float | None, digits: int = 2) -> str:
    """A number with a proper minus sign, an en dash where there is none."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{value:.{digits}f}".replace("-", "−")


def signed(value: float, digits: int = 1) -> str:
    """A number that says which side of zero it is on; 0 has no side."""
    text = number(value, digits)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction as a percentage."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{100 * value:.{digits}f} %".replace("-", "−")


def count(value: float | None) -> str:
    """A whole number with thin spaces between thousands."""
    return "–" if value is None else f"{int(value):,}".replace(",", THIN)


def counted(value: int, one: str) -> str:
    """So many things of a kind that is called `one`: 1 network, 7 networks."""
    return f"{count(value)} {one if value == 1 else one + 's'}"


def ordinal(value: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 62nd."""
    teens = 10 <= value % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{ending}"


def weight_text(weight: float) -> str:
    """Absolute size of a coefficient, with at least one digit that is not zero."""
    size = abs(weight)
    return f"{size:.2f}" if size >= 0.095 else f"{size:.3f}" if size >= 0.0095 else f"{size:.1g}"


def plain_name(model: str) -> str:
    """Model names are shown as they are."""
    return model
