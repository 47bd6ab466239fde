"""Equations, chains and colour keys as HTML; names in it are escaped, and lead to their category's page."""

import html
from urllib.parse import urlencode

import pandas as pd

from explorer.theme import Palette, sign_colour
from explorer.words.formatting import weight_text

TERMS = 12  # of an equation; the table below it has them all


def equation_html(
    target: str,
    terms: pd.DataFrame,
    intercept: float | None,
    model: str,
    colours: Palette,
    anchors: bool = True,
) -> str:
    """The equation in words and numbers, its TERMS largest terms; sources may lead to their own one.

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
            + (_anchor(model, name) if anchors else html.escape(name))
        )
    if intercept is not None:
        parts.append(f"{'−' if intercept < 0 else '+'} <b>{abs(intercept):.2f}</b>")
    if len(terms) > TERMS:
        parts.append(f"<small>… and {len(terms) - TERMS} smaller ones</small>")
    right = " ".join(parts) or "0&emsp;<small>(no source has entered yet)</small>"
    return f'<p class="nde-equation"><strong>{html.escape(target)}</strong> ≈ {right}</p>'


def chain_html(names: list[str], weights: list[float], model: str, colours: Palette) -> str:
    """A chain in words and numbers: names[k] enters the equation of names[k + 1] with weights[k]."""
    parts = [_anchor(model, names[0])]
    for name, weight in zip(names[1:], weights, strict=True):
        signed = ("−" if weight < 0 else "+") + weight_text(weight)
        colour = sign_colour(colours, weight)
        parts.append(f'→&nbsp;<b style="color:{colour}">{signed}</b>&nbsp;→ {_anchor(model, name)}')
    return f'<p class="nde-equation">{" ".join(parts)}</p>'


def _anchor(model: str, name: str) -> str:
    address = html.escape("category?" + urlencode({"model": model, "category": name}))
    return f'<a href="{address}">{html.escape(name)}</a>'


def sign_key(colours: Palette) -> list[tuple[str, str, str]]:
    """Entries of `key_html` for the two signs of a coefficient, told by colour and by line."""
    return [
        (colours.positive, "positive coefficient", "bar"),
        (colours.negative, "negative coefficient", "bar dashed"),
    ]


def stability_key(colours: Palette, edges: pd.DataFrame) -> list[tuple[str, str, str]]:
    """Entries of `key_html` for how pale lines are, and on how many `edges` that says nothing."""
    known = edges["stability"].notna()
    entries = []
    if known.any():
        pale = f"color-mix(in srgb, {colours.ink} 25%, transparent)"
        entries.append((pale, "pale: few half-samples of the images have it", "bar"))
        entries.append((colours.ink, "strong: all of them have it", "bar"))
    if not known.all():
        which = f"{int((~known).sum())} arrows: " if known.any() else ""
        text = "stability not measured at this number of parents"
        entries.append(("transparent", which + text, "none"))
    return entries


def key_html(entries: list[tuple[str, str, str]]) -> str:
    """A colour key: (colour, meaning, 'dot' | 'bar' | 'bar dashed' | 'none') each."""
    spans = (
        f'<span><i class="{shape}" style="background:{colour}"></i>{html.escape(meaning)}</span>'
        for colour, meaning, shape in entries
    )
    return f'<p class="nde-key">{"".join(spans)}</p>'
