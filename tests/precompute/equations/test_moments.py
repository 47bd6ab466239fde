"""Second moments: sums over parts equal the whole, about any point."""

import numpy as np
import pytest

from precompute.equations.moments import Moments

# Sums of a few hundred float64 products: 1e-12 leaves three digits of room.
CLOSE = {"rtol": 1e-12, "atol": 1e-12}


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    return rng.normal(2.0, 1.0, size=(500, 7)), rng.normal(-1.0, 2.0, size=(500, 4))


def streamed(sources, targets=None, parts=(1, 17, 300)):
    moments = Moments(sources.shape[1], None if targets is None else targets.shape[1])
    for rows in np.split(np.arange(len(sources)), parts):
        moments.update(sources[rows], None if targets is None else targets[rows])
    return moments


def test_batches_sum_to_the_whole(images):
    sources, _ = images
    found = streamed(sources).centred()
    np.testing.assert_allclose(found.moment, sources.T @ sources / 500, **CLOSE)
    np.testing.assert_allclose(found.power, (sources**2).mean(axis=0), **CLOSE)
    np.testing.assert_allclose(found.variance, sources.var(axis=0), **CLOSE)


def test_centred_moment_is_the_covariance(images):
    sources, _ = images
    found = streamed(sources).centred(on_mean=True)
    np.testing.assert_allclose(found.moment, np.cov(sources.T, bias=True), **CLOSE)
    assert not np.allclose(found.moment, streamed(sources).centred().moment)


def test_what_rounding_leaves_of_a_category_that_never_moves_is_zero(images):
    sources, targets = (array.copy() for array in images)
    sources[:, 2] = targets[:, 1] = 2.1
    for found in (streamed(sources), streamed(sources, targets)):
        moved = found.centred(on_mean=True)
        still = 2 if found.within else 1
        assert moved.power[still] == 0.0 and not moved.cross[:, still].any()
        assert moved.power.astype(bool).sum() == len(moved.power) - 1
        assert found.centred().power[still] == pytest.approx(2.1**2), "about zero it has a power"


def test_between_networks(images):
    sources, targets = images
    found = streamed(sources, targets).centred(on_mean=True)
    centred = sources - sources.mean(axis=0), targets - targets.mean(axis=0)
    np.testing.assert_allclose(found.cross, centred[0].T @ centred[1] / 500, **CLOSE)
    np.testing.assert_allclose(found.power, targets.var(axis=0), **CLOSE)


def test_taking_a_fold_away_leaves_the_rest(images):
    sources, targets = images
    whole, fold = streamed(sources, targets), streamed(sources[:100], targets[:100])
    rest, wanted = (whole - fold).centred(), streamed(sources[100:], targets[100:]).centred()
    np.testing.assert_allclose(rest.cross, wanted.cross, **CLOSE)
    np.testing.assert_allclose(
        (whole - fold + fold).centred().moment, whole.centred().moment, **CLOSE
    )


def test_held_out_moments_are_about_the_fit_mean(images):
    sources, targets = images
    fit = streamed(sources[:300], targets[:300]).centred(on_mean=True)
    held = streamed(sources[300:], targets[300:]).centred(like=fit)
    a = targets[300:] - targets[:300].mean(axis=0)
    b = sources[300:] - sources[:300].mean(axis=0)
    np.testing.assert_allclose(held.cross, b.T @ a / 200, **CLOSE)
    np.testing.assert_allclose(held.power, (a**2).mean(axis=0), **CLOSE)
