"""Plotly figures on a page."""

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from explorer import theme
from explorer.figures.looks import captioned
from explorer.session import address, place


def chart(
    figure: go.Figure,
    key: str,
    alt: str,
    lines: Sequence[str],
    on_select: Callable[[], None] | None = None,
) -> None:
    """A Plotly figure; `alt` says it to those who cannot see it. Its camera button saves it under the
    model's name and the key, as PNG or SVG, as the reader has chosen under “Share or cite”. Plotly saves
    what is drawn and no more, so `lines` stand in the figure itself: whose it is, and on what. Where a
    click on a point is heard (`on_select`), the wheel zooms."""
    form = address.PICTURES.get().lower()
    picture = {"format": form, "filename": f"{place.here().model}-{key}", "scale": 2}
    config = {"displaylogo": False, "toImageButtonOptions": picture, "scrollZoom": bool(on_select)}
    drawn = captioned(figure, lines, theme.palette())
    st.plotly_chart(
        drawn, key=key, config=config, alt=alt, on_select=on_select or "ignore",
        selection_mode="points", theme=None,  # Streamlit's would put the page's font back
    )  # fmt: skip
