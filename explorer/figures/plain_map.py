"""The whole graph as a Plotly figure, for browsers without WebGL."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures.looks import safe
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
    grey, and the given edges between them."""
    x, y = (categories[c].to_numpy(np.float32) for c in "xy")
    size = 5 + 2.2 * np.sqrt(categories["n_children"].to_numpy(float))
    figure = go.Figure(layout={"template": template(colours), "height": 620})
    gap = np.full(len(edges), np.nan, dtype=np.float32)
    ends = edges["source"].to_numpy(), edges["target"].to_numpy()
    figure.add_scatter(
        x=np.column_stack([x[ends[0]], x[ends[1]], gap]).ravel(),
        y=np.column_stack([y[ends[0]], y[ends[1]], gap]).ravel(),
        mode="lines", line={"color": colours.line, "width": 0.7}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
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
        legend={"orientation": "h", "y": -0.02, "yanchor": "top", "itemsizing": "constant"},
    )  # fmt: skip
    return figure
