"""Rank and floor of a second moment, against determinants and known ranks."""

import numpy as np

from precompute.equations.floor import spectrum


def rank_and_floor(m, n_images, raw_power):
    found = spectrum(m, n_images, raw_power)
    return found.rank, found.floor(np.diagonal(m))


def rounded(images):
    return images.astype(np.float16).astype(float)


def moment(images):
    return images.T @ images / len(images)


def power(images):
    return np.mean(images**2, axis=0)


def test_floor_is_the_ratio_of_determinants():
    images = np.random.default_rng(0).normal(size=(500, 6)) @ np.diag([1, 2, 3, 1, 1, 1])
    m = moment(images)
    rank, floor = rank_and_floor(m, 500, np.diagonal(m))
    for i in range(6):
        rest = np.delete(np.delete(m, i, 0), i, 1)
        # Determinants of well-conditioned 6 x 6 matrices: 1e-9 leaves ample room.
        np.testing.assert_allclose(
            floor[i], np.linalg.det(m) / np.linalg.det(rest) / m[i, i], rtol=1e-9
        )
    assert rank == 6


def test_floor_is_what_a_regression_on_all_others_leaves():
    rng = np.random.default_rng(5)
    images = rng.normal(size=(300, 9)) @ rng.normal(size=(9, 9))
    _, floor = rank_and_floor(moment(images), 300, power(images))
    for i in range(9):
        rest = np.delete(images, i, axis=1)
        weights = np.linalg.lstsq(rest, images[:, i], rcond=None)[0]
        left = np.mean((images[:, i] - rest @ weights) ** 2)
        # Condition number of about 1e3, float64.
        np.testing.assert_allclose(floor[i], left / power(images)[i], rtol=1e-8)


def test_eigenvalues_are_squared_singular_values_largest_first():
    images = np.random.default_rng(6).normal(size=(40, 15))
    for rows in (images, images[:10]):  # with the vectors, and without
        found = spectrum(moment(rows), len(rows), power(rows))
        singular = np.linalg.svd(rows / np.sqrt(len(rows)), compute_uv=False)
        np.testing.assert_allclose(found.values[: len(singular)], singular**2, rtol=1e-9)
        assert (found.vectors is None) == (len(rows) <= 15)


def test_a_low_rank_layer_is_seen_through_float16_rounding():
    rng = np.random.default_rng(1)
    images = rounded(rng.normal(size=(400, 5)) @ rng.normal(size=(5, 50)))
    rank, floor = rank_and_floor(moment(images), 400, power(images))
    assert rank == 5
    assert (floor == 0).all(), "more categories than features: each is redundant"
    assert np.linalg.matrix_rank(moment(images)) == 50, "without the edge, rounding hides it"


def test_an_independent_category_beside_redundant_ones_keeps_its_floor():
    rng = np.random.default_rng(2)
    images = np.c_[rng.normal(size=(400, 2)) @ rng.normal(size=(2, 6)), rng.normal(size=(400, 1))]
    _, floor = rank_and_floor(moment(images), 400, power(images))
    assert (floor[:6] == 0).all()
    assert floor[6] > 0.9


def test_with_fewer_images_than_categories_the_floor_says_nothing():
    images = np.random.default_rng(3).normal(size=(20, 30))
    rank, floor = rank_and_floor(moment(images), 20, power(images))
    assert rank == 20
    assert np.isnan(floor).all()


def test_centring_does_not_hide_the_rounding_of_an_offset():
    rng = np.random.default_rng(4)
    images = rounded(rng.normal(size=(400, 8)) @ rng.normal(size=(8, 60)) - 60)
    centred = images - images.mean(axis=0)
    rank, floor = rank_and_floor(moment(centred), 400, power(images))
    assert rank == 8 and (floor == 0).all()
    assert rank_and_floor(moment(centred), 400, power(centred))[0] == 60, "the control"
