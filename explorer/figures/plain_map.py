"""The whole graph as a Plotly figure, for browsers without WebGL."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures.looks import safe
from explorer.figures.opacity import PALER, beside_plain, measured
from explorer.theme import Palette, community_colour, template


def map_plot(
    categories: pd.DataFrame,
    edges: pd.DataFrame,
    lit: np.ndarray,
    focus: int | None,
    community_names: dict[int, str],
    colours: Palette,
) -> go.Figure:
    """The whole graph, drawn without WebGL: nodes by community, `lit` (n,) in colour and the rest
    grey, and the given edges between them, paler the less stable they are."""
    x, y = (categories[c].to_numpy(np.float32) for c in "xy")
    size = 5 + 2.2 * np.sqrt(categories["n_children"].to_numpy(float))
    figure = go.Figure(layout={"template": template(colours), "height": 620})
    _lines(figure, x, y, edges, colours)
    community = categories["community"].to_numpy()
    shown = len(colours.communities)
    groups = [(~lit, "greyed out by the filters", colours.muted)]
    groups += [
        (lit & (community == k), community_names[k], community_colour(colours, k))
        for k in sorted(set(range(shown)) & set(community_names))
    ]
    rest = ~np.isin(community, np.arange(shown))
    groups.append((lit & rest, "other communities", colours.other))
    rim = {"color": colours.ground, "width": 0.6}
    for mask, name, colour in groups:
        if mask.any():
            figure.add_scatter(
                x=x[mask], y=y[mask], mode="markers", name=f"{safe(name)} ({int(mask.sum())})",
                text=[safe(name) for name in categories["name"][mask]], customdata=np.flatnonzero(mask),
                marker={"color": colour, "size": size[mask], "line": rim},
                hovertemplate="%{text}<extra></extra>",
            )  # fmt: skip
    if focus is not None:
        figure.add_annotation(
            x=float(x[focus]), y=float(y[focus]), text=f"<b>{safe(categories['name'].iat[focus])}</b>",
            font={"color": colours.ink, "size": 14}, bgcolor=colours.ground, arrowcolor=colours.ink,
        )  # fmt: skip
    hidden = {"visible": False, "title": None}
    figure.update_xaxes(**hidden)
    figure.update_yaxes(**hidden, scaleanchor="x")
    figure.update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, dragmode="pan", clickmode="event+select",
        legend={"itemsizing": "constant"},
    )  # fmt: skip
    return figure


def _lines(
    figure: go.Figure, x: np.ndarray, y: np.ndarray, edges: pd.DataFrame, colours: Palette
) -> None:
    """Edges in at most nine shades, since all lines of a trace have one; the strongest shade is that of
    lines whose stability was not measured."""
    known = measured(edges)
    shade = beside_plain(edges["stability"]).clip(max=1).round(1) if known else np.ones(len(edges))
    shades = sorted(set(shade.tolist()))
    for opacity in shades:
        some = edges[shade == opacity]
        gap = np.full(len(some), np.nan, dtype=np.float32)
        source, target = some["source"].to_numpy(), some["target"].to_numpy()
        figure.add_scatter(
            x=np.column_stack([x[source], x[target], gap]).ravel(),
            y=np.column_stack([y[source], y[target], gap]).ravel(),
            mode="lines", line={"color": colours.line, "width": 0.7}, opacity=opacity,
            hoverinfo="skip", showlegend=known and opacity == shades[-1], legendgroup="lines",
            name=PALER.format("a line").removesuffix("."),
        )  # fmt: skip
