"""Plotly figures of one picture's logits; nothing here knows Streamlit or the atlas."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.figures.looks import safe
from explorer.theme import Palette, template

MARKS = {  # kind of answer: symbol
    "network": "circle",
    "equation": "diamond",
    "link": "triangle-up",
}


def answers_plot(answers: pd.DataFrame, colours: Palette) -> go.Figure:
    """One row per network: its own logit of a category, and what equations say about it.

    `answers` has model, kind (a key of MARKS), answer (in words), logit, and sd, the logit's standard
    deviation on held-out images; the bar is one sd around the network's own logit.
    """
    models = answers["model"].drop_duplicates().tolist()
    figure = go.Figure(layout={"template": template(colours), "height": 190 + 44 * len(models)})
    own = answers[answers["kind"] == "network"]
    for row in own.itertuples():
        figure.add_scatter(
            x=[row.logit - row.sd, row.logit + row.sd], y=[safe(row.model)] * 2, mode="lines",
            line={"color": colours.muted, "width": 16}, hoverinfo="skip", showlegend=False,
        )  # fmt: skip
    look = {
        "network": (colours.ink, "its own logit"),
        "equation": (colours.accent, "by its own equation"),
        "link": (colours.negative, "by another network"),
    }
    for kind, symbol in MARKS.items():
        rows = answers[answers["kind"] == kind]
        if rows.empty:
            continue
        colour, name = look[kind]
        figure.add_scatter(
            x=rows["logit"], y=[safe(model) for model in rows["model"]], mode="markers", name=name,
            text=[safe(text) for text in rows["answer"]],
            marker={"color": colour, "symbol": symbol, "size": 13,
                    "line": {"color": colours.ground, "width": 1.5}},
            hovertemplate="%{text}: %{x:.2f}<extra></extra>",
        )  # fmt: skip
    ends = [
        *(own["logit"] - own["sd"]), *(own["logit"] + own["sd"]), *answers["logit"]
    ]  # fmt: skip
    room = 0.05 * (max(ends) - min(ends))
    figure.update_xaxes(
        title="logit (the bar:<br>one standard deviation)",
        range=[min(ends) - room, max(ends) + room],
    )
    figure.update_yaxes(range=[len(models) - 0.4, -0.6], showgrid=False)
    return figure


def every_category_plot(
    true_logits: np.ndarray, guess: np.ndarray, names: np.ndarray, focus: int, colours: Palette
) -> go.Figure:
    """Every category's logit of one picture against what its equation says."""
    known = np.flatnonzero(np.isfinite(guess))
    low = float(min(true_logits[known].min(), guess[known].min()))
    high = float(max(true_logits[known].max(), guess[known].max()))
    figure = go.Figure(layout={"template": template(colours), "height": 380})
    figure.add_scatter(
        x=[low, high], y=[low, high], mode="lines", line={"color": colours.faint, "dash": "dot"},
        hoverinfo="skip", showlegend=False,
    )  # fmt: skip
    rest = known[known != focus]
    for rows, name, colour, size in (
        (rest, "other categories", colours.faint, 5),
        (known[known == focus], str(names[focus]), colours.negative, 12),
    ):
        figure.add_scatter(
            x=guess[rows].astype(np.float32), y=true_logits[rows].astype(np.float32), mode="markers",
            text=[safe(str(names[row])) for row in rows], name=safe(name),
            marker={"color": colour, "size": size, "opacity": 0.55 if size == 5 else 1},
            hovertemplate="%{text}<br>equation %{x:.2f}, network %{y:.2f}<extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="logit by the equation")
    figure.update_yaxes(title="logit of the network")
    return figure
