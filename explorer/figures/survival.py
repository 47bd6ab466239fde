"""Does classification survive? Recall kept and false positives against the number of parents, with
intervals; nothing here knows Streamlit or the atlas."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.answers.verdicts.survival import name_of
from explorer.figures.looks import faded, safe
from explorer.theme import Palette, template
from precompute.survival.rule import KEPT

DENSE_AT = 1.6  # times the most parents: where the dense map stands on the logarithmic axis


def survival_plot(
    points: pd.DataFrame,
    colours: Palette,
    own: pd.DataFrame | None = None,
    name: str = "",
    size: float | None = None,
) -> go.Figure:
    """`points` is `survival.curve` of a network; a line for each weighting, dashed with the constant. `own`
    are `survival.own` rows of a category called `name`, drawn over it; `size` marks a number of parents."""
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.06, row_heights=[0.6, 0.4]
    )
    figure.update_layout(template=template(colours), height=620)
    sizes = sorted(int(size) for size in points["n_parents"].dropna().unique())
    dense_at = DENSE_AT * max(sizes, default=1)
    tones = dict(zip(sorted(points["weighting"].unique()), _tones(colours), strict=False))
    for (weighting, constant), line in points.groupby(["weighting", "constant"], sort=False):
        _line(figure, line, dense_at, tones[weighting], weighting, constant)
    if own is not None and len(own):
        plain = own[own["weighting"] == 0]
        figure.add_scatter(
            x=_places(plain, dense_at), y=plain["recall_kept"], mode="lines+markers", row=1, col=1,
            name=f"{safe(name)}, as they are", line={"color": colours.ink, "width": 2.4},
            hovertemplate="%{y:.0%} kept<extra></extra>",
        )  # fmt: skip
    before = float(points["fp_before_per_1000"].iloc[-1])
    tolerated = float(points["fp_tolerated_per_1000"].iloc[-1])
    for at, row, text, place in (
        (1.0, 1, "the network as it is", "top left"),
        (KEPT, 1, f"{KEPT:.0%}: asked for", "bottom left"),
        (before, 2, f"the network as it is {before:.2f}", "bottom right"),
        (tolerated, 2, f"tolerated {tolerated:.2f}", "top right"),
    ):
        figure.add_hline(
            y=at, row=row, col=1, line={"color": colours.faint, "width": 1, "dash": "dot"},
            annotation={"text": text, "font": {"color": colours.faint, "size": 11}},
            annotation_position=place,
        )  # fmt: skip
    if size:
        figure.add_vline(x=size, line={"color": colours.accent, "width": 2, "dash": "dot"})
    figure.update_xaxes(
        type="log", range=np.log10([0.9, 1.15 * dense_at]), tickvals=[*sizes, dense_at],
        ticktext=[*map(str, sizes), "all"],
    )  # fmt: skip
    figure.update_xaxes(title="parents in the equation (all: the dense map)", row=2, col=1)
    figure.update_yaxes(title="recall kept", tickformat=".0%", rangemode="tozero", row=1, col=1)
    figure.update_yaxes(
        title="false positives<br>per 1,000 others", rangemode="tozero", row=2, col=1
    )
    return figure


def _line(figure, line: pd.DataFrame, dense_at, colour, weighting, constant) -> None:
    """One weighting with or without the constant, in both panels; its interval as a band."""
    x, name = _places(line, dense_at), name_of(weighting, constant)
    for row, value, low, high, form in (
        (1, "recall_kept", "low", "high", ".0%"),
        (2, "fp_per_1000", "fp_low", "fp_high", ".2f"),
    ):
        figure.add_scatter(
            x=np.r_[x, x[::-1]], y=np.r_[line[high], line[low].iloc[::-1]], fill="toself", row=row, col=1,
            fillcolor=faded(colour, 0.10), line={"width": 0}, mode="lines", hoverinfo="skip",
            showlegend=False, legendgroup=name,
        )  # fmt: skip
        figure.add_scatter(
            x=x, y=line[value], mode="lines+markers", name=name, legendgroup=name, row=row, col=1,
            showlegend=row == 1, customdata=line[[low, high, "n_images"]],
            line={"color": colour, "width": 2, "dash": "dash" if constant else "solid"},
            marker={"size": 6, "symbol": "square-open" if constant else "circle"},
            hovertemplate=f"{name}<br>%{{y:{form}}} (%{{customdata[0]:{form}}} to "
            f"%{{customdata[1]:{form}}}), %{{customdata[2]}} images<extra></extra>",
        )  # fmt: skip


def _places(rows: pd.DataFrame, dense_at: float) -> np.ndarray:
    return rows["n_parents"].astype("Float64").fillna(dense_at).to_numpy(float)


def _tones(colours: Palette) -> tuple[str, ...]:
    return (colours.positive, colours.negative, colours.communities[7], colours.other)
