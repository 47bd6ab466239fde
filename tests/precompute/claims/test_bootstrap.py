"""Intervals against brute force, resample by resample in float64."""

import numpy as np
import pytest

from precompute.claims import bootstrap
from precompute.claims.bootstrap import Spread
from precompute.resamples import draws

N_IMAGES, N_CATEGORIES = 60, 25


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(3)
    logits = rng.normal(5, 2, size=(N_IMAGES, N_CATEGORIES))
    return logits, logits - rng.normal(size=logits.shape)


def brute_r2(truth, predicted, counts) -> np.ndarray:
    """R² (n,) of the images, each counted so often."""
    rows = np.repeat(np.arange(len(truth)), counts.astype(int))
    truth, predicted = truth[rows], predicted[rows]
    return 1 - ((truth - predicted) ** 2).sum(0) / ((truth - truth.mean(0)) ** 2).sum(0)


def test_r2_of_every_resample_is_that_of_its_images(drawn):
    truth, predicted = drawn
    targets = np.array([0, 7, 24])
    whole, each = bootstrap.r2(truth - predicted, Spread.of(truth), targets)
    assert whole == pytest.approx(brute_r2(truth, predicted, np.ones(N_IMAGES))[targets], abs=1e-6)
    counts = draws(N_IMAGES).counts
    assert (counts.sum(axis=1) == N_IMAGES).all()
    for k in (0, 1, 200, 399):
        assert each[k] == pytest.approx(brute_r2(truth, predicted, counts[k])[targets], abs=1e-4)


def test_medians_draw_images_and_categories(drawn):
    truth, predicted = drawn
    _, each = bootstrap.r2(truth - predicted, Spread.of(truth), np.arange(N_CATEGORIES))
    medians = bootstrap.medians(each)
    counts, rows = draws(N_IMAGES).counts, bootstrap.category_rows(N_CATEGORIES)
    for k in (0, 17, 399):
        brute = np.median(brute_r2(truth, predicted, counts[k])[rows[k]])
        assert medians[k] == pytest.approx(brute, abs=1e-4)


def test_the_interval_of_a_mean_is_the_textbooks():
    values = np.random.default_rng(0).normal(size=400)
    low, high = bootstrap.over_categories(400, lambda rows: float(values[rows].mean()))
    error = values.std() / 20
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.2 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.2 * error)


def test_a_logit_that_never_varies_has_no_r2():
    truth = np.ones((40, 2))
    whole, each = bootstrap.r2(np.zeros((40, 2)), Spread.of(truth), np.arange(2))
    assert np.isnan(whole).all() and np.isnan(each).all()


def test_the_interval_of_a_biased_figure_counts_its_bias_once():
    drawn = 0.4 + 0.05 * np.random.default_rng(0).normal(size=100_000)
    low, high = bootstrap.about(0.5, drawn)
    assert (
        (0.5 - low)
        == pytest.approx(high - 0.5)
        == pytest.approx(1.96 * np.hypot(0.1, 0.05), abs=1e-3)
    )
