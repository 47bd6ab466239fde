"""Several networks as Plotly figures; nothing here knows Streamlit or the atlas."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.answers.yardsticks.baselines import BASELINES
from explorer.figures.looks import safe
from explorer.theme import Palette, community_colour, template

# What the lasso's equations share with the baselines: least squares.
REFIT = ("refit", "The same, refit")
DASHES = {
    "refit": "solid",
    "dense": "longdash",
    "correlated": "dash",
    "random": "dashdot",
    "control": "dot",
}


def comparison_plot(table: pd.DataFrame, measure: str, title: str, colours: Palette) -> go.Figure:
    """One line per model: the median over targets of `measure` against the number of parents, and a thin
    one for each of BASELINES, and for REFIT if it is there, told apart by dashes. `table` has columns
    model, n_parents, the measure and one named after each of these."""
    beside = [line for line in (REFIT, *BASELINES) if line[0] in table]
    figure = go.Figure(layout={"template": template(colours), "height": 460})
    for k, (model, rows) in enumerate(table.groupby("model", sort=False)):
        colour = community_colour(colours, k)
        figure.add_scatter(
            x=rows["n_parents"], y=rows[measure], mode="lines", name=safe(str(model)),
            legendgroup=str(model), line={"color": colour, "width": 2.4},
            hovertemplate=f"{safe(str(model))}<br>%{{x}} parents: %{{y:.3f}}<extra></extra>",
        )  # fmt: skip
        for name, meaning in beside:
            figure.add_scatter(
                x=rows["n_parents"], y=rows[name], mode="lines", legendgroup=name,
                line={"color": colour, "width": 1.2, "dash": DASHES[name]}, showlegend=False,
                hovertemplate=f"{safe(str(model))}: {meaning.lower()}<br>%{{x}} parents: %{{y:.3f}}"
                "<extra></extra>",
            )  # fmt: skip
    # Entries of the legend: they draw nothing, and hide their lines.
    for name, meaning in beside:
        figure.add_scatter(
            x=[None], y=[None], mode="lines", name=meaning, legendgroup=name,
            line={"color": colours.ink, "width": 1.2, "dash": DASHES[name]},
        )  # fmt: skip
    # A little room, or the last tick's label is left out.
    ends = np.log10([0.98, 1.03 * table["n_parents"].max()])
    figure.update_xaxes(
        title="parents in the equation",
        type="log",
        tickvals=[1, 2, 3, 5, 8, 16, 32, 64, 128],
        range=ends,
    )
    figure.update_yaxes(title=title)
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
            text=(rows["target_name"] + " uses " + rows["source_name"]).map(safe),
            hovertemplate="%{text}<br>A %{x:.3f}, B %{y:.3f}<extra></extra>",
        )  # fmt: skip
    span = ends[1] - ends[0]
    step = next((size for size in (0.05, 0.1, 0.2, 0.5, 1.0) if span <= 8 * size), span / 4)
    square = {
        "range": [ends[0] - 0.04 * span, ends[1] + 0.04 * span], "dtick": step, "constrain": "domain",
    }  # fmt: skip
    figure.update_xaxes(title=f"coefficient in {safe(a)}", **square)
    figure.update_yaxes(title=f"coefficient in {safe(b)}", scaleanchor="x", **square)
    return figure
