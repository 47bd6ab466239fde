"""An equation to be copied: as a line of text, and as LaTeX, with every term and its constant."""

import pandas as pd

DIGITS = 4  # of a coefficient; the files have all of them

_LATEX = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}  # fmt: skip


def as_text(target: str, terms: pd.DataFrame, intercept: float | None) -> str:
    """`target ≈ 0.31 · source − 0.05 · other + 0.2`; `terms` has columns source_name and coefficient, in
    the order to be written, `intercept` is in logits (None: the equation has no constant)."""
    parts = [
        (weight, f"{_size(weight)} · {name}")
        for name, weight in zip(terms["source_name"], terms["coefficient"], strict=True)
    ]
    if intercept is not None:
        parts.append((intercept, _size(intercept)))
    return f"{target} ≈ {_sum(parts, '−')}"


def as_latex(target: str, terms: pd.DataFrame, intercept: float | None) -> str:
    """The same in LaTeX's math mode, with a logit f for every category; names are escaped."""
    parts = [
        (weight, rf"{_power(weight)}\, {_logit(name)}")
        for name, weight in zip(terms["source_name"], terms["coefficient"], strict=True)
    ]
    if intercept is not None:
        parts.append((intercept, _power(intercept)))
    return rf"{_logit(target)} \approx {_sum(parts, '-')}"


def _sum(parts: list[tuple[float, str]], minus: str) -> str:
    """Signed parts in a row, without a plus in front; 0 where there is none."""
    said = []
    for k, (value, text) in enumerate(parts):
        negative = value < 0
        sign = f"{minus} " if negative else "+ " if k else ""
        said.append((sign if k else sign.strip()) + text)
    return " ".join(said) or "0"


def _size(value: float) -> str:
    return f"{abs(float(value)):.{DIGITS}g}"


def _power(value: float) -> str:
    mantissa, found, exponent = _size(value).partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if found else mantissa


def _logit(name: object) -> str:
    escaped = "".join(_LATEX.get(letter, letter) for letter in str(name))
    return rf"f_{{\text{{{escaped}}}}}"
