"""Plotly figures of verdicts; the page and the report show the same ones."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from explorer.answers.claims import FAILS, HOLDS, PARTLY, UNTESTABLE, Claim, ClaimRows, written
from explorer.figures.looks import broken, safe
from explorer.theme import Palette, template

LETTERS = 22  # of a line of the axis's title: on a phone it has but the room beside the names
MARGIN = 0.04  # of the axis, beyond all that is drawn
SYMBOLS = {HOLDS: "circle", PARTLY: "diamond", FAILS: "x", UNTESTABLE: "circle-open"}


def verdict_plot(found: ClaimRows, colours: Palette, chosen: str | None = None) -> go.Figure:
    """The figure that decides for every subject, with its interval alone (thick) and widened for all tests
    (thin), what it is compared with, and both thresholds where they are the same for all. `chosen` is the
    network whose names are in bold."""
    told = found.told[::-1]
    names = [_name(row, chosen) for row in told.itertuples()]
    statistic = found.claim.statistic
    title = broken(f"{statistic[:1].upper()}{statistic[1:]}", LETTERS)
    tall = 42 if any("<br>" in name for name in names) else 26
    height = 210 + 17 * title.count("<br>") + tall * max(len(told), 1)
    figure = go.Figure(layout={"template": template(colours), "height": height})
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
    figure.update_xaxes(
        title=title,
        range=_range(told),
        tickformat=".1~%" if found.claim.form == "share" else None,
    )
    figure.update_yaxes(
        categoryorder="array",
        categoryarray=names,
        showgrid=False,
        ticklabelstandoff=6,
    )
    return figure


def _name(row, chosen: str | None) -> str:
    """On two lines where it is a pair, or was cut: on a phone one would leave no room for the plot."""
    text = safe(row.subject).replace(" ← ", "<br>← ")
    if row.subject == row.source:
        made_of = safe(row.model)
        text = text.replace(made_of, f"{made_of}<br>", 1)
    return f"<b>{text}</b>" if chosen is not None and row.model == chosen else text


def _range(rows: pd.DataFrame) -> list[float] | None:
    """From the least to the greatest of all that is drawn; None where nothing is."""
    drawn = rows[["value", "low", "high", "low_alone", "high_alone"]].to_numpy(float).ravel()
    lines = [line for column in ("full", "some") for line in _common(rows[column])]
    beside = [value for found in rows["yardsticks"] for value in found.values()]
    ends = np.concatenate([drawn, lines, beside])
    ends = ends[np.isfinite(ends)]
    if not len(ends):
        return None
    room = MARGIN * (np.ptp(ends) or 1.0)
    return [float(ends.min() - room), float(ends.max() + room)]


def _common(values: pd.Series) -> list[float]:
    """A threshold, where it is the same for every row."""
    found = values.dropna().unique()
    return [float(found[0])] if len(found) == 1 else []


def _hover(row, claim: Claim) -> str:
    value, low, high = (written(x, claim.form) for x in (row.value, row.low, row.high))
    beside = "".join(
        f"<br>{safe(name)}: {written(x, claim.form)}" for name, x in row.yardsticks.items()
    )
    return f"{safe(row.subject)}<br>{row.verdict}: {value} ({low} to {high}){beside}"


def _thresholds(figure: go.Figure, rows: pd.DataFrame, claim: Claim, colours: Palette) -> None:
    """Lines, told in the legend, where nothing can cover their words; a threshold that differs from row to
    row stands in no line."""
    for values, words, dash in (
        (rows["full"], "threshold of “holds”", "dash"),
        (rows["some"], "threshold of “does not hold”", "dot"),
    ):
        for end in _common(values):
            figure.add_vline(
                x=end, name=f"{words}: {written(end, claim.form)}", showlegend=True,
                line={"color": colours.faint, "width": 1, "dash": dash},
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
