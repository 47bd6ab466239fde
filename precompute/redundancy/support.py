"""Support sizes along lambda: how many parents an equation has at which share of its lambda_max."""

import numpy as np
import pandas as pd

N_RATIOS = 61
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def support_table(evaluation: pd.DataFrame, lambda_max: pd.Series, least: float) -> pd.DataFrame:
    """support.parquet: quantiles over the targets of the number of parents at N_RATIOS penalties from
    lambda_max (by target) down to `least` of it, evenly on a logarithmic axis, from the columns target,
    n_parents and lambda of evaluation.parquet; without a row where the network has no equation."""
    ratios = np.geomspace(1.0, least, N_RATIOS)
    targets = list(evaluation.sort_values("n_parents").groupby("target"))
    if not targets:  # a logit without an equation has no size
        return pd.DataFrame(columns=["ratio", "stopped", *map(column_of, QUANTILES)], dtype=float)
    sizes = np.zeros((len(targets), N_RATIOS))
    stopped = np.zeros((len(targets), N_RATIOS), dtype=bool)
    for row, (target, levels) in enumerate(targets):
        end = levels["lambda"].to_numpy() / lambda_max[target]
        sizes[row], stopped[row] = sizes_at(levels["n_parents"].to_numpy(), end, ratios)
    table = pd.DataFrame({"ratio": ratios, "stopped": stopped.mean(axis=0)})
    for quantile, values in zip(QUANTILES, np.quantile(sizes, QUANTILES, axis=0), strict=True):
        table[column_of(quantile)] = values
    return table


def column_of(quantile: float) -> str:
    """The column that holds a quantile."""
    return f"n_parents_{100 * quantile:.0f}"


def sizes_at(
    n_parents: np.ndarray, end: np.ndarray, ratios: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Number of parents at each of the falling `ratios`, and whether the path had stopped before it. Of
    each size `n_parents` (m,), ascending, `end` (m,) is the smallest penalty that has it. None at 1, where
    the first source has just entered; below the end of the path its last size counts."""
    # A relative 1e-9 forgives a penalty that was divided and multiplied again.
    reached = end[None, :] <= ratios[:, None] * (1 + 1e-9)
    stopped = np.logical_not(reached.any(axis=1))
    sizes = np.where(stopped, n_parents[-1], n_parents[reached.argmax(axis=1)])
    return np.where(ratios >= 1, 0, sizes), stopped
