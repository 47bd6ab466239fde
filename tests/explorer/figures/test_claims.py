"""The plot of a claim's verdicts shows intervals as wide as they can be, and nothing covers its words."""

from dataclasses import replace

import pandas as pd
import pytest

from explorer.answers import claims
from explorer.answers.claims import ClaimRows
from explorer.figures.claims import verdict_plot
from explorer.theme import LIGHT

WITHIN = claims.BY_ID["within"]


def rows(**changed) -> pd.DataFrame:
    """Two networks, one below both thresholds and one above them."""
    row = {
        "claim": "within", "model": ["low", "high"], "source": None, "subject": ["low", "high"],
        "verdict": ["does not hold", "holds"], "value": [0.1, 0.6], "low": [0.05, 0.55],
        "high": [0.15, 0.65], "low_alone": [0.08, 0.58], "high_alone": [0.12, 0.62],
        "full": 0.5, "some": 0.25, "yardsticks": [{}, {"dense map": 0.7}],
    }  # fmt: skip
    return pd.DataFrame({**row, **changed})


def plot(told: pd.DataFrame):
    return verdict_plot(ClaimRows(WITHIN, told), LIGHT)


@pytest.mark.parametrize(
    ("changed", "ends"),
    [
        ({}, (0.05, 0.7)),  # the lowest interval, the highest yardstick
        ({"some": -0.2}, (-0.2, 0.7)),  # a threshold
        ({"some": [-0.2, -0.3]}, (0.05, 0.7)),  # one that is not drawn
        ({"low": [float("nan"), 0.55], "low_alone": [float("nan"), 0.58]}, (0.1, 0.7)),
    ],
)
def test_the_axis_follows_what_is_drawn_with_a_little_room(changed, ends):
    low, high = plot(rows(**changed)).layout.xaxis.range
    room = 0.05 * (ends[1] - ends[0])
    assert ends[0] - room <= low < ends[0] and ends[1] < high <= ends[1] + room


def test_thresholds_are_told_in_the_legend_and_apart():
    figure = plot(rows())
    assert not figure.layout.annotations, "words among the marks"
    told = {line.x0: (line.name, line.showlegend) for line in figure.layout.shapes}
    assert told == {
        0.5: ("threshold of “holds”: 0.50", True), 0.25: ("threshold of “does not hold”: 0.25", True),
    }  # fmt: skip
    assert len({line.line.dash for line in figure.layout.shapes}) == 2


def test_names_of_pairs_and_long_titles_leave_a_phone_room_for_the_plot():
    claim = replace(WITHIN, statistic="a figure that needs a great many words to be told")
    pairs = rows(subject=["one ← other", "other ← one"])
    figure = verdict_plot(ClaimRows(claim, pairs), LIGHT)
    assert list(figure.layout.yaxis.categoryarray) == ["one<br>← other", "other<br>← one"]
    assert all(len(line) <= 22 for line in figure.layout.xaxis.title.text.split("<br>"))


def test_a_cut_network_takes_two_lines_so_that_a_phone_has_room():
    names = ["low+cut-1", "high+cut-2"]
    figure = verdict_plot(ClaimRows(WITHIN, rows(source=names, subject=names)), LIGHT, "low")
    assert list(figure.layout.yaxis.categoryarray) == ["<b>low<br>+cut-1</b>", "high<br>+cut-2"]
