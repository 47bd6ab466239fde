"""Plotly figures of links and of what networks share; nothing here knows Streamlit or the atlas."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures import heatmap
from explorer.figures.looks import safe
from explorer.theme import Palette, template
from explorer.words.formatting import number

BINS, LOWEST = 40, -0.5  # of the histogram of R²
ABSENT = "·"  # of a coefficient that is not there


def r2_histogram(rows: pd.DataFrame, refit: bool, colours: Palette) -> go.Figure:
    """How many categories reach which held-out R², and what shuffled targets reach. All below LOWEST
    stand at the left end, and the axis says so."""
    figure = go.Figure(layout={"template": template(colours), "height": 330, "barmode": "overlay"})
    for column, name, colour in (
        ("control_r2", "shuffled control", colours.other),
        ("r2_refit" if refit else "r2", "this link", colours.accent),
    ):
        values = rows[column].clip(lower=LOWEST)
        counts, edges = np.histogram(values, BINS, (LOWEST, 1.0))
        bins = [f"{low:.2f} to {high:.2f}" for low, high in zip(edges, edges[1:], strict=False)]
        bins[0] = f"below {edges[1]:.2f}"
        figure.add_bar(
            x=(edges[:-1] + edges[1:]) / 2, y=counts, width=edges[1] - edges[0], name=name,
            text=bins, textposition="none", marker={"color": colour}, opacity=0.75,
            hovertemplate="R² %{text}: %{y} categories<extra></extra>",
        )  # fmt: skip
    ticks = [LOWEST, 0.0, 0.5, 1.0]
    words = [f"≤ {number(LOWEST, 1)}", *(f"{tick:g}" for tick in ticks[1:])]
    figure.update_xaxes(
        title="held-out R² of a category", range=[LOWEST - 0.01, 1.01], tickvals=ticks,
        ticktext=words,
    )  # fmt: skip
    figure.update_yaxes(title="categories")
    return figure


def pair_heatmap(pairs: pd.DataFrame, measure: str, colours: Palette) -> go.Figure:
    """Median held-out R² of every ordered pair of networks."""
    wide = pairs.pivot(index="target_model", columns="source_model", values=measure)
    models = sorted({*wide.index, *wide.columns})
    wide = wide.reindex(index=models, columns=models)
    figure = go.Figure(layout={"template": template(colours), "height": 120 + 42 * len(models)})
    values, names = wide.to_numpy(float), [_short(model) for model in models]
    heatmap.add_cells(
        figure, values, names, names,
        scale=[[0, colours.ground], [1, colours.accent]],
        ends=(0.0, max(float(np.nanmax(values)), 0.01)),
        texts=_each(values, number, ""), absent=colours.faint,
        hover="%{y} from %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(title="source network", tickangle=-35, showgrid=False)
    figure.update_yaxes(
        title="target network", autorange="reversed", showgrid=False, tickfont={"size": 11}
    )
    return figure


def shared_bars(counts: pd.DataFrame, colours: Palette) -> go.Figure:
    """Dependencies by the number of networks that share them, two at least, and whether these agree on
    the sign; beside them what as many networks share where targets are shuffled (column `chance`, where
    it is known)."""
    counts = counts[counts["n_models"] > 1]
    figure = go.Figure(layout={"template": template(colours), "height": 320, "barmode": "stack"})
    known = bool(counts["chance"].notna().any())
    seen = {"width": 0.42, "offset": -0.43} if known else {}
    for column, name, colour, place in (
        ("positive", "positive in all of them", colours.positive, seen),
        ("negative", "negative in all of them", colours.negative, seen),
        ("conflict", "signs differ", colours.accent, seen),
        # With a base it stands beside the stack and not on it.
        ("chance", "shuffled targets", colours.other, {"width": 0.42, "offset": 0.01, "base": 0}),
    ):
        if column == "chance" and not known:
            continue
        figure.add_bar(
            x=counts["n_models"], y=counts[column], name=name, marker={"color": colour}, **place,
            hovertemplate="in %{x} networks: %{y}<extra>" + name + "</extra>",
        )  # fmt: skip
    figure.update_xaxes(title="networks that share the dependency", dtick=1)
    figure.update_yaxes(title="dependencies")
    figure.update_layout(legend={"traceorder": "normal"})
    return figure


def coefficient_heatmap(wide: pd.DataFrame, names: list[str], colours: Palette) -> go.Figure:
    """Coefficients of one category's sources (rows, `names`) in every network (columns); a dot where a
    source takes no part."""
    values = wide.to_numpy(float)
    most = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    figure = go.Figure(layout={"template": template(colours), "height": 130 + 24 * len(wide)})
    heatmap.add_cells(
        figure, values, [safe(name) for name in names], [_short(model) for model in wide.columns],
        scale=_two_sided(colours), ends=(-most, most), texts=_each(values, _signed, ABSENT),
        absent=colours.faint, hover="%{y} in %{x}: %{z:.3f}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(tickangle=-35, showgrid=False)
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return figure


def _two_sided(colours: Palette) -> heatmap.Scale:
    """From negative to positive, steeper about zero, where most coefficients are, and never without
    colour, so that the smallest one is told from none."""
    return [
        [place, heatmap.mixed(colours.ground, colour, share)]
        for place, colour, share in (
            (0.0, colours.negative, 1.0), (0.4, colours.negative, 0.6), (0.5, colours.negative, 0.25),
            (0.5, colours.positive, 0.25), (0.6, colours.positive, 0.6), (1.0, colours.positive, 1.0),
        )
    ]  # fmt: skip


def _signed(coefficient: float) -> str:
    """Two digits; +0 and −0 for what is smaller."""
    small = abs(coefficient) < 0.005
    return ("−0" if coefficient < 0 else "+0") if small else number(coefficient)


def _each(values: np.ndarray, text: Callable[[float], str], absent: str) -> np.ndarray:
    """The text of every value, `absent` where there is none (nan); as `values`."""
    shown = [absent if np.isnan(value) else text(value) for value in values.ravel()]
    return np.array(shown, dtype=object).reshape(values.shape)


def _short(model: str) -> str:
    """A model's name without the tag of its weights, at most 20 characters."""
    name = safe(model.split(".in1k")[0])
    return name if len(name) <= 22 else name[:21] + "…"
