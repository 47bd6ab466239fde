"""Figures of foreign images: scores beside each other, their distributions, curves, and all networks."""

import re

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.answers.foreign.standing import CONTROL, OTHER, OWN
from explorer.figures import heatmap
from explorer.figures.looks import broken, faded, safe
from explorer.theme import Palette, template
from explorer.words.formatting import signed

BINS = 60
NAME = 15  # letters of a line of a network's name
FAR = 0.005  # of the images of either kind at either end may lie beyond the axis of a distribution
LETTERS = 28  # of a line of a title or name that a phone has room for
STILL = 0.03  # difference of AUROC at which a cell has its full colour
LOOKS = ("solid", "dash", "solid", "dot", "dashdot")


def score_plot(rows: pd.DataFrame, column: str, title: str, colours: Palette) -> go.Figure:
    """A figure of merit of every score with its interval, of `standing` rows, the best of each kind first:
    the dependency score, its controls, others."""
    order = {OWN: 0, CONTROL: 1, OTHER: 2}
    sign = 1 if column == "fpr95" else -1
    rows = rows.assign(by_kind=rows["kind"].map(order), by_value=sign * rows[column])
    rows = rows.sort_values(["by_kind", "by_value"], kind="stable")
    figure = go.Figure(layout={"template": template(colours), "height": 150 + 28 * len(rows)})
    own = rows.loc[rows["kind"] == OWN, column]
    if len(own):
        figure.add_vline(
            x=float(own.iat[0]), line={"color": colours.faint, "width": 1, "dash": "dot"}
        )
    for kind, name, colour, symbol in (
        (OWN, "dependency score", colours.accent, "circle"),
        (CONTROL, "its controls", colours.negative, "diamond"),
        (OTHER, "others", colours.other, "square"),
    ):
        part = rows[rows["kind"] == kind]
        value = part[column]
        figure.add_scatter(
            x=value, y=part["name"].map(safe), mode="markers", name=name,
            marker={"color": colour, "size": 10, "symbol": symbol},
            error_x={"type": "data", "symmetric": False, "array": part[f"{column}_high"] - value,
                     "arrayminus": value - part[f"{column}_low"], "color": colour},
            customdata=part[[f"{column}_low", f"{column}_high"]],
            hovertemplate="%{y}: %{x:.3f} (%{customdata[0]:.3f} to %{customdata[1]:.3f})<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title=broken(title, LETTERS))
    names = rows["name"].map(safe).tolist()
    figure.update_yaxes(categoryorder="array", categoryarray=names[::-1], showgrid=False)
    return figure


def distribution_plot(
    held_out: np.ndarray, foreign: np.ndarray, threshold: float, name: str, colours: Palette
) -> go.Figure:
    """Shares of the held-out (H,) and the foreign images (F,) over a score, and the threshold that most
    held-out images pass. What lies beyond the axis is counted at its ends."""
    ends = [
        float(end)
        for scores in (held_out, foreign)
        for end in (
            np.quantile(scores, FAR, method="higher"),
            np.quantile(scores, 1 - FAR, method="lower"),
        )
    ]
    low, high = min(ends), max(ends)
    high = high if high > low else low + 1.0
    edges = np.linspace(low, high, BINS + 1)
    figure = go.Figure(layout={"template": template(colours), "height": 380})
    for scores, kind, colour, dash in (
        (held_out, "held-out", colours.positive, "solid"),
        (foreign, "foreign", colours.negative, "dash"),
    ):
        shares = np.histogram(np.clip(scores, low, high), edges)[0] / len(scores)
        figure.add_scatter(
            x=np.repeat(edges, 2), y=np.r_[0.0, np.repeat(shares, 2), 0.0], mode="lines",
            name=f"{kind} ({len(scores)})", fill="tozeroy", fillcolor=faded(colour, 0.18),
            line={"color": colour, "width": 1.6, "dash": dash},
            hovertemplate=f"%{{x:.3g}}: %{{y:.1%}} of the {kind} images<extra></extra>",
        )  # fmt: skip
    figure.add_vline(
        x=threshold, name=f"95 % of the held-out pass: {threshold:.3g}", showlegend=True,
        line={"color": colours.ink, "width": 1.5, "dash": "dot"},
    )  # fmt: skip
    figure.update_xaxes(title=broken(f"{name} (large: like what the network knows)", LETTERS))
    figure.update_yaxes(title="share of the images", tickformat=".0%", rangemode="tozero")
    return figure


def roc_plot(lines: dict[str, tuple[np.ndarray, np.ndarray]], colours: Palette) -> go.Figure:
    """Share of the held-out images that pass against that of the foreign ones, for every threshold, by name
    of the score; the first one in the foreground."""
    figure = go.Figure(layout={"template": template(colours), "height": 440})
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"color": colours.line, "dash": "dot"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    tones = (
        colours.accent, colours.negative, colours.positive, colours.other, colours.communities[7]
    )  # fmt: skip
    for k, (name, (x, y)) in enumerate(lines.items()):
        figure.add_scatter(
            x=x.astype(np.float32), y=y.astype(np.float32), mode="lines", name=safe(name),
            line={"color": tones[k % len(tones)], "width": 2.8 if k == 0 else 1.6,
                  "dash": LOOKS[k % len(LOOKS)]},
            hovertemplate=f"{safe(name)}<br>foreign %{{x:.1%}}, held-out %{{y:.1%}}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="foreign images that pass", tickformat=".0%", range=[-0.01, 1.01])
    figure.update_yaxes(title="held-out that pass", tickformat=".0%", range=[-0.01, 1.03])
    return figure


def everywhere_plot(rows: pd.DataFrame, colours: Palette) -> go.Figure:
    """AUROC of the dependency score less that of its best control (`standing.everywhere`), of networks and
    sets; in brackets where it is no more than chance allows, a dash where a network has not looked."""
    wide = rows.pivot(index="model", columns="set", values="difference")
    chance = rows.assign(chance=(rows["low"] <= 0) & (rows["high"] >= 0))
    by_chance = chance.pivot(index="model", columns="set", values="chance").eq(True).to_numpy()
    values = wide.to_numpy(float)
    texts = [
        _cell(value, bool(within))
        for value, within in zip(values.ravel(), by_chance.ravel(), strict=True)
    ]
    known = np.abs(values[np.isfinite(values)])
    most = max(float(known.max(initial=0.0)), STILL)
    names = [_name(model) for model in wide.index]
    figure = go.Figure(layout={"template": template(colours), "height": 110 + 40 * len(wide)})
    heatmap.add_cells(
        figure, values, names, [safe(name) for name in wide.columns], scale=_two_sided(colours),
        ends=(-most, most), texts=np.array(texts, dtype=object).reshape(values.shape),
        absent=colours.faint, hover="%{y}, %{x}: %{z:+.3f}<extra></extra>",
    )  # fmt: skip
    angle = -35 if len(wide.columns) > 3 else 0
    figure.update_xaxes(tickangle=angle, showgrid=False, ticks="")
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="")
    return figure


def _cell(value: float, by_chance: bool) -> str:
    if np.isnan(value):
        return "–"
    text = signed(value, 3).replace("0.", ".", 1)
    return f"({text})" if by_chance else text


def _name(model: str) -> str:
    """A model's name without the tag of its weights, on lines that leave a phone room for the cells."""
    lines = [""]
    for part in re.split(r"(?=[_+])", model.replace(".in1k", "")):
        if len(lines[-1]) + len(part) > NAME or part.startswith("+"):
            lines.append(part)
        else:
            lines[-1] += part
    return "<br>".join(safe(line) for line in lines if line)


def _two_sided(colours: Palette) -> heatmap.Scale:
    return [
        [0.0, colours.negative],
        [0.5, colours.ground],
        [1.0, colours.positive],
    ]
