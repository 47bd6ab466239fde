"""Rank correlations and means with their intervals, against scipy and by simulation."""

import numpy as np
import pytest
from scipy import stats

from precompute.redundancy.intervals import influence, mean, spearman, weighted_spearman
from precompute.redundancy.small_error import goes_with_error, goes_with_size, yardstick
from precompute.resamples import LEVEL, MOST, draws


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


def test_few_pairs_are_resampled(pairs):
    found = spearman(*pairs)
    resamples = weighted_spearman(*pairs, draws(80).counts)
    assert (found.low, found.high) == tuple(np.quantile(resamples, LEVEL))


@pytest.fixture(params=["straight", "tied", "fanning out"])
def many(request):
    """More pairs than are resampled: some of them tied, some far more scattered than others."""
    x, noise = np.random.default_rng(1).normal(size=(2, MOST + 1))
    if request.param == "tied":
        return x.round(), (x + noise).round()
    return x, x * noise + 0.3 * x if request.param == "fanning out" else x + noise


def test_of_many_pairs_the_interval_is_that_of_all_resamples(many):
    """Two standard errors of the quantiles of 1,000 resamples are 17 % of the correlation's own."""
    n, found = len(many[0]), spearman(*many)
    rng = np.random.default_rng(2)
    counts = np.array([np.bincount(rng.integers(n, size=n), minlength=n) for _ in range(1000)])
    resamples = weighted_spearman(*many, counts)
    low, high = np.quantile(resamples, LEVEL)
    error = np.std(resamples)
    assert found.low == pytest.approx(low, abs=0.2 * error)
    assert found.high == pytest.approx(high, abs=0.2 * error)
    # The control: the usual formula for pairs that have nothing to do with each other.
    assert abs(found.value - 1.96 / np.sqrt(n - 1) - low) > 0.2 * error


def test_the_influence_of_a_pair_is_what_its_weight_does(many):
    n, small = len(many[0]), 1e-4
    asked = np.arange(0, n, 400)
    counts = np.ones((len(asked), n))
    counts[np.arange(len(asked)), asked] += small
    change = weighted_spearman(*many, counts) - spearman(*many).value
    found = influence(*many)
    np.testing.assert_allclose(found[asked], change / small * n, atol=1e-3)
    assert found.mean() == pytest.approx(0, abs=1e-12)


def test_no_interval_leaves_what_a_correlation_can_be():
    """One pair out of place among many has all the influence."""
    x = np.arange(MOST + 1.0)
    found = spearman(x, np.r_[x[1:], 0.0])
    assert found.low < found.value < found.high == 1


@pytest.mark.parametrize("n", [MOST, MOST + 1])
def test_the_interval_of_a_mean_does_not_jump_where_resampling_ends(n):
    values = np.random.default_rng(9).exponential(size=n)
    found, error = mean(values), np.std(values) / np.sqrt(n)
    assert found.low == pytest.approx(found.value - 1.96 * error, abs=0.2 * error)
    assert found.high == pytest.approx(found.value + 1.96 * error, abs=0.2 * error)


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
    assert goes_with_size(power, 1e-7 / power) == pytest.approx(1.0)
    error = np.random.default_rng(8).uniform(size=60)
    assert abs(goes_with_size(power, error)) < 0.4
    assert np.isnan(goes_with_size(np.ones(60), error))


def test_redundancy_that_orders_the_errors_correlates_perfectly():
    redundancy = np.random.default_rng(5).uniform(size=50)
    assert goes_with_error(redundancy, redundancy**2).value == pytest.approx(1.0)
    assert goes_with_error(redundancy, -redundancy).value == pytest.approx(-1.0)
    shuffled = np.random.default_rng(6).permutation(redundancy)
    found = goes_with_error(redundancy, shuffled)
    assert found.low < 0 < found.high, "the control"
