"""An equation beside its baselines as one small table in HTML, with a bar for every R²."""

import html

import pandas as pd

from explorer.theme import Palette
from explorer.words.formatting import number, percent

HEADINGS = ("", "Held-out R²", "Held-out error", "Within ½ sd")


def html_of(rows: pd.DataFrame, colours: Palette) -> str:
    """`rows` has columns what, r2, error, within_half_sd (fractions); the first one is what the others are
    compared with. A bar runs from 0 to 1, and there is none below 0."""
    head = "".join(f'<th scope="col">{title}</th>' for title in HEADINGS)
    body = "".join(
        _row(row, colours.accent if k == 0 else colours.other, k == 0)
        for k, row in enumerate(rows.itertuples())
    )
    return f'<table class="nde-beside"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(row, colour: str, own: bool) -> str:
    width = 100 * min(max(row.r2, 0.0), 1.0) if pd.notna(row.r2) else 0.0
    bar = f'<span><i style="width:{width:.0f}%;background:{colour}"></i></span>'
    return (
        f'<tr{" class=own" if own else ""}><th scope="row">{html.escape(row.what)}</th>'
        f"<td>{bar}<b>{number(row.r2)}</b></td><td>{number(row.error)}</td>"
        f"<td>{percent(row.within_half_sd, 0)}</td></tr>"
    )
