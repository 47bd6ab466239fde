"""Heat maps can be read on every cell in light and dark, nothing looks like something, and what a
histogram piles up is said on its axis."""

import numpy as np
import pandas as pd
import pytest

from explorer.figures import heatmap
from explorer.figures import links as link_figures
from explorer.theme import DARK, LIGHT, Palette

PLACES = np.linspace(0, 1, 200)
THEMES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one: tuple, other: tuple) -> float:
    """WCAG 2 contrast ratio of two colours (red, green, blue from 0 to 255)."""

    def luminance(colour: tuple) -> float:
        parts = [c / 255 for c in colour]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def scales(colours: Palette) -> list[heatmap.Scale]:
    """Those of both heat maps, as they are drawn."""
    pairs = pd.DataFrame({"target_model": ["a"], "source_model": ["b"], "r2": [0.6]})
    figures = (
        link_figures.pair_heatmap(pairs, "r2", colours),
        link_figures.coefficient_heatmap(pd.DataFrame({"a": [0.5]}), ["x"], colours),
    )
    return [[list(stop) for stop in figure.data[0].colorscale] for figure in figures]


def colour_of(text: str) -> tuple:
    return tuple(int(text[k : k + 2], 16) for k in (1, 3, 5))


@THEMES
def test_numbers_are_legible_on_every_colour_of_a_cell(colours):
    for scale in scales(colours):
        inks = heatmap.ink_on(PLACES, scale)
        at, colours_of = zip(*scale, strict=True)
        channels = np.array([colour_of(colour) for colour in colours_of]).T
        cells = zip(*(np.interp(PLACES, at, channel) for channel in channels), strict=True)
        for ink, cell in zip(inks, cells, strict=True):
            assert contrast(colour_of(ink), cell) >= 4.5


def texts(figure, colour: str | None = None) -> dict[tuple[str, str], str]:
    """What is written on the cells, by row and column."""
    return {
        (row, column): text
        for trace in figure.data[1:]
        if colour is None or trace.textfont.color == colour
        for row, line in zip(trace.y, trace.text, strict=True)
        for column, text in zip(trace.x, line, strict=True)
        if text
    }


@THEMES
def test_a_source_that_takes_no_part_is_told_from_a_small_one(colours):
    wide = pd.DataFrame({"a": [0.5, 0.001], "b": [np.nan, -0.001]})
    figure = link_figures.coefficient_heatmap(wide, ["x", "y"], colours)
    assert texts(figure) == {
        ("x", "a"): "0.50", ("x", "b"): "·", ("y", "a"): "+0", ("y", "b"): "−0",
    }  # fmt: skip
    assert texts(figure, colours.faint) == {("x", "b"): "·"}
    # The smallest coefficient has a colour of its own; only an empty cell shows the ground.
    shades = [colour_of(colour) for _, colour in figure.data[0].colorscale]
    assert min(contrast(shade, colour_of(colours.ground)) for shade in shades) > 1.2


@THEMES
def test_every_pair_has_its_number(colours):
    pairs = pd.DataFrame(
        {"target_model": ["a", "b"], "source_model": ["b", "a"], "r2": [0.62, 0.02]}
    )
    figure = link_figures.pair_heatmap(pairs, "r2", colours)
    assert texts(figure) == {("a", "b"): "0.62", ("b", "a"): "0.02"}


def test_numbers_shrink_only_where_there_are_many_networks():
    for n, size in ((7, 10), (12, None)):
        wide = pd.DataFrame([[0.1] * n], columns=[f"m{k}" for k in range(n)])
        figure = link_figures.coefficient_heatmap(wide, ["x"], LIGHT)
        assert figure.data[1].textfont.size == size


def test_the_axis_says_that_all_low_categories_stand_at_its_end():
    rows = pd.DataFrame({"r2": [-7.0, -0.51, 0.2, 1.0], "control_r2": [-0.2, -0.1, -3.0, np.nan]})
    figure = link_figures.r2_histogram(rows, False, LIGHT)
    axis = figure.layout.xaxis
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True))[-0.5] == "≤ −0.5"
    control, link = figure.data
    assert link.y[0] == 2 and sum(link.y) == 4 and sum(control.y) == 3
    assert link.text[0].startswith("below")


def shared_counts(*chance: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"n_models": [1, 2, 3], "positive": [50, 20, 9], "negative": [40, 5, 1], "conflict": [0, 2, 3],
         "chance": chance}
    )  # fmt: skip


def test_chance_stands_beside_what_networks_share_and_not_on_top_of_it():
    figure = link_figures.shared_bars(shared_counts(300, 18, 0), LIGHT)
    *seen, shuffled = figure.data
    assert [bar.name for bar in seen] == [
        "positive in all of them", "negative in all of them", "signs differ"
    ]  # fmt: skip
    assert shuffled.name == "shuffled targets" and list(shuffled.y) == [18, 0]
    assert shuffled.base == 0 and all(bar.base is None for bar in seen)
    # The same width, side by side about each number of networks; one network shares nothing.
    assert all(list(bar.x) == [2, 3] for bar in figure.data)
    assert all(bar.offset + bar.width <= shuffled.offset for bar in seen)
    assert len({bar.marker.color for bar in figure.data}) == 4


def test_without_chance_no_bar_claims_to_be_it():
    figure = link_figures.shared_bars(shared_counts(np.nan, np.nan, np.nan), LIGHT)
    assert [bar.name for bar in figure.data][-1] == "signs differ" and len(figure.data) == 3
