"""Do dependencies agree with confusion, head weights and WordNet? Each is ranked among what its target does
not use: compliance.parquet.

The rank of a dependency in a measure is the share of the target's non-parents that are less like the target
than its source is, ties half: 1/2 by chance, and its mean over a target's parents is the AUROC with which
the measure tells them from all other categories. The control deals every target the parents of another one:
popular sources stay popular, and nothing else is left.
"""

import numpy as np
import pandas as pd

from precompute.redundancy.similarity import Similarity

_BLOCK = 512  # targets whose similarities are in memory at once


def compliance_table(
    dependencies: pd.DataFrame, similarities: dict[str, Similarity], n: int, seed: int
) -> pd.DataFrame:
    """One row for each of the `dependencies` (columns target, source, coefficient), and one for each that
    the control deals (`control` true): value and rank in every measure, columns <name> and <name>_rank."""
    own = dependencies[["target", "source", "coefficient"]].sort_values(["target", "source"])
    rows = pd.concat([own.assign(control=False), dealt(own, seed).assign(control=True)])
    rows = rows.sort_values(["control", "target", "source"], ignore_index=True)
    used = {target: found.to_numpy() for target, found in own.groupby("target")["source"]}
    places, source = rows.groupby("target").indices, rows["source"].to_numpy()
    columns = {name: np.full((2, len(rows)), np.nan) for name in similarities}
    targets = np.array(sorted(used))
    for start in range(0, len(targets), _BLOCK):
        block = targets[start : start + _BLOCK]
        for name, similarity in similarities.items():
            for target, row in zip(block, similarity(block), strict=True):
                value = row[source[places[target]]]
                row[[target, *used[target]]] = np.nan  # what is left are the non-parents
                columns[name][:, places[target]] = value, ranks(value, row)
    for name, (values, rank) in columns.items():
        rows[name], rows[f"{name}_rank"] = values, rank
    return rows


def ranks(values: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Share of `others` below each of the `values`, ties half; NaN where either side is unknown."""
    others = others[np.isfinite(others)]
    if not len(others):
        return np.full(len(values), np.nan)
    # Counted: a few values are not worth a sort of all categories.
    below = np.array([np.sum(others < value) + np.sum(others <= value) for value in values])
    return np.where(np.isfinite(values), below / (2 * len(others)), np.nan)


def dealt(dependencies: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The same equations with their targets exchanged at random, none left in its place; a target that is
    dealt itself as a source loses that one. Empty with fewer than two targets."""
    targets = dependencies["target"].unique()
    if len(targets) < 2:
        return dependencies.iloc[:0]
    order = np.random.default_rng(seed).permutation(targets)
    to = dict(zip(order, np.roll(order, 1), strict=True))
    given = dependencies.assign(target=dependencies["target"].map(to))
    return given[given["target"] != given["source"]]
