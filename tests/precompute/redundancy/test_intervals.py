"""Rank correlations and means with their intervals, against scipy and by simulation."""

import numpy as np
import pytest
from scipy import stats

from precompute.redundancy.intervals import mean, spearman, weighted_spearman
from precompute.redundancy.small_error import goes_with_error, goes_with_size, yardstick


@pytest.fixture
def pairs():
    rng = np.random.default_rng(0)
    x = rng.integers(0, 6, 80).astype(float)  # with many ties
    return x, x + rng.normal(scale=2.0, size=80).round()


def test_the_correlation_is_scipys(pairs):
    found = spearman(*pairs)
    assert found.value == pytest.approx(stats.spearmanr(*pairs).statistic, abs=1e-12)
    assert found.low < found.value < found.high and found.n == 80


def test_a_resample_by_counts_is_the_resample_itself(pairs):
    x, y = pairs
    rows = np.random.default_rng(1).integers(80, size=(20, 80))
    counts = np.array([np.bincount(row, minlength=80) for row in rows])
    expected = [stats.spearmanr(x[row], y[row]).statistic for row in rows]
    np.testing.assert_allclose(weighted_spearman(x, y, counts), expected, atol=1e-12)


def test_ranks_do_not_see_a_monotone_change(pairs):
    x, y = pairs
    assert spearman(np.exp(x), y**3) == spearman(x, y)


def test_unknown_pairs_do_not_count(pairs):
    x, y = (np.r_[values, np.nan, 1.0] for values in pairs)
    y[-1] = np.nan
    assert spearman(x, y) == spearman(*pairs)


@pytest.mark.parametrize(
    ("x", "y"), [([1, 2], [1, 2]), ([1, 1, 1, 1], [1, 2, 3, 4]), ([], []), ([np.nan] * 5, [1] * 5)]
)
def test_where_nothing_can_be_said_nothing_is(x, y):
    assert not spearman(np.array(x, float), np.array(y, float)).known


def test_the_interval_of_a_correlation_covers_it():
    """Of 200 samples of 150 pairs with a known correlation, about 95 % of the intervals hold it."""
    rho = 0.6
    truth = 6 / np.pi * np.arcsin(rho / 2)  # Spearman's of a bivariate normal (Pearson 1907)
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(200):
        x, noise = rng.normal(size=(2, 150))
        found = spearman(x, rho * x + np.sqrt(1 - rho**2) * noise)
        inside += found.low <= truth <= found.high
    # Binomial with p = .95: 4 standard deviations are .062; a percentile interval is a little narrow.
    assert 0.88 <= inside / 200 <= 1.0


def test_the_interval_of_a_correlation_of_nothing_holds_zero():
    rng = np.random.default_rng(3)
    found = [spearman(*rng.normal(size=(2, 100))) for _ in range(40)]
    assert np.mean([abs(one.value) for one in found]) < 0.12
    assert sum(one.low <= 0 <= one.high for one in found) >= 33


def test_the_interval_of_a_mean_is_the_normal_one():
    values = np.r_[np.random.default_rng(4).normal(2.0, 3.0, size=400), np.nan]
    found = mean(values)
    error = np.nanstd(values, ddof=1) / np.sqrt(400)
    assert (found.value, found.n) == (pytest.approx(np.nanmean(values)), 400)
    # Percentiles of 1,000 resamples are off by some 10 % of the standard error.
    assert found.low == pytest.approx(found.value - 1.96 * error, abs=0.2 * error)
    assert found.high == pytest.approx(found.value + 1.96 * error, abs=0.2 * error)
    assert not mean(np.array([1.0])).known


def test_the_floor_is_the_yardstick_where_it_says_something():
    dense = np.array([0.3, 0.2, 0.1])
    floor = np.array([0.2, 0.1, 0.0])
    assert (yardstick(floor, dense).kind, yardstick(floor, dense).why) == ("floor", "")
    few, forced = yardstick(np.full(3, np.nan), dense), yardstick(np.zeros(3), dense)
    assert (few.kind, few.why) == ("dense", "few images")
    assert (forced.kind, forced.why) == ("dense", "forced")
    np.testing.assert_array_equal(forced.values, dense)


def test_size_alone_orders_what_is_rounding():
    power = np.random.default_rng(7).uniform(1, 50, size=60)
    assert goes_with_size(power, 1e-7 / power).value == pytest.approx(1.0)
    error = np.random.default_rng(8).uniform(size=60)
    found = goes_with_size(power, error)
    assert found.low < 0 < found.high


def test_redundancy_that_orders_the_errors_correlates_perfectly():
    redundancy = np.random.default_rng(5).uniform(size=50)
    assert goes_with_error(redundancy, redundancy**2).value == pytest.approx(1.0)
    assert goes_with_error(redundancy, -redundancy).value == pytest.approx(-1.0)
    shuffled = np.random.default_rng(6).permutation(redundancy)
    found = goes_with_error(redundancy, shuffled)
    assert found.low < 0 < found.high, "the control"
