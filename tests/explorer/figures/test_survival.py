"""The survival figure draws the curve's own numbers: six lines, each with its band, in both panels."""

import numpy as np
import pytest

from explorer.answers.verdicts import survival
from explorer.figures.survival import survival_plot
from explorer.theme import DARK, LIGHT
from precompute.atlas import schema


@pytest.fixture(scope="module")
def table(atlas):
    return atlas.read(schema.SURVIVAL, atlas.models()[0])


@pytest.fixture(scope="module")
def points(table):
    return survival.curve(table, refit=True)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_each_line_has_its_points_and_its_band_in_both_panels(points, colours):
    figure = survival_plot(points, colours)
    lines = [trace for trace in figure.data if trace.mode == "lines+markers"]
    bands = [trace for trace in figure.data if trace.fill == "toself"]
    assert len(lines) == len(bands) == 12
    named = [trace.name for trace in lines if trace.showlegend]
    assert named[:2] == ["as they are", "as they are, with a constant"] and len(set(named)) == 6
    plain = points[(points["weighting"] == 0) & ~points["constant"]]
    np.testing.assert_array_equal(lines[0].y, plain["recall_kept"])
    np.testing.assert_array_equal(lines[1].y, plain["fp_per_1000"])
    ends = np.r_[plain["high"], plain["low"].iloc[::-1]]
    np.testing.assert_array_equal(bands[0].y, ends)
    solid = {t.line.color for t in lines if t.line.dash == "solid"}
    assert len(solid) == 3, "a colour for each weighting"


def test_the_dense_map_stands_beyond_the_longest_equation(points):
    figure = survival_plot(points, LIGHT)
    line = figure.data[1]
    assert line.x[-1] > points["n_parents"].max()
    assert figure.layout.xaxis.ticktext[-1] == "all"
    assert figure.layout.xaxis.tickvals[-1] == line.x[-1]


def test_a_category_of_its_own_and_the_slider_are_marked(points, table):
    own = survival.own(table, int(table["category"].iat[0]), refit=True)
    figure = survival_plot(points, LIGHT, own, "a <b>name</b>", 8)
    (mine,) = [trace for trace in figure.data if "name" in (trace.name or "")]
    assert "&lt;b&gt;" in mine.name
    assert len(mine.y) == (own["weighting"] == 0).sum()
    assert len(figure.layout.shapes) == len(survival_plot(points, LIGHT).layout.shapes) + 2
