"""Support sizes along lambda, against the path itself."""

import numpy as np
import pandas as pd
import pytest

from precompute.covlasso import covlasso_path
from precompute.equations.equations import Equations
from precompute.redundancy.support import N_RATIOS, sizes_at, support_table


@pytest.fixture(scope="module")
def solved():
    """Paths over correlated logits, and their rows as in evaluation.parquet."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(300, 12)) @ rng.normal(size=(12, 12))
    paths = covlasso_path(logits.T @ logits / 300, max_parents=8)
    frame = paths.to_frame()
    levels = Equations.from_path(frame).levels()
    evaluation = pd.DataFrame(
        {"target": levels.target, "n_parents": levels.n_parents, "lambda": levels.lam}
    )
    first = frame[frame["knot"] == 0].drop_duplicates("target").set_index("target")["lambda"]
    return paths, evaluation, first


def test_the_number_of_parents_is_that_of_the_path(solved):
    paths, evaluation, first = solved
    ratios = np.geomspace(1, 1e-3, 97)[1:]  # off every knot
    right = total = 0
    for target, rows in evaluation.groupby("target"):
        rows = rows.sort_values("n_parents")
        end = rows["lambda"].to_numpy() / first[target]
        sizes, stopped = sizes_at(rows["n_parents"].to_numpy(), end, ratios)
        for ratio, size in zip(ratios[~stopped], sizes[~stopped], strict=True):
            truth = np.count_nonzero(paths.coefficients(target, ratio * first[target]))
            right, total = right + (size == truth), total + 1
    # Where a source leaves the support the path has had more parents before: there sizes are the fewest.
    assert total > 400 and right / total > 0.95


def test_the_table_holds_the_quantiles_over_targets(solved):
    _, evaluation, first = solved
    table = support_table(evaluation, first, 1e-3)
    assert len(table) == N_RATIOS
    assert table["ratio"].iloc[[0, -1]].tolist() == pytest.approx([1, 1e-3])
    row = table.iloc[20]
    sizes = []
    for target, rows in evaluation.groupby("target"):
        rows = rows[rows["lambda"] <= row["ratio"] * first[target]]
        sizes.append(rows["n_parents"].min() if len(rows) else 8)
    for percent in (10, 25, 50, 75, 90):
        assert row[f"n_parents_{percent}"] == np.quantile(sizes, percent / 100)


def test_no_parent_at_lambda_max_and_the_last_size_beyond_the_path():
    sizes, stopped = sizes_at(
        np.array([1, 2, 3]), np.array([0.5, 0.2, 0.1]), np.array([1, 0.7, 0.5, 0.3, 0.1, 0.05])
    )
    assert sizes.tolist() == [0, 1, 1, 2, 3, 3]
    assert stopped.tolist() == [False] * 5 + [True]
