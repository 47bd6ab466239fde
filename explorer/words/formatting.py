"""Names and numbers made fit for the page. Names come from files that users bring: never markup."""

import html
import math
import re
from urllib.parse import urlencode

import pandas as pd

from explorer.theme import Palette, sign_colour

THIN = "\u202f"  # a narrow space that never breaks a line
TERMS = 12  # of an equation; the table below it has them all
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


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction as a percentage."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{100 * value:.{digits}f} %".replace("-", "−")


def count(value: int | None) -> str:
    """A whole number with thin spaces between thousands."""
    return "–" if value is None else f"{int(value):,}".replace(",", THIN)


def weight_text(weight: float) -> str:
    """Absolute size of a coefficient, with at least one digit that is not zero."""
    size = abs(weight)
    return f"{size:.2f}" if size >= 0.095 else f"{size:.3f}" if size >= 0.0095 else f"{size:.1g}"


def equation_html(
    target: str,
    terms: pd.DataFrame,
    intercept: float | None,
    model: str,
    colours: Palette,
    links: bool = True,
) -> str:
    """The equation in words and numbers, its TERMS largest terms; sources may link to their own one.

    `terms` has columns source_name and coefficient, in the order to be shown.
    """
    parts = []
    shown = terms.head(TERMS)
    for k, (name, weight) in enumerate(
        zip(shown["source_name"], shown["coefficient"], strict=True)
    ):
        sign = "−" if weight < 0 else "+" if k else ""
        parts.append(
            f'{sign} <b style="color:{sign_colour(colours, weight)}">{weight_text(weight)}</b>&nbsp;'
            + (_link(model, name) if links else html.escape(name))
        )
    if intercept is not None:
        parts.append(f"{'−' if intercept < 0 else '+'} <b>{abs(intercept):.2f}</b>")
    if len(terms) > TERMS:
        parts.append(f"<small>… and {len(terms) - TERMS} smaller ones</small>")
    right = " ".join(parts) or "0&emsp;<small>(no source has entered yet)</small>"
    return f'<p class="nde-equation"><strong>{html.escape(target)}</strong> ≈ {right}</p>'


def chain_html(names: list[str], weights: list[float], model: str, colours: Palette) -> str:
    """A chain in words and numbers: names[k] enters the equation of names[k + 1] with weights[k]."""
    parts = [_link(model, names[0])]
    for name, weight in zip(names[1:], weights, strict=True):
        signed = ("−" if weight < 0 else "+") + weight_text(weight)
        colour = sign_colour(colours, weight)
        parts.append(f'→&nbsp;<b style="color:{colour}">{signed}</b>&nbsp;→ {_link(model, name)}')
    return f'<p class="nde-equation">{" ".join(parts)}</p>'


def _link(model: str, name: str) -> str:
    address = html.escape("category?" + urlencode({"model": model, "category": name}))
    return f'<a href="{address}">{html.escape(name)}</a>'


def sign_key(colours: Palette) -> list[tuple[str, str, str]]:
    """Entries of `key_html` for the two signs of a coefficient, told by colour and by line."""
    return [
        (colours.positive, "positive coefficient", "bar"),
        (colours.negative, "negative coefficient", "bar dashed"),
    ]


def key_html(entries: list[tuple[str, str, str]]) -> str:
    """A colour key: (colour, meaning, 'dot' | 'bar' | 'bar dashed') each."""
    spans = (
        f'<span><i class="{shape}" style="background:{colour}"></i>{html.escape(meaning)}</span>'
        for colour, meaning, shape in entries
    )
    return f'<p class="nde-key">{"".join(spans)}</p>'


def plain_name(model: str) -> str:
    """Model names are shown as they are."""
    return model
