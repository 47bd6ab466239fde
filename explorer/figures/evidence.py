"""One equation as Plotly figures: its path, and what held-out images say; nothing here knows the atlas."""

import numpy as np
import plotly.graph_objects as go

from explorer.answers.evidence.heldout import outside
from explorer.figures.looks import faded, safe
from explorer.tables.target_path import TargetPath
from explorer.theme import Palette, community_colour, template

NAMED_LINES = 8  # sources whose line has a colour and a name
STEPS = 6  # points drawn between two knots: enough for a straight line on a logarithmic axis


def path_plot(
    path: TargetPath, names: np.ndarray, position: float, refit: bool, colours: Palette
) -> go.Figure:
    """Coefficients along the path against lambda (logarithmic, falling to the right)."""
    exact = np.linspace(0, path.exact, path.exact * STEPS + 1)
    grid = np.append(exact, np.arange(path.exact + 1, path.last + 1))
    lam = np.array([path.lam_at(float(p)) for p in grid])
    values = np.array([path.coefficients_at(float(p), refit) for p in grid], dtype=np.float32)
    loudest = np.argsort(-np.abs(values).max(axis=0), kind="stable")
    figure = go.Figure(layout={"template": template(colours)})
    at_knots = values[grid == np.round(grid)][:, loudest[NAMED_LINES:]]
    quiet = np.pad(at_knots, ((0, 1), (0, 0)), constant_values=np.nan)
    marks = np.where(grid > path.exact, 6, 0)  # where only some knots are stored, they are marked
    figure.add_scatter(
        x=np.tile(np.append(path.lam, np.nan).astype(np.float32), quiet.shape[1]),
        y=quiet.T.ravel(), mode="lines", line={"color": colours.other, "width": 1}, opacity=0.55,
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    for k, column in enumerate(loudest[:NAMED_LINES]):
        name = str(names[path.sources[column]])
        figure.add_scatter(
            x=lam.astype(np.float32), y=values[:, column], name=name,
            mode="lines+markers" if marks.any() else "lines", marker={"size": marks},
            line={"color": community_colour(colours, k), "width": 2.2},
            hovertemplate=f"{safe(name)}<br>λ %{{x:.3g}}: %{{y:.3f}}<extra></extra>",
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
    figure.update_layout(height=430)
    return figure


def truth_plot(
    true_logit: np.ndarray, predicted: np.ndarray, shows: np.ndarray, image_ids: list[str],
    sd: float, target: str, colours: Palette,
) -> go.Figure:  # fmt: skip
    """True against predicted logit of every held-out image; those that show the target stand out.
    The band is one standard deviation of the logit either way."""
    ids = np.array([safe(name) for name in image_ids], dtype=object)
    low = float(min(true_logit.min(), predicted.min()))
    high = float(max(true_logit.max(), predicted.max()))
    figure = go.Figure(layout={"template": template(colours), "height": 400})
    figure.add_scatter(
        x=[low, high, high, low], y=[low - sd, high - sd, high + sd, low + sd], fill="toself", mode="lines",
        fillcolor=faded(colours.accent, 0.10), line={"width": 0}, hoverinfo="skip",
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
            text=ids[mask], mode="markers", name=f"{safe(name)} ({int(mask.sum())})",
            marker={"color": colour, "size": size, "opacity": 0.45 if size == 4 else 0.95},
            hovertemplate="%{text}<br>equation %{x:.2f}, network %{y:.2f}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="logit by the equation")
    figure.update_yaxes(title="logit of the network")
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
    return figure


def _decades(values: np.ndarray) -> list[float]:
    """1, 2 and 5 of every decade that positive values reach into."""
    low, high = np.floor(np.log10([values.min(), values.max()])).astype(int)
    return [float(m * 10.0**k) for k in range(low, high + 1) for m in (1, 2, 5)]
