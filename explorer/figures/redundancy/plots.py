"""Redundancy as Plotly figures: spectrum, redundancy against error, support sizes, agreement."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures.looks import broken, faded, safe
from explorer.figures.redundancy import cloud
from explorer.theme import Palette, template
from precompute.redundancy.spectrum import PowerLaw
from precompute.redundancy.support import QUANTILES, column_of

POINTS = 400  # of a spectrum; more would lie on top of each other


def spectrum_plot(
    spectrum: pd.DataFrame, law: PowerLaw | None, marks: dict[str, int], colours: Palette
) -> go.Figure:
    """Singular values of F / sqrt(N) against their rank, both logarithmic: a power law is a straight line.
    `marks` are ranks with a name."""
    figure = go.Figure(layout={"template": template(colours), "height": 430})
    rows = spectrum[spectrum["eigenvalue"] > 0]
    rows = rows.iloc[np.unique(np.geomspace(1, len(rows), POINTS).astype(int)) - 1]
    value, edge = np.sqrt(rows["eigenvalue"]), float(np.sqrt(spectrum["edge"].iat[0]))
    low = max(min(float(value.min()), edge), edge / 10) / 1.5
    figure.add_scatter(
        x=rows["rank"], y=value, mode="markers", name="singular values",
        marker={"color": colours.positive, "size": 5},
        hovertemplate="rank %{x}: %{y:.3g}<extra></extra>",
    )  # fmt: skip
    if law is not None:
        ends = np.array([law.first, law.last])
        figure.add_scatter(
            x=ends, y=law.scale * ends**-law.exponent, mode="lines", hoverinfo="skip",
            name=f"rank^−{law.exponent:.2f}, ranks {law.first} to {law.last}",
            line={"color": colours.negative, "width": 2.5},
        )  # fmt: skip
    figure.add_scatter(
        x=[1, len(spectrum)], y=[edge, edge], mode="lines", name="all that rounding can make",
        line={"color": colours.faint, "dash": "dot", "width": 1.5}, hoverinfo="skip",
    )  # fmt: skip
    high = float(value.max()) * 1.5
    for k, (name, rank) in enumerate(marks.items()):
        figure.add_scatter(
            x=[rank, rank], y=[low, high], mode="lines", name=safe(name), hoverinfo="name",
            line={"color": (colours.accent, colours.warning, colours.ink)[k % 3],
                  "dash": ("dash", "dashdot", "longdash")[k % 3], "width": 1.5},
        )  # fmt: skip
    figure.update_xaxes(title="rank", type="log", dtick=1)
    figure.update_yaxes(
        title="singular value, logits", type="log", range=np.log10([low, high]), dtick=1
    )
    return figure


def redundancy_plot(rows: pd.DataFrame, title: str, colours: Palette) -> go.Figure:
    """Every category (name, redundancy, error): the error of its equation against its redundancy; very many
    as a cloud (`cloud.dots`)."""
    x, y = (_above_zero(rows[column]) for column in ("redundancy", "error"))
    figure = go.Figure(layout={"template": template(colours), "height": 430})
    both = np.concatenate([x[np.isfinite(x)], y[np.isfinite(y)]])
    ends = [float(both.min()), float(both.max())] if len(both) else [0.01, 1.0]
    figure.add_scatter(
        x=ends, y=ends, mode="lines", name="error = redundancy",
        line={"color": colours.faint, "dash": "dot"}, hoverinfo="skip",
    )  # fmt: skip
    dots = cloud.dots(x.to_numpy(), y.to_numpy(), rows["name"])
    figure.add_scattergl(
        x=dots["x"].astype(np.float32), y=dots["y"].astype(np.float32), mode="markers",
        name="categories", text=dots["text"], marker=cloud.marker(dots["n"], colours),
        hovertemplate="%{text}<br>redundancy %{x:.3g}, error %{y:.3g}<extra></extra>",
    )  # fmt: skip
    lowest = " (0 stands at the left end)" if (rows["redundancy"] <= 0).any() else ""
    for axis, words in ((figure.update_xaxes, title + lowest),
                        (figure.update_yaxes, "held-out relative error of the equation")):  # fmt: skip
        axis(title=words, type="log", tickvals=_decades(ends), exponentformat="power")
    return figure


def support_plot(table: pd.DataFrame, colours: Palette) -> go.Figure:
    """Number of parents against lambda over lambda_max: the median category, and how far others are."""
    figure = go.Figure(layout={"template": template(colours), "height": 430})
    # Where every path has stopped there is nothing left to see.
    table = table[table["stopped"].shift(fill_value=0.0) < 1]
    low, lower, middle, upper, high = (table[column_of(quantile)] for quantile in QUANTILES)
    ratio = table["ratio"]
    for name, one, other, opacity in (
        ("80 % of the categories", low, high, 0.14),
        ("half of them", lower, upper, 0.28),
    ):
        figure.add_scatter(
            x=pd.concat([ratio, ratio[::-1]]), y=pd.concat([one, other[::-1]]), fill="toself",
            mode="lines", line={"width": 0}, fillcolor=faded(colours.accent, opacity), name=name,
            hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=ratio, y=middle, mode="lines", name="median category",
        line={"color": colours.accent, "width": 2.5},
        hovertemplate="λ / λ max %{x:.2g}: %{y:.3g} parents<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(
        title="λ / λ max, stronger ← → weaker", type="log", autorange="reversed", dtick=1
    )
    figure.update_yaxes(title="parents", rangemode="tozero")
    return figure


def agreement_plot(table: pd.DataFrame, colours: Palette) -> go.Figure:
    """The AUROC of every row of `summary` with its interval, and that of its control; 1/2 is chance."""
    # Broken, so that a phone has room for the plot beside them.
    names = [broken(f"{row.measure}, {row.sign}", 22) for row in table.itertuples()]
    figure = go.Figure(layout={"template": template(colours), "height": 130 + 34 * len(table)})
    figure.add_vline(x=0.5, line={"color": colours.faint, "dash": "dot"})
    figure.add_scatter(
        x=table["auroc"], y=names, mode="markers", name="dependencies",
        marker={"color": colours.accent, "size": 10},
        error_x={"type": "data", "symmetric": False, "array": table["auroc_high"] - table["auroc"],
                 "arrayminus": table["auroc"] - table["auroc_low"], "color": colours.accent},
        hovertemplate="%{y}: %{x:.3f}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=table["auroc_control"], y=names, mode="markers", name="parents of another category",
        marker={"color": colours.faint, "size": 10, "symbol": "diamond-open", "line": {"width": 2}},
        hovertemplate="%{y}, control: %{x:.3f}<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(
        title="chance that a parent is more<br>alike than a non-parent", range=[-0.01, 1.01]
    )
    figure.update_yaxes(autorange="reversed")
    return figure


def _above_zero(values: pd.Series) -> pd.Series:
    """Values fit for a logarithmic axis: 0 stands at half of the smallest that is above it."""
    positive = values[values > 0]
    return values.clip(lower=positive.min() / 2 if len(positive) else 0.01)


def _decades(ends: list[float]) -> list[float]:
    """1, 2 and 5 of every decade between two positive ends; of many decades only 1."""
    low, high = np.floor(np.log10(ends)).astype(int)
    steps = (1, 2, 5) if high - low < 3 else (1,)
    return [float(m * 10.0**k) for k in range(low, high + 1) for m in steps]
