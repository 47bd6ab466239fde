"""What Plotly figures share: names that are never markup, faded colours, and a caption."""

import textwrap
from collections.abc import Sequence

import plotly.graph_objects as go

from explorer.theme import Palette

LETTERS = 52  # of a line of a caption, so that it fits a phone
# Pixels: between two lines of it; above a figure without one; of Plotly's buttons, which never go where
# fingers point.
LINE, TOP, BUTTONS = 15, 16, 30


def safe(text: str) -> str:
    """Plotly reads a few HTML tags in text; names must not bring their own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def broken(text: str, letters: int) -> str:
    """A text that is never markup, on lines of at most so many letters."""
    return "<br>".join(map(safe, textwrap.wrap(text, letters)))


def faded(colour: str, opacity: float) -> str:
    """A colour (#rrggbb) that lets others through, as Plotly wants it."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def captioned(figure: go.Figure, lines: Sequence[str], colours: Palette) -> go.Figure:
    """The figure, as much higher as the `lines` above it need, and on the page's own ground, so that it can
    be read wherever it is saved. Above, since legends stand below; as the figure's title, since that starts
    at the very left, however wide the names beside the plot are."""
    figure.update_layout(paper_bgcolor=colours.ground)
    said = "<br>".join(broken(line, LETTERS) for line in lines if line)
    if said:
        higher = BUTTONS + LINE * (1 + said.count("<br>"))
        figure.update_layout(
            height=(figure.layout.height or 450) + higher, margin={"t": TOP + higher}
        )
        figure.update_layout(title={
            "text": said, "font": {"size": 11, "color": colours.faint},
            "xref": "container", "x": 0, "xanchor": "left",
            "yref": "container", "y": 1, "yanchor": "top", "pad": {"t": BUTTONS + LINE, "l": 4},
        })  # fmt: skip
    return figure
