"""AUROC, AUPR and FPR at 95% against scikit-learn, resample by resample; what is foreign is found, what
is not is not."""

import numpy as np
import pytest

from precompute.ood.detection import Ranking, interval, resampled
from precompute.resamples import draws
from tests.support.detection_by_sklearn import figures


@pytest.mark.parametrize("digits", [1, 9])  # many equal scores, and none
@pytest.mark.parametrize("sizes", [(60, 40), (40, 60), (1, 1), (20, 1)])
def test_figures_are_those_of_scikit_learn(digits, sizes):
    rng = np.random.default_rng(0)
    held_out = np.round(rng.normal(1, 1, sizes[0]), digits)
    foreign = np.round(rng.normal(0, 1, sizes[1]), digits)
    found, _ = resampled(held_out, foreign)
    np.testing.assert_allclose(found, figures(held_out, foreign), atol=1e-12)


def test_every_resample_is_what_scikit_learn_says_of_its_images():
    rng = np.random.default_rng(1)
    held_out, foreign = np.round(rng.normal(1, 1, 50), 1), np.round(rng.normal(0, 1, 30), 1)
    _, drawn = resampled(held_out, foreign)
    for number in (0, 1, 500, 999):
        first = np.repeat(held_out, draws(50, 0).counts[number].astype(int))
        second = np.repeat(foreign, draws(30, 1).counts[number].astype(int))
        np.testing.assert_allclose(drawn[number], figures(first, second), atol=1e-12)


def test_images_of_one_kind_are_not_told_apart():
    rng = np.random.default_rng(2)
    found, drawn = resampled(rng.normal(size=1000), rng.normal(size=1000))
    low, high = interval(drawn)
    assert abs(found[0] - 0.5) < 0.03 and low[0] < 0.5 < high[0]
    assert abs(found[2] - 0.95) < 0.03


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng, inside = np.random.default_rng(3), 0
    for _ in range(100):
        _, drawn = resampled(rng.normal(1, 1, 150), rng.normal(0, 1, 100))
        low, high = interval(drawn[:, 0])
        inside += low < 0.7602 < high  # P(N(1, 2) > 0)
    assert inside >= 88


def test_a_place_has_all_images_of_its_score():
    ranking = Ranking.of(np.array([1.0, 2.0, 2.0]), np.array([2.0, 0.0]))
    assert ranking.place.tolist() == [1, 2, 2, 2, 0]
