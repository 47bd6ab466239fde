"""Plotly figures on a page."""

import plotly.graph_objects as go
import streamlit as st

from explorer.session import address, place


def chart(figure: go.Figure, key: str, alt: str) -> None:
    """A Plotly figure; `alt` says it to those who cannot see it. Its camera button saves it under the
    model's name and the key, as PNG or SVG, as the reader has chosen under “Share or cite”."""
    form = address.PICTURES.get().lower()
    picture = {"format": form, "filename": f"{place.here().model}-{key}", "scale": 2}
    config = {"displaylogo": False, "toImageButtonOptions": picture}
    st.plotly_chart(figure, key=key, config=config, alt=alt)
