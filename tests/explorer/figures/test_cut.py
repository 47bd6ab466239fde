"""Figures of cut networks: the line at 1, a mark for every network, and nothing where nothing is known."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from explorer import theme
from explorer.answers.cutting import dependencies, foreign
from explorer.figures.cut import gains_plot, pulls_plot, training_plot
from tests.explorer.answers.cutting.test_cutting import NAMES, cut


def by_name(figure: go.Figure) -> dict[str, go.Scatter]:
    return {
        trace.name: trace for trace in figure.data if trace.showlegend is not False and trace.name
    }


def test_every_dependency_has_a_mark_for_each_network_and_the_line_at_one():
    names = NAMES.mask(NAMES == "thing 8", "a <b> & c")
    figure = pulls_plot(dependencies.each(cut().pairs, names), theme.LIGHT)
    marks = by_name(figure)
    assert {"before", "control", "after cutting"} <= set(marks)
    assert list(marks["before"].x) == [2.0] * 3 and max(marks["after cutting"].x) < 1
    (line,) = figure.layout.shapes
    assert line.x0 == line.x1 == 1
    assert any("a &lt;b&gt; &amp; c" in name for name in marks["before"].y)


def test_gains_stand_beside_nothing_gained_one_set_below_the_other():
    figure = gains_plot(foreign.figures(cut(gain=-0.01)), theme.DARK)
    marks = by_name(figure)
    before = marks.pop("before")
    assert list(before.x) == pytest.approx([-0.001] * 12) and before.marker.symbol == "circle-open"
    assert set(marks) == {"max softmax", "max logit", "energy", "dependency score"}
    assert list(marks["max softmax"].x) == [-0.01] * 3
    assert list(figure.layout.yaxis.ticktext) == ["<b>all sets</b>", "textures", "noise"]
    (line,) = figure.layout.shapes
    assert line.x0 == 0
    rows = {trace: list(marks[trace].y) for trace in marks}
    assert len({round(ys[0], 3) for ys in rows.values()}) == 4, "scores do not cover each other"


def test_the_fine_tunings_are_a_line_for_every_seed():
    training = cut(n_seeds=2, epochs=5).training
    figure = training_plot(training, theme.LIGHT)
    assert len(figure.data) == 4 + 2, "the control has no penalty"
    assert set(by_name(figure)) == {"control", "after cutting"}
    assert all(len(trace.x) == 5 for trace in figure.data)


def test_empty_tables_make_empty_figures():
    empty = pd.DataFrame(columns=foreign.figures(cut()).columns)
    assert not gains_plot(empty, theme.LIGHT).data
    assert not training_plot(cut().training.head(0), theme.LIGHT).data
