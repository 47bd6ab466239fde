"""A cloud of very many points: nothing is lost, and few dots are sent."""

import numpy as np
import pandas as pd
import pytest

from explorer.figures.redundancy import cloud
from explorer.theme import LIGHT


def points(n):
    """Most of them close together; the last far from all others."""
    rng = np.random.default_rng(0)
    x, y = np.exp(rng.normal(scale=0.5, size=(2, n)))
    x[-1], y[-1] = 100.0, 0.001
    return x, y, pd.Series([f"<{k}>" for k in range(n)])


def test_few_points_are_a_dot_each():
    x, y, names = points(cloud.MOST)
    dots = cloud.dots(x, y, names)
    assert dots["x"].tolist() == x.tolist() and dots["y"].tolist() == y.tolist()
    assert dots["text"].iat[0] == "&lt;0&gt;"
    assert set(cloud.marker(dots["n"], LIGHT)) == {"color", "size", "opacity"}, "no scale"


@pytest.fixture(scope="module")
def dots():
    return cloud.dots(*points(cloud.MOST + 1))


def test_of_many_points_each_is_in_one_dot_and_close_to_one(dots):
    x, y, _ = points(cloud.MOST + 1)
    assert dots["n"].sum() == cloud.MOST + 1 and len(dots) < 1000
    for axis, values in (("x", x), ("y", y)):
        middle = (dots["n"] @ np.log(dots[axis])) / dots["n"].sum()
        assert middle == pytest.approx(np.log(values).mean())
        away = np.abs(np.log(values)[:, None] - np.log(dots[axis].to_numpy())).min(axis=1)
        assert away.max() <= np.ptp(np.log(values)) / min(cloud.CELLS)


def test_a_point_far_from_all_others_keeps_its_name(dots):
    far = dots.loc[dots["x"].idxmax()]
    assert (far["n"], far["text"]) == (1, f"&lt;{cloud.MOST}&gt;")
    assert far["y"] == pytest.approx(0.001)


def test_dots_say_how_many_they_are(dots):
    most = dots.iloc[-1]
    assert most["text"].startswith(f"{most['n']} categories, &lt;")
    look = cloud.marker(dots["n"], LIGHT)
    assert look["cmin"] == 0 and look["color"].max() == pytest.approx(np.log10(most["n"]))
    assert look["colorbar"]["ticktext"] == ["1", "7", str(most["n"])]


def test_unknown_points_are_no_dots():
    x, y, names = points(cloud.MOST + 2)
    y[0] = np.nan
    assert cloud.dots(x, y, names)["n"].sum() == cloud.MOST + 1
