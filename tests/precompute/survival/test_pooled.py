"""The pooled curve is a ratio of sums, its interval a bootstrap over categories, its verdict the same both
ways."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from precompute.survival.pooled import _draws, pooled
from precompute.survival.rule import FEW, KEPT, tolerated, verdict


def counts(n: int = 60, seed: int = 0, kept: float = 0.7) -> pd.DataFrame:
    """Rows of survival.parquet at one point of the curve."""
    rng = np.random.default_rng(seed)
    n_images = rng.integers(1, 8, n)
    before = rng.binomial(n_images, 0.8)
    after = rng.binomial(before, kept)
    return pd.DataFrame({
        "category": np.arange(n), "weighting": 0.0, "kind": "refit", "n_parents": 8, "added": 1.5,
        "n_images": n_images, "n_others": 1000 - n_images,
        "hits_before": before, "hits_after": after, "hits_with_constant": before,
        "false_before": rng.poisson(0.2, n), "false_after": rng.poisson(0.1, n),
        "false_with_constant": rng.poisson(5.0, n),
    })  # fmt: skip


def test_a_point_is_the_ratio_of_sums_not_the_mean_of_ratios():
    table = counts()
    plain, with_constant = pooled(table).to_dict("records")
    assert plain["recall_kept"] == table["hits_after"].sum() / table["hits_before"].sum()
    per_1000 = 1000 / table["n_others"].sum()
    assert plain["fp_per_1000"] == pytest.approx(per_1000 * table["false_after"].sum(), rel=1e-14)
    assert plain["fp_before_per_1000"] == pytest.approx(per_1000 * table["false_before"].sum())
    assert (plain["constant"], plain["added"]) == (False, 0.0)
    assert (with_constant["constant"], with_constant["added"]) == (True, 1.5)
    assert with_constant["recall_kept"] == 1.0
    assert plain["n_images"] == table["n_images"].sum() and plain["n_categories"] == 60


def test_the_interval_is_that_of_resampled_categories():
    """Brute force: every resample's rows are put together and summed."""
    table = counts(20)
    kept, false = [], []
    for times in _draws(20).astype(int):
        rows = table.iloc[np.repeat(np.arange(20), times)]
        kept.append(rows["hits_after"].sum() / rows["hits_before"].sum())
        false.append(1000 * rows["false_after"].sum() / rows["n_others"].sum())
    found = pooled(table).iloc[0]
    np.testing.assert_allclose(
        found[["low", "high"]].astype(float), np.quantile(kept, [0.025, 0.975])
    )
    np.testing.assert_allclose(
        found[["fp_low", "fp_high"]].astype(float), np.quantile(false, [0.025, 0.975])
    )


def test_the_interval_holds_the_truth_as_often_as_it_says():
    """Categories drawn anew 200 times; an interval over images that all belonged to one category, as if
    they were independent, is not what is claimed, so categories differ here."""
    inside = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        table = counts(80, seed)
        part = rng.beta(2, 1, 80)  # of its recall that each category keeps: 2/3 in the mean
        table["hits_after"] = rng.binomial(table["hits_before"], part)
        row = pooled(table).iloc[0]
        inside.append(row["low"] <= 2 / 3 <= row["high"])
    assert 0.90 <= np.mean(inside) <= 0.99


def test_each_weighting_kind_and_size_is_a_point_of_its_own_and_the_dense_map_has_no_size():
    parts = [
        counts(30).assign(weighting=w, kind=kind, n_parents=size)
        for w in (0.0, 0.1)
        for kind, size in (("refit", 8), ("refit", 32), ("dense", None))
    ]
    table = pd.concat(parts).astype({"n_parents": "Int64"})
    curve = pooled(table)
    assert len(curve) == 2 * 3 * 2
    assert curve["n_parents"].isna().sum() == 4
    assert (curve.loc[curve["n_parents"].isna(), "kind"] == "dense").all()


@pytest.mark.parametrize(
    ("kept", "excess", "holds"),
    [
        ((0.92, 0.98), (-1.0, -0.1), True),
        ((0.85, 0.95), (-1.0, -0.1), None),
        ((0.20, 0.40), (-1.0, -0.1), False),
        ((0.92, 0.98), (-1.0, 0.1), None),
        ((0.92, 0.98), (0.1, 2.0), False),
        ((np.nan, np.nan), (-1.0, -0.1), None),
    ],
)
def test_the_rule_is_the_same_for_both_verdicts(kept, excess, holds):
    assert verdict(FEW, kept, excess) is holds
    assert verdict(FEW - 1, kept, excess) is None, "neither is said on so few images"


def test_a_pool_that_keeps_all_holds_and_one_that_loses_half_does_not():
    assert pooled(counts(kept=1.0)).iloc[0]["holds"] is True
    assert pooled(counts(kept=0.5)).iloc[0]["holds"] is False
    assert pooled(counts(2, kept=1.0).assign(n_images=2)).iloc[0]["holds"] is None
    assert pooled(counts(kept=KEPT)).iloc[0]["holds"] is None
    assert pooled(counts()).iloc[1]["holds"] is False, "25 times the false positives"


@pytest.mark.parametrize(("kept", "holds"), [(1.0, None), (0.0, False)])
def test_where_no_resample_differs_the_interval_is_the_exact_binomial_one(kept, holds):
    """24 of 24 right answers that stand do not show that more than 90 % do: .9^24 is 8 %."""
    table = counts(12).assign(n_images=2, hits_before=2, hits_after=int(2 * kept))
    row = pooled(table).iloc[0]
    exact = binomtest(int(24 * kept), 24).proportion_ci(0.95, "exact")
    np.testing.assert_allclose([row["low"], row["high"]], [exact.low, exact.high])
    assert row["holds"] is holds
    many = pooled(counts(60).assign(n_images=2, hits_before=2, hits_after=2)).iloc[0]
    assert many["holds"] is True, "120 of 120 do"


def test_a_network_that_recognises_nothing_has_nothing_to_lose():
    row = pooled(counts().assign(hits_before=0, hits_after=0)).iloc[0]
    assert np.isnan(row["recall_kept"]) and row["holds"] is None


def test_false_positives_may_double_and_a_little_more():
    assert tolerated(10, 100_000) == 30
    assert tolerated(0, 10_000) == 1
