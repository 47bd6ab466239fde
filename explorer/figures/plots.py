"""Plotly figures from tables and arrays; nothing here knows Streamlit or the atlas."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.answers.heldout import outside
from explorer.tables.target_path import TargetPath
from explorer.theme import Palette, community_colour, template

NAMED_LINES = 8  # sources whose line has a colour and a name
STEPS = 6  # points drawn between two knots: enough for a straight line on a logarithmic axis


def path_plot(
    path: TargetPath, names: np.ndarray, position: float, refit: bool, colours: Palette
) -> go.Figure:
    """Coefficients along the path against lambda (logarithmic, falling to the right)."""
    grid = np.linspace(0, path.last, path.last * STEPS + 1)
    lam = np.array([path.lam_at(p) for p in grid])
    values = np.array([path.coefficients_at(p, refit) for p in grid], dtype=np.float32)
    loudest = np.argsort(-np.abs(values).max(axis=0), kind="stable")
    figure = go.Figure(layout={"template": template(colours)})
    quiet = np.pad(values[::STEPS, loudest[NAMED_LINES:]], ((0, 1), (0, 0)), constant_values=np.nan)
    figure.add_scatter(
        x=np.tile(np.append(path.lam, np.nan).astype(np.float32), quiet.shape[1]),
        y=quiet.T.ravel(), mode="lines", line={"color": colours.other, "width": 1}, opacity=0.55,
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for k, column in enumerate(loudest[:NAMED_LINES]):
        name = str(names[path.sources[column]])
        figure.add_scatter(
            x=lam.astype(np.float32), y=values[:, column], name=name, mode="lines",
            line={"color": community_colour(colours, k), "width": 2.2},
            hovertemplate=f"{_safe(name)}<br>λ %{{x:.3g}}: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(
        x=path.lam_at(position), line={"color": colours.accent, "width": 2, "dash": "dot"}
    )
    figure.update_xaxes(
        type="log",
        autorange="reversed",
        tickvals=_decades(lam),
        title="λ (penalty), stronger ← → weaker",
    )
    figure.update_yaxes(title="coefficient" + (" (refit)" if refit else ""))
    figure.update_layout(
        height=430, legend={"orientation": "h", "y": -0.2, "yanchor": "top", "x": 0}
    )
    return figure


def truth_plot(
    true_logit: np.ndarray, predicted: np.ndarray, shows: np.ndarray, image_ids: list[str],
    sd: float, target: str, colours: Palette,
) -> go.Figure:  # fmt: skip
    """True against predicted logit of every held-out image; those that show the target stand out.
    The band is one standard deviation of the logit either way."""
    ids = np.array([_safe(name) for name in image_ids], dtype=object)
    low = float(min(true_logit.min(), predicted.min()))
    high = float(max(true_logit.max(), predicted.max()))
    figure = go.Figure(layout={"template": template(colours), "height": 400})
    figure.add_scatter(
        x=[low, high, high, low], y=[low - sd, high - sd, high + sd, low + sd], fill="toself", mode="lines",
        fillcolor=_faded(colours.accent, 0.10), line={"width": 0}, hoverinfo="skip",
        name="within 1 sd",
    )  # fmt: skip
    figure.add_scatter(
        x=[low, high], y=[low, high], mode="lines", line={"color": colours.faint, "dash": "dot"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    draw = figure.add_scattergl if len(ids) > 5000 else figure.add_scatter
    for mask, name, colour, size in (
        (~shows, "other images", colours.faint, 4),
        (shows, f"images of {target}", colours.negative, 9),
    ):
        draw(
            x=predicted[mask].astype(np.float32), y=true_logit[mask].astype(np.float32),
            text=ids[mask], mode="markers", name=f"{_safe(name)} ({int(mask.sum())})",
            marker={"color": colour, "size": size, "opacity": 0.45 if size == 4 else 0.95},
            hovertemplate="%{text}<br>equation %{x:.2f}, network %{y:.2f}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="logit by the equation")
    figure.update_yaxes(title="logit of the network")
    figure.update_layout(legend={"orientation": "h", "y": -0.22, "yanchor": "top"})
    return figure


def epsilon_plot(
    residual: np.ndarray, about_mean: np.ndarray, sd: float, colours: Palette
) -> go.Figure:
    """Fraction of held-out images outside epsilon, for the equation and for guessing the mean."""
    epsilon = np.linspace(0, 3, 181)
    figure = go.Figure(layout={"template": template(colours), "height": 400})
    for values, name, line in (
        (about_mean, "always guess the mean", {"color": colours.other, "dash": "dash"}),
        (residual, "this equation", {"color": colours.accent, "width": 2.5}),
    ):
        figure.add_scatter(
            x=epsilon, y=outside(values, sd, epsilon), mode="lines", name=name, line=line,
            hovertemplate="ε = %{x:.2f} sd: %{y:.1%} outside<extra></extra>",
        )  # fmt: skip
    marks = np.array([0.5, 1.0])
    delta = outside(residual, sd, marks)
    figure.add_scatter(
        x=marks, y=delta, mode="markers+text", text=[f"{d:.0%}" for d in delta],
        textposition="bottom left", textfont={"color": colours.ink, "size": 13},
        marker={"color": colours.accent, "size": 10}, showlegend=False, hoverinfo="skip",
    )  # fmt: skip
    figure.update_xaxes(title="ε in standard deviations of the logit", range=[0, 3.02])
    figure.update_yaxes(title="images outside ε (δ)", tickformat=".0%", range=[0, 1.02])
    figure.update_layout(legend={"orientation": "h", "y": -0.22, "yanchor": "top"})
    return figure


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
                x=x[mask], y=y[mask], mode="markers", name=f"{_safe(name)} ({int(mask.sum())})",
                text=[_safe(name) for name in categories["name"][mask]], customdata=np.flatnonzero(mask),
                marker={"color": colour, "size": size[mask], "line": rim},
                hovertemplate="%{text}<extra></extra>",
            )  # fmt: skip
    if focus is not None:
        figure.add_annotation(
            x=float(x[focus]), y=float(y[focus]), text=f"<b>{_safe(categories['name'].iat[focus])}</b>",
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


def comparison_plot(table: pd.DataFrame, measure: str, title: str, colours: Palette) -> go.Figure:
    """One line per model: the median over targets of `measure` against the number of parents.
    `table` has columns model, n_parents, the measure and, where there is one, its `control`."""
    figure = go.Figure(layout={"template": template(colours), "height": 460})
    for k, (model, rows) in enumerate(table.groupby("model", sort=False)):
        colour = community_colour(colours, k)
        figure.add_scatter(
            x=rows["n_parents"], y=rows[measure], mode="lines", name=_safe(str(model)),
            legendgroup=str(model), line={"color": colour, "width": 2.4},
            hovertemplate=f"{_safe(str(model))}<br>%{{x}} parents: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=rows["n_parents"], y=rows["control"], mode="lines", legendgroup=str(model),
            line={"color": colour, "width": 1, "dash": "dot"}, showlegend=False,
            hovertemplate="shuffled control<br>%{x} parents: %{y:.3f}<extra></extra>",
        )  # fmt: skip
    # A little room, or the last tick's label is left out.
    ends = np.log10([0.98, 1.03 * table["n_parents"].max()])
    figure.update_xaxes(
        title="parents in the equation", type="log", tickvals=[1, 2, 3, 5, 8, 16, 32], range=ends
    )
    figure.update_yaxes(title=title)
    figure.update_layout(legend={"orientation": "h", "y": -0.24, "yanchor": "top"})
    return figure


def agreement_plot(table: pd.DataFrame, a: str, b: str, colours: Palette) -> go.Figure:
    """Coefficients of the dependencies that two networks share (`comparison.compare`), on two axes of
    one scale."""
    figure = go.Figure(layout={"template": template(colours), "height": 480})
    both = table[["coefficient_a", "coefficient_b"]].dropna()
    ends = [float(both.min(axis=None)), float(both.max(axis=None))] if len(both) else [-1.0, 1.0]
    figure.add_scatter(
        x=ends, y=ends, mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": colours.faint, "dash": "dot", "width": 1},
    )  # fmt: skip
    for kind, colour, symbol in (
        ("shared", colours.accent, "circle"), ("sign flip", colours.warning, "triangle-up"),
    ):  # fmt: skip
        rows = table[table["kind"] == kind]
        figure.add_scattergl(
            x=rows["coefficient_a"].astype(np.float32), y=rows["coefficient_b"].astype(np.float32),
            mode="markers", name=f"{kind} ({len(rows)})",
            marker={"color": colour, "symbol": symbol, "size": 6, "opacity": 0.7},
            text=(rows["target_name"] + " uses " + rows["source_name"]).map(_safe),
            hovertemplate="%{text}<br>A %{x:.3f}, B %{y:.3f}<extra></extra>",
        )  # fmt: skip
    span = ends[1] - ends[0]
    step = next((size for size in (0.05, 0.1, 0.2, 0.5, 1.0) if span <= 8 * size), span / 4)
    square = {
        "range": [ends[0] - 0.04 * span, ends[1] + 0.04 * span], "dtick": step, "constrain": "domain",
    }  # fmt: skip
    figure.update_xaxes(title=f"coefficient in {_safe(a)}", **square)
    figure.update_yaxes(title=f"coefficient in {_safe(b)}", scaleanchor="x", **square)
    figure.update_layout(legend={"orientation": "h", "y": -0.2, "yanchor": "top"})
    return figure


def _decades(values: np.ndarray) -> list[float]:
    """1, 2 and 5 of every decade that positive values reach into."""
    low, high = np.floor(np.log10([values.min(), values.max()])).astype(int)
    return [float(m * 10.0**k) for k in range(low, high + 1) for m in (1, 2, 5)]


def _safe(text: str) -> str:
    """Plotly reads a few HTML tags in text; names must not bring their own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _faded(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
