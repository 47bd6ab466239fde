"""Figures on foreign images: what is drawn is what the numbers say, and every mark has its words."""

import numpy as np
import pandas as pd
import pytest

from explorer.answers.foreign.standing import KINDS
from explorer.figures import foreign as figures
from explorer.theme import DARK, LIGHT
from precompute.ood.scores import DEPENDENCY, ENERGY, LOGIT, NAMES, RANDOM


def rows() -> pd.DataFrame:
    scores = [DEPENDENCY, RANDOM, LOGIT, ENERGY]
    found = pd.DataFrame({"score": scores, "name": [NAMES[s] for s in scores],
                          "kind": [KINDS[s] for s in scores]})  # fmt: skip
    for column, values in (("auroc", [0.9, 0.8, 0.7, 0.95]), ("fpr95", [0.2, 0.3, 0.5, 0.1])):
        value = np.array(values)
        found = found.assign(**{column: value, f"{column}_low": value - 0.01,
                                f"{column}_high": value + 0.02})  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("column", "order"),
    [("auroc", [DEPENDENCY, RANDOM, ENERGY, LOGIT]), ("fpr95", [DEPENDENCY, RANDOM, ENERGY, LOGIT])],
)  # fmt: skip
def test_scores_stand_by_kind_the_best_first_with_their_intervals(column, order):
    figure = figures.score_plot(rows(), column, "title", LIGHT)
    assert list(figure.layout.yaxis.categoryarray)[::-1] == [NAMES[score] for score in order]
    assert [trace.name for trace in figure.data] == ["dependency score", "its controls", "others"]
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    for trace in figure.data:
        np.testing.assert_allclose(trace.error_x.array, 0.02)
        np.testing.assert_allclose(trace.error_x.arrayminus, 0.01)


def test_shares_of_either_kind_add_up_to_one():
    rng = np.random.default_rng(0)
    held_out, foreign = rng.normal(3, 1, 500), np.r_[rng.normal(0, 1, 80), 1e6]
    figure = figures.distribution_plot(held_out, foreign, 1.4, "a<b", LIGHT)
    inside, outside = figure.data
    for trace in (inside, outside):
        assert np.sum(trace.y[1:-1:2]) == pytest.approx(1)
    assert max(inside.x) < 1e5  # one image far away does not hide all others
    assert "a&lt;b" in figure.layout.xaxis.title.text
    assert inside.line.dash != outside.line.dash


def test_scores_that_are_all_the_same_are_drawn():
    figure = figures.distribution_plot(np.ones(5), np.ones(2), 1.0, "s", DARK)
    assert all(np.isfinite(trace.x).all() for trace in figure.data)


def test_every_curve_has_its_own_look():
    line = (np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.9, 1.0]))
    figure = figures.roc_plot({name: line for name in "abcde"}, LIGHT)
    looks = [(t.line.color, t.line.dash) for t in figure.data[1:]]
    assert [t.name for t in figure.data[1:]] == list("abcde") and len(set(looks)) == 5
    assert len({colour for colour, _ in looks}) == 5


def test_the_heat_map_brackets_chance_and_dashes_what_nobody_saw():
    table = pd.DataFrame({
        "model": ["net.in1k", "net.in1k", "net.in1k+cut-1"], "set": ["a", "b", "a"],
        "difference": [0.05, -0.002, -0.04], "low": [0.02, -0.01, np.nan], "high": [0.08, 0.01, np.nan],
    })  # fmt: skip
    figure = figures.everywhere_plot(table, LIGHT)
    heat, *texts = figure.data
    assert list(heat.y) == ["net", "net<br>+cut-1"] and list(heat.x) == ["a", "b"]
    written = {str(text) for trace in texts for text in np.ravel(trace.text)} - {""}
    assert written == {"+.050", "(−.002)", "−.040", "–"}


@pytest.mark.parametrize(
    ("model", "lines"),
    [
        ("tinydarknet", ["tinydarknet"]),
        ("mobilenet_v1_0.25_128", ["mobilenet_v1", "_0.25_128"]),
        ("tf_efficientnet_lite0.in1k+positives-0.1", ["tf_efficientnet", "_lite0", "+positives-0.1"]),
        ("a<b", ["a&lt;b"]),
    ],
)  # fmt: skip
def test_a_long_name_stands_on_lines_that_a_phone_has_room_for(model, lines):
    table = pd.DataFrame(
        {"model": [model], "set": ["a"], "difference": [0.1], "low": [0.0], "high": [0.2]}
    )
    assert figures.everywhere_plot(table, LIGHT).data[0].y[0] == "<br>".join(lines)
