"""Figures over the seeds of a fine-tuning: means, and how far chance alone moves them."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from precompute.atlas.contract.schema_robustness import SIDES

LEVEL = 0.95


@dataclass(frozen=True)
class Difference:
    """A figure after cutting, less that of the control: mean over seeds with its 95 % t interval, whose
    ends are nan for fewer than two seeds."""

    mean: float
    low: float
    high: float
    n: int


def after_less_control(rows: pd.DataFrame, column: str) -> Difference:
    """Of the rows of one figure (side, seed), seed by seed: control and cut network of a seed started from
    the same weights and saw the same batches."""
    by_side = rows.pivot_table(column, "seed", "side", dropna=False)
    if not {"after", "control"} <= set(by_side):
        return Difference(math.nan, math.nan, math.nan, 0)
    return t_interval((by_side["after"] - by_side["control"]).dropna().to_numpy(float))


def t_interval(values: np.ndarray) -> Difference:
    """Mean of values (n,), with Student's t interval of it."""
    n = len(values)
    if n == 0:
        return Difference(math.nan, math.nan, math.nan, 0)
    mean = float(values.mean())
    if n == 1:
        return Difference(mean, math.nan, math.nan, 1)
    half = stats.t.ppf((1 + LEVEL) / 2, n - 1) * values.std(ddof=1) / math.sqrt(n)
    return Difference(mean, float(mean - half), float(mean + half), n)


def means(rows: pd.DataFrame, column: str) -> dict[str, float]:
    """The mean over seeds of each of SIDES; nan where a side is lacking."""
    found = rows.groupby("side")[column].mean()
    return {side: float(found.get(side, math.nan)) for side in SIDES}
