"""Heat maps whose numbers can be read on every cell, in light and dark; nothing here knows the atlas."""

import numpy as np
import plotly.graph_objects as go

Scale = list[list]  # [place from 0 to 1, "#rrggbb"], rising; two of one place are a step

BLACK, WHITE = "#000000", "#ffffff"  # one of them has 4.5:1 on any cell; ink and ground have not
_SAME = 0.1791  # relative luminance at which both have the same contrast
_FITTING = 8  # columns, with more of which text shrinks to fit on a phone


def mixed(one: str, other: str, share: float) -> str:
    """A colour with `share` of the other one in it; all as #rrggbb."""
    parts = (1 - share) * _channels(one) + share * _channels(other)
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def ink_on(places: np.ndarray, scale: Scale) -> np.ndarray:
    """BLACK or WHITE, whichever reads better, for each place from 0 to 1 on a scale; as `places`."""
    at, colours = [place for place, _ in scale], np.array([_channels(c) for _, c in scale])
    shown = np.stack([np.interp(places, at, channel) for channel in colours.T], axis=-1)
    linear = np.where(shown <= 0.04045, shown / 12.92, ((shown + 0.055) / 1.055) ** 2.4)
    return np.where(linear @ [0.2126, 0.7152, 0.0722] > _SAME, BLACK, WHITE)


def add_cells(
    figure: go.Figure, values: np.ndarray, rows: list[str], columns: list[str], *, scale: Scale,
    ends: tuple[float, float], texts: np.ndarray, absent: str, hover: str,
) -> None:  # fmt: skip
    """Add a heat map of values (rows, columns) with a text on each cell. `ends` are the values of the
    scale's two ends. A cell without a value (nan) is empty but for its text, in the colour `absent`."""
    low, high = ends
    figure.add_heatmap(
        z=values, x=columns, y=rows, colorscale=scale, zmin=low, zmax=high, showscale=False,
        xgap=2, ygap=2, hoverongaps=False, hovertemplate=hover,
    )  # fmt: skip
    inks = ink_on(np.clip((values - low) / (high - low), 0, 1), scale)
    inks = np.where(np.isnan(values), absent, inks)
    size = 10 if len(columns) <= _FITTING else None
    # Plotly writes all texts of a heat map in one colour, so each ink gets one of its own.
    for ink in np.unique(inks):
        here = inks == ink
        figure.add_heatmap(
            z=np.where(here, 0.0, np.nan), x=columns, y=rows, text=np.where(here, texts, ""),
            texttemplate="%{text}", textfont={"color": str(ink), "size": size}, showscale=False,
            colorscale=["rgba(0,0,0,0)"] * 2, hoverinfo="skip",
        )  # fmt: skip


def _channels(colour: str) -> np.ndarray:
    """Red, green and blue (3,) from 0 to 1."""
    return np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
