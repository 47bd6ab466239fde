"""Cut dependencies as Plotly figures: pulls before and after, gains on foreign images, the fine-tunings."""

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from explorer.answers.cutting.foreign import ALL, DRAWN
from explorer.figures.looks import broken, safe
from explorer.theme import Palette, template

LETTERS = 20  # of a line beside a plot, so that a phone has room for the plot, too
SIDES = {  # name in the legend, symbol
    "before": ("before", "circle-open"),
    "control": ("control", "diamond-open"),
    "after": ("after cutting", "circle"),
}


def pulls_plot(found: pd.DataFrame, colours: Palette) -> go.Figure:
    """The pull of every cut dependency (rows of `dependencies.each`) over lambda, in every network:
    CovLasso selects the source where it exceeds 1."""
    names = [
        f"{broken(row.target_name, LETTERS)}<br>← {broken(row.source_name, LETTERS)}"
        for row in found.itertuples()
    ]
    height = 130 + 38 * max(len(found), 1)
    figure = go.Figure(layout={"template": template(colours), "height": height})
    x, y = [], []
    for name, row in zip(names, found.itertuples(), strict=True):
        x += [row.pull_control, row.pull_after, None]
        y += [name, name, None]
    figure.add_scatter(
        x=x, y=y, mode="lines", hoverinfo="skip", showlegend=False,
        line={"color": colours.other, "width": 2},
    )  # fmt: skip
    for side, colour in zip(SIDES, (colours.faint, colours.negative, colours.accent), strict=True):
        name, symbol = SIDES[side]
        figure.add_scatter(
            x=found[f"pull_{side}"], y=names, mode="markers", name=name, cliponaxis=False,
            marker={"symbol": symbol, "color": colour, "size": 10, "line": {"width": 2}},
            hovertemplate=f"%{{y}}<br>{name}: %{{x:.2f}} λ<extra></extra>",
        )  # fmt: skip
    figure.add_vline(
        x=1, name="1: selected from here on", showlegend=True,
        line={"color": colours.ink, "width": 1, "dash": "dash"},
    )  # fmt: skip
    figure.update_xaxes(title="pull / λ", rangemode="tozero")
    figure.update_yaxes(
        autorange="reversed", showgrid=False, ticklabelstandoff=6, tickfont={"size": 11}
    )
    return figure


def gains_plot(found: pd.DataFrame, colours: Palette) -> go.Figure:
    """AUROC after cutting, less that of the control (rows of `foreign.figures`), with its interval, of the
    scores that need no control of their own; the mean over all sets stands first. Hollow: that of the
    network before, less the control's, as fine-tuning by itself may cost some."""
    shown = found[found["score"].isin(DRAWN)].dropna(subset="gain")
    sets = list(dict.fromkeys(shown["set"]))
    scores = [name for name in DRAWN if (shown["score"] == name).any()]
    height = 130 + max(len(sets), 1) * (14 + 18 * max(len(scores), 1))
    figure = go.Figure(layout={"template": template(colours), "height": height})
    # One below the other, within the row of a set.
    within = shown["score"].map({name: 0.18 * k for k, name in enumerate(DRAWN)})
    middle = 0.18 * (len(DRAWN) - 1) / 2
    shown = shown.assign(
        place=shown["set"].map({each: k for k, each in enumerate(sets)}) + within - middle,
        text=[f"{safe(row.set)}, {row.score}" for row in shown.itertuples()],
    )
    tones = (colours.accent, colours.positive, colours.negative, colours.communities[7])
    for score, tone, symbol in zip(DRAWN, tones, ("circle", "square", "diamond", "x"), strict=True):
        rows = shown[shown["score"] == score]
        if rows.empty:
            continue
        figure.add_scatter(
            x=rows["gain"], y=rows["place"], mode="markers", name=score, text=rows["text"],
            marker={"symbol": symbol, "color": tone, "size": 9},
            error_x={"type": "data", "symmetric": False, "array": rows["high"] - rows["gain"],
                     "arrayminus": rows["gain"] - rows["low"], "color": tone},
            customdata=rows[["low", "high"]],
            hovertemplate="%{text}: %{x:+.3f} (%{customdata[0]:+.3f} to %{customdata[1]:+.3f})"
            "<extra></extra>",
        )  # fmt: skip
    if len(shown):
        figure.add_scatter(
            x=shown["auroc_before"] - shown["auroc_control"], y=shown["place"], mode="markers",
            name="before", text=shown["text"],
            marker={"symbol": "circle-open", "color": colours.faint, "size": 9, "line": {"width": 2}},
            hovertemplate="%{text}, before: %{x:+.3f}<extra></extra>",
        )  # fmt: skip
    figure.add_vline(x=0, line={"color": colours.ink, "width": 1, "dash": "dash"})
    figure.update_xaxes(title="AUROC, less that of the control", tickformat="+.3~f", nticks=6)
    labels = [f"<b>{safe(e)}</b>" if e == ALL else broken(e, LETTERS) for e in sets]
    figure.update_yaxes(
        tickvals=list(range(len(sets))), ticktext=labels, showgrid=False,
        range=[len(sets) - 0.5, -0.5],
    )  # fmt: skip
    return figure


def training_plot(training: pd.DataFrame, colours: Palette) -> go.Figure:
    """Cross-entropy and penalty, epoch by epoch, a line for every seed."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.08)
    figure.update_layout(template=template(colours), height=460)
    for side, colour in (("control", colours.negative), ("after", colours.accent)):
        name = SIDES[side][0]
        seeds = training[training["side"] == side].groupby("seed")
        for k, (seed, rows) in enumerate(seeds):
            for panel, column in ((1, "cross_entropy"), (2, "penalty")):
                if rows[column].isna().all():
                    continue
                figure.add_scatter(
                    x=rows["epoch"], y=rows[column], mode="lines+markers", name=name, row=panel,
                    col=1, legendgroup=side, showlegend=k == 0 and panel == 1,
                    line={"color": colour, "width": 1.8, "dash": "dot" if side == "control" else "solid"},
                    marker={"size": 5},
                    hovertemplate=f"{name}, seed {seed}, epoch %{{x}}: %{{y:.4g}}<extra></extra>",
                )  # fmt: skip
    figure.update_xaxes(title="epoch", row=2, col=1)
    figure.update_yaxes(title="cross-entropy", row=1, col=1)
    figure.update_yaxes(title="penalty, no unit", exponentformat="power", row=2, col=1)
    return figure
