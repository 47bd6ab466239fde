"""A cloud of very many points as fewer dots: where points are dense, one dot stands for several."""

import numpy as np
import pandas as pd

from explorer.figures.looks import faded, safe
from explorer.theme import Palette
from explorer.words.formatting import count

MOST = 4000  # points that are drawn one by one
CELLS = (64, 48)  # of a grid over the plot, some seven pixels each: as large as a dot


def dots(x: np.ndarray, y: np.ndarray, names: pd.Series) -> pd.DataFrame:
    """x, y, n and text of every dot of points (m,) with coordinates above 0, NaN where one is unknown.

    Up to MOST points are a dot each. Of more, those that share a cell of a grid that is even on two
    logarithmic axes are one dot in their geometric middle; `n` is how many they are, `text` names the first
    of them. A point far from all others is still a dot of its own.
    """
    points = pd.DataFrame({"x": x, "y": y, "n": 1, "text": names.to_numpy()})
    if len(points) <= MOST:
        return points.assign(text=points["text"].map(safe))
    points = points.dropna(subset=["x", "y"])
    points[["x", "y"]] = np.log(points[["x", "y"]])
    cell = [_cells(points[axis], n) for axis, n in zip("xy", CELLS, strict=True)]
    found = points.groupby(cell, sort=False).agg(
        {"x": "mean", "y": "mean", "n": "size", "text": "first"}
    )
    found[["x", "y"]] = np.exp(found[["x", "y"]])
    found["text"] = [
        f"{count(n)} categories, {safe(name)} among them" if n > 1 else safe(name)
        for n, name in zip(found["n"], found["text"], strict=True)
    ]
    return found.sort_values("n", ignore_index=True)


def marker(n: pd.Series, colours: Palette) -> dict:
    """How dots of `n` points each look: where all stand for one alike, else the stronger the more, with a
    scale beside the plot."""
    if n.max() <= 1:
        return {"color": colours.accent, "size": 6, "opacity": 0.6}
    most = int(n.max())
    ticks = np.unique([1, round(most**0.5), most])
    return {
        "color": np.log10(n).astype(np.float32), "size": 6, "cmin": 0.0,
        "colorscale": [[0, faded(colours.accent, 0.3)], [0.6, colours.accent], [1, colours.ink]],
        "colorbar": {
            "title": {"text": "categories<br>a dot<br> ", "font": {"size": 11}}, "thickness": 10,
            "len": 0.6, "outlinewidth": 0, "tickvals": np.log10(ticks), "ticktext": [*map(count, ticks)],
        },
    }  # fmt: skip


def _cells(values: pd.Series, n: int) -> np.ndarray:
    """The cell of each value among n that share their whole range."""
    low, high = values.min(), values.max()
    return np.minimum((values - low) / (high - low or 1.0) * n, n - 1).astype(int).to_numpy()
