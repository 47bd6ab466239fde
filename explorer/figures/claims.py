"""Plotly figures of verdicts; the page and the report show the same ones."""

import pandas as pd
import plotly.graph_objects as go

from explorer.answers.claims import FAILS, HOLDS, PARTLY, UNTESTABLE, Claim, ClaimRows, written
from explorer.figures.looks import safe
from explorer.theme import Palette, template

SYMBOLS = {HOLDS: "circle", PARTLY: "diamond", FAILS: "x", UNTESTABLE: "circle-open"}


def verdict_plot(found: ClaimRows, colours: Palette, chosen: str | None = None) -> go.Figure:
    """The figure that decides for every subject, with its interval alone (thick) and widened for all tests
    (thin), what it is compared with, and both thresholds where they are the same for all. `chosen` is the
    network whose names are in bold."""
    told = found.told[::-1]
    figure = go.Figure(
        layout={"template": template(colours), "height": 150 + 26 * max(len(told), 1)}
    )
    names = [_name(row, chosen) for row in told.itertuples()]
    _thresholds(figure, told, found.claim, colours)
    _intervals(figure, told, names, colours)
    _yardsticks(figure, told, names, found.claim, colours)
    for verdict, colour in zip(
        SYMBOLS, (colours.accent, colours.positive, colours.negative, colours.faint), strict=True
    ):
        mine = (told["verdict"] == verdict).to_numpy()
        figure.add_scatter(
            x=told["value"][mine], y=[name for name, here in zip(names, mine, strict=True) if here],
            mode="markers", name=verdict,
            marker={"symbol": SYMBOLS[verdict], "color": colour, "size": 11},
            text=[_hover(row, found.claim) for row in told[mine].itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
    title = found.claim.statistic
    figure.update_xaxes(
        title=f"{title[:1].upper()}{title[1:]}",
        tickformat=".1~%" if found.claim.form == "share" else None,
    )
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names,
        showgrid=False,
        automargin=True,
        ticklabelstandoff=6,
    )
    figure.update_layout(legend={"orientation": "h", "y": -70 / (26 * max(len(told), 1) + 40),
                                 "yanchor": "top"})  # fmt: skip
    return figure


def _name(row, chosen: str | None) -> str:
    text = safe(row.subject)
    return f"<b>{text}</b>" if chosen is not None and row.model == chosen else text


def _hover(row, claim: Claim) -> str:
    value, low, high = (written(x, claim.form) for x in (row.value, row.low, row.high))
    beside = "".join(
        f"<br>{safe(name)}: {written(x, claim.form)}" for name, x in row.yardsticks.items()
    )
    return f"{safe(row.subject)}<br>{row.verdict}: {value} ({low} to {high}){beside}"


def _thresholds(figure: go.Figure, rows: pd.DataFrame, claim: Claim, colours: Palette) -> None:
    """Dotted lines; a threshold that differs from row to row stands in no line."""
    lines = ((rows["full"], "holds from here"), (rows["some"], "does not hold before here"))
    for (values, words), side in zip(lines, ("right", "left"), strict=True):
        ends = values.dropna().unique()
        if len(ends) == 1:
            figure.add_vline(
                x=float(ends[0]), line={"color": colours.faint, "width": 1, "dash": "dot"},
                annotation={"text": f"{words}: {written(float(ends[0]), claim.form)}",
                            "font": {"color": colours.faint, "size": 11}},
                annotation_position=f"top {side}",
            )  # fmt: skip


def _intervals(figure: go.Figure, rows: pd.DataFrame, names: list[str], colours: Palette) -> None:
    for low, high, width, name in (
        ("low", "high", 1.5, "interval, widened for all tests"),
        ("low_alone", "high_alone", 5, "95 % interval alone"),
    ):
        x, y = [], []
        for subject, first, last in zip(names, rows[low], rows[high], strict=True):
            x += [first, last, None]
            y += [subject, subject, None]
        figure.add_scatter(
            x=x, y=y, mode="lines", name=name, hoverinfo="skip",
            line={"color": colours.other, "width": width},
        )  # fmt: skip


def _yardsticks(
    figure: go.Figure, rows: pd.DataFrame, names: list[str], claim: Claim, colours: Palette
) -> None:
    """Short strokes: what the figure is compared with; pointing at one names it."""
    beside = [
        (value, subject, f"{safe(name)}: {written(value, claim.form)}")
        for subject, found in zip(names, rows["yardsticks"], strict=True)
        for name, value in found.items()
    ]
    if beside:
        x, y, texts = zip(*beside, strict=True)
        figure.add_scatter(
            x=x, y=y, mode="markers", name="compared with (point at it)", text=texts,
            marker={"symbol": "line-ns-open", "size": 12, "color": colours.faint, "line": {"width": 1.5}},
            hovertemplate="%{text}<extra></extra>",
        )  # fmt: skip
