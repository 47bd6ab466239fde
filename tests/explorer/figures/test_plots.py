"""Figures hold what they are given; colours can be read and told apart."""

import itertools

import numpy as np
import pandas as pd
import pytest

from explorer import theme
from explorer.answers.evidence import heldout
from explorer.answers.yardsticks.baselines import BASELINES
from explorer.figures import evidence as evidence_figures
from explorer.figures import networks as network_figures
from explorer.figures import plain_map


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def lab(colour: str) -> np.ndarray:
    """CIE L*a*b* (D65) of an sRGB colour."""
    channels = np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.cbrt(np.array(to_xyz) @ linear / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_text_and_marks_have_enough_contrast(colours):
    for text in (colours.ink, colours.faint, colours.positive, colours.negative, colours.warning):
        assert contrast(text, colours.ground) >= 4.5
    for mark in (*colours.communities, colours.other, colours.accent):
        assert contrast(mark, colours.ground) >= 2.9, mark


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK])
def test_every_community_of_the_palette_has_a_colour_of_its_own(colours):
    known = colours.communities
    assert [theme.community_colour(colours, k) for k in range(len(known))] == list(known)
    assert theme.community_colour(colours, len(known)) == colours.other
    # CIE 1976 colour difference; 2.3 can just be noticed side by side.
    for one, other in itertools.combinations([*known, colours.muted], 2):
        assert np.linalg.norm(lab(one) - lab(other)) > 12, (one, other)


def test_path_plot_names_the_loudest_and_marks_lambda(network):
    path = network.paths[0]
    names = network.categories["name"].to_numpy()
    figure = evidence_figures.path_plot(path, names, 3.5, False, theme.LIGHT)
    named = [trace for trace in figure.data if trace.name]
    assert len(named) == min(evidence_figures.NAMED_LINES, len(path.sources))
    assert figure.layout.shapes[0].x0 == path.lam_at(3.5)
    first = named[0]
    column = names[path.sources].tolist().index(first.name)
    assert first.y[-1] == pytest.approx(path.coefficient[-1, column])


def test_truth_plot_sets_the_categorys_images_apart(holdout):
    target = 9
    truth = holdout.logits[:, target].astype(float)
    shows = holdout.truth == target
    figure = evidence_figures.truth_plot(
        truth, truth + 1, shows, holdout.image_ids, 1.0, "nine", theme.LIGHT
    )
    others, own = figure.data[-2:]
    assert len(own.x) == shows.sum() and len(others.x) == (~shows).sum()
    assert str(int(shows.sum())) in own.name


def test_epsilon_plot_marks_half_and_one_deviation():
    residual = np.random.default_rng(0).normal(size=400)
    figure = evidence_figures.epsilon_plot(residual, 2 * residual, 1.0, theme.LIGHT)
    marks = figure.data[-1]
    np.testing.assert_allclose(marks.y, heldout.outside(residual, 1.0, np.array([0.5, 1.0])))


def test_the_plain_map_greys_out_and_hides_nothing(network):
    n = len(network.categories)
    lit = np.arange(n) < 10
    figure = plain_map.map_plot(
        network.categories, network.edges.head(20), lit, 3, network.community_names, theme.DARK
    )
    dots = [trace for trace in figure.data if trace.mode == "markers"]
    assert sum(len(trace.x) for trace in dots) == n
    assert len(dots[0].x) == n - 10 and dots[0].marker.color == theme.DARK.muted
    clicked = np.concatenate([np.asarray(trace.customdata) for trace in dots])
    assert sorted(clicked.tolist()) == list(range(n))


def test_the_plain_map_draws_less_stable_edges_paler_and_says_so(network):
    def lines(stability) -> list:
        edges = network.edges.head(30).assign(stability=stability)
        figure = plain_map.map_plot(
            network.categories, edges, np.ones(len(network.categories), bool), None,
            network.community_names, theme.LIGHT,
        )  # fmt: skip
        return [trace for trace in figure.data if trace.mode == "lines"]

    (as_before,) = lines(np.nan)
    assert as_before.opacity == 1 and not as_before.showlegend
    drawn = lines(np.resize([0, 0.5, 1], 30))
    assert [len(trace.x) for trace in drawn] == 3 * [3 * 10]
    assert sorted(trace.opacity for trace in drawn) == [0.2, 0.7, 1]  # of 0.85, as in small graphs
    (named,) = [trace for trace in drawn if trace.showlegend]
    assert "paler" in named.name and named.opacity == 1


@pytest.mark.parametrize("beside", [BASELINES, (network_figures.REFIT, *BASELINES)])
def test_comparison_draws_a_line_and_its_baselines_for_every_model(beside):
    """The lasso's curve has its refit one beside it, which is to be compared with the baselines."""
    names, titles = zip(*beside, strict=True)
    table = pd.DataFrame({
        "model": ["a", "a", "b"], "n_parents": [1, 2, 1], "error": [0.5, 0.4, 0.6],
        **{name: k for k, name in enumerate(names)},
    })  # fmt: skip
    figure = network_figures.comparison_plot(table, "error", "error", theme.LIGHT)
    assert list(figure.data[0].y) == [0.5, 0.4]
    drawn = [line for line in figure.data if line.x[0] is not None]
    assert len(drawn) == 2 * (1 + len(names))
    entries = {line.name: line.line.dash for line in figure.data if line.x[0] is None}
    assert tuple(entries) == titles, "the legend says what thin lines are"
    for k, title in enumerate(titles):  # ... by the dashes that they are drawn with
        assert list(drawn[1 + k].y) == [k, k] and drawn[1 + k].line.dash == entries[title]
    assert len(set(entries.values())) == len(titles)
    groups = {line.name: line.legendgroup for line in figure.data if line.x[0] is None}
    for k, title in enumerate(titles):  # ... and a click there hides just those
        assert {line.legendgroup for line in (drawn[1 + k], drawn[2 + len(names) + k])} == {
            groups[title]
        }
