"""Plotly figures of experiments on unseen categories; nothing here knows Streamlit or the atlas."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.answers.unseen import AREA
from explorer.figures.looks import faded
from explorer.theme import Palette, template
from precompute.unseen.seen_unseen_curve import Curve

Line = tuple[str, np.ndarray, np.ndarray]  # name, x, y


def seen_unseen_plot(
    curves: dict[str, Curve], at: tuple[float, float], chosen: tuple[float, float], colours: Palette
) -> go.Figure:
    """S against U over all gammas, one line per map, the first in the foreground; where the slider
    stands (`at`) and what was chosen on fit images (`chosen`), as (U, S)."""
    figure = go.Figure(layout={"template": template(colours), "height": 380})
    for level in (0.2, 0.4, 0.6, 0.8):
        u = np.linspace(level / (2 - level) + 1e-9, 1, 80)
        figure.add_scatter(
            x=u, y=level * u / (2 * u - level), mode="lines", showlegend=False, hoverinfo="skip",
            line={"color": colours.muted, "width": 1, "dash": "dot"},
        )  # fmt: skip
        figure.add_annotation(
            x=level / (2 - level), y=1, text=f"H {level:.0%}", showarrow=False, xanchor="left",
            yanchor="top", font={"color": colours.faint, "size": 11},
        )  # fmt: skip
    looks = (
        {"color": colours.accent, "width": 2.6},
        {"color": colours.other, "width": 1.6, "dash": "dash"},
        {"color": colours.ink, "width": 1.4, "dash": "dot"},
    )
    for (name, curve), line in zip(curves.items(), looks, strict=False):
        figure.add_scatter(
            x=curve.U, y=curve.S, mode="lines", name=name, line=line, customdata=curve.gamma,
            hovertemplate="U %{x:.1%}, S %{y:.1%}<br>γ %{customdata:.2f}<extra>" + name + "</extra>",
        )  # fmt: skip
    for (unseen, seen), name, symbol, size in (
        (chosen, "chosen on fit images", "diamond-open", 13),
        (at, "the slider", "circle", 13),
    ):
        figure.add_scatter(
            x=[unseen], y=[seen], mode="markers", name=name,
            marker={"color": colours.negative, "symbol": symbol, "size": size, "line": {"width": 2}},
            hovertemplate="U %{x:.1%}, S %{y:.1%}<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.update_xaxes(
        title="U: right on images of unseen categories", tickformat=".0%", range=[0, 1.01]
    )
    figure.update_yaxes(title="S: right on the seen", tickformat=".0%", range=[0, 1.01])
    figure.update_layout(margin={"r": 30})
    return figure


def cost_plot(
    rows: pd.DataFrame,
    references: dict[str, float],
    n_parents: int | None,
    title: str,
    colours: Palette,
) -> go.Figure:
    """A figure of merit against the number of parents, lasso and refit, with 95% intervals, between
    the reference values; all are shares of images, but for the area."""
    area = title == AREA
    value = "%{y:.3f}" if area else "%{y:.1%}"
    figure = go.Figure(layout={"template": template(colours), "height": 380})
    for refit, name, colour, dash in (
        (False, "lasso", colours.negative, "dash"),
        (True, "refit", colours.accent, "solid"),
    ):
        part = rows[rows["refit"] == refit]
        x = part["n_parents"].to_numpy()
        figure.add_scatter(
            x=[*x, *x[::-1]], y=[*part["low"], *part["high"][::-1]], fill="toself", mode="lines",
            line={"width": 0}, fillcolor=faded(colour, 0.13), hoverinfo="skip", showlegend=False,
        )  # fmt: skip
        figure.add_scatter(
            x=x, y=part["value"], mode="lines+markers", name=name,
            line={"color": colour, "width": 2.2, "dash": dash},
            hovertemplate="%{x} parents: " + value + "<extra>" + name + "</extra>",
        )  # fmt: skip
    for name, reference in references.items():
        figure.add_hline(
            y=reference, line={"color": colours.faint, "width": 1, "dash": "dot"},
            annotation={
                "text": f"{name} " + (f"{reference:.2f}" if area else f"{reference:.0%}"),
                "font": {"color": colours.faint, "size": 11},
            },
            annotation_position="top left",
        )  # fmt: skip
    figure.add_vline(x=n_parents, line={"color": colours.accent, "width": 1.5, "dash": "dot"})
    levels = sorted(rows["n_parents"].unique().tolist())
    figure.update_xaxes(title="at most so many parents", type="log", tickvals=levels)
    figure.update_yaxes(title=title, rangemode="tozero", tickformat="" if area else ".0%")
    return figure


def detection_plot(
    lines: list[Line], x_title: str, y_title: str, diagonal: bool, colours: Palette
) -> go.Figure:
    """ROC (with its `diagonal`) or precision-recall curves of one category, the first in the foreground.
    Precision is a step function of recall, so that the area under it is the average precision."""
    figure = go.Figure(layout={"template": template(colours), "height": 340})
    if diagonal:
        figure.add_scatter(
            x=[0, 1], y=[0, 1], mode="lines", line={"color": colours.line, "dash": "dot"},
            hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    looks = (
        (colours.accent, 2.6, "solid"),
        (colours.other, 1.6, "dash"),
        (colours.ink, 1.4, "dot"),
    )
    for (name, x, y), (colour, width, dash) in zip(lines, looks, strict=False):
        figure.add_scatter(
            x=x, y=y, mode="lines", name=name,
            line={"color": colour, "width": width, "dash": dash, "shape": "linear" if diagonal else "vh"},
            hovertemplate="%{x:.3f}, %{y:.3f}<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.update_xaxes(title=x_title, range=[-0.01, 1.01])
    figure.update_yaxes(title=y_title, range=[-0.01, 1.03])
    return figure
