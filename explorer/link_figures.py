"""Plotly figures of links and of what networks share; nothing here knows Streamlit or the atlas."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures import _faded, _safe
from explorer.theme import Palette, template

BINS = 40


def r2_histogram(rows: pd.DataFrame, refit: bool, colours: Palette) -> go.Figure:
    """How many categories reach which held-out R^2, and what shuffled targets reach. Below -0.5
    all count as -0.5."""
    figure = go.Figure(layout={"template": template(colours), "height": 330, "barmode": "overlay"})
    edges = {"start": -0.5, "end": 1.0, "size": 1.5 / BINS}
    for column, name, colour in (
        ("control_r2", "shuffled control", colours.other),
        ("r2_refit" if refit else "r2", "this link", colours.accent),
    ):
        figure.add_histogram(
            x=rows[column].clip(lower=-0.5).to_numpy(np.float32), name=name, xbins=edges,
            marker={"color": colour}, opacity=0.75,
            hovertemplate="R² %{x}: %{y} categories<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="held-out R² of a category", range=[-0.5, 1.01])
    figure.update_yaxes(title="categories")
    figure.update_layout(legend={"orientation": "h", "y": -0.25, "yanchor": "top"})
    return figure


def pair_heatmap(pairs: pd.DataFrame, measure: str, colours: Palette) -> go.Figure:
    """Median held-out R^2 of every ordered pair of networks."""
    wide = pairs.pivot(index="target_model", columns="source_model", values=measure)
    models = sorted({*wide.index, *wide.columns})
    wide = wide.reindex(index=models, columns=models)
    figure = go.Figure(layout={"template": template(colours), "height": 120 + 42 * len(models)})
    values = wide.to_numpy(float)
    figure.add_heatmap(
        z=values, x=[_short(m) for m in models], y=[_short(m) for m in models],
        colorscale=[[0, colours.ground], [1, colours.accent]], zmin=0,
        text=[["" if np.isnan(v) else f"{v:.2f}" for v in row] for row in values],
        texttemplate="%{text}", showscale=False, xgap=2, ygap=2, hoverongaps=False,
        hovertemplate="%{y} from %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title="source network", tickangle=-35, showgrid=False)
    figure.update_yaxes(title="target network", autorange="reversed", showgrid=False)
    figure.update_layout(margin={"l": 150, "r": 16, "t": 16, "b": 110})
    return figure


def shared_bars(counts: pd.DataFrame, colours: Palette) -> go.Figure:
    """Dependencies by the number of networks that have them, and whether these agree on the sign."""
    figure = go.Figure(layout={"template": template(colours), "height": 300, "barmode": "stack"})
    for column, name, colour in (
        ("positive", "positive in all of them", colours.positive),
        ("negative", "negative in all of them", colours.negative),
        ("conflict", "signs differ", colours.other),
    ):
        figure.add_bar(
            x=counts["n_models"], y=counts[column], name=name, marker={"color": colour},
            hovertemplate="in %{x} networks: %{y}<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.update_xaxes(title="networks that have the dependency", dtick=1)
    figure.update_yaxes(title="dependencies")
    legend = {"orientation": "h", "y": -0.25, "yanchor": "top", "traceorder": "normal"}
    figure.update_layout(legend=legend)
    return figure


def coefficient_heatmap(wide: pd.DataFrame, names: list[str], colours: Palette) -> go.Figure:
    """Coefficients of one category's sources (rows, `names`) in every network (columns)."""
    values = wide.to_numpy(float)
    most = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    figure = go.Figure(layout={"template": template(colours), "height": 130 + 24 * len(wide)})
    figure.add_heatmap(
        z=values, x=[_short(model) for model in wide.columns], y=[_safe(name) for name in names],
        zmin=-most, zmax=most, xgap=2, ygap=2, hoverongaps=False,
        colorscale=_two_sided(colours),
        colorbar={"title": {"text": "coefficient"}, "thickness": 10},
        hovertemplate="%{y} in %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(tickangle=-35, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_layout(margin={"l": 150, "r": 8, "t": 8, "b": 110})
    return figure


def _two_sided(colours: Palette) -> list[list]:
    """From negative over nothing to positive, steeper about zero, where most coefficients are."""
    return [
        [0, colours.negative], [0.4, _faded(colours.negative, 0.5)], [0.5, colours.ground],
        [0.6, _faded(colours.positive, 0.5)], [1, colours.positive],
    ]  # fmt: skip


def _short(model: str) -> str:
    """A model's name without the tag of its weights, at most 20 characters."""
    name = _safe(model.split(".in1k")[0])
    return name if len(name) <= 22 else name[:21] + "…"
