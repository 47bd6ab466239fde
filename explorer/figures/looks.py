"""What Plotly figures share: names that are never markup, faded colours, and a caption."""

import textwrap
from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.theme import Palette

LETTERS = 72  # of a line of a caption, so that it fits a figure of half a page
CAPTION = "caption"  # what a caption is called among the annotations of its figure
LINE, TOP = 15, 16  # pixels: between two lines of it; above a figure without one


def safe(text: str) -> str:
    """Plotly reads a few HTML tags in text; names must not bring their own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def faded(colour: str, opacity: float) -> str:
    """A colour (#rrggbb) that lets others through, as Plotly wants it."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def captioned(figure: go.Figure, lines: Sequence[str], colours: Palette) -> go.Figure:
    """The figure, as much higher as the `lines` above it need, and on the page's own ground, so that it can
    be read wherever it is saved. Above, since legends stand below; from the very left, where a margin is
    wide."""
    figure.update_layout(paper_bgcolor=colours.ground)
    rows = [row for line in lines for row in textwrap.wrap(line, LETTERS)]
    if rows:
        higher = LINE * len(rows)
        figure.update_layout(
            height=(figure.layout.height or 450) + higher, margin={"t": TOP + higher}
        )
        figure.add_annotation(
            name=CAPTION, text="<br>".join(map(safe, rows)), align="left", showarrow=False,
            font={"size": 11, "color": colours.faint}, xshift=-(figure.layout.margin.l or 0), yshift=8,
            x=0, xref="paper", xanchor="left", y=1, yref="paper", yanchor="bottom",
        )  # fmt: skip
    return figure
