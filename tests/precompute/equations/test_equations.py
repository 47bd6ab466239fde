"""Equations: errors, refit and intercept against the images themselves."""

import numpy as np
import pytest

from precompute.covlasso import covlasso_path
from precompute.equations.equations import Equations
from precompute.equations.moments import Moments

CLOSE = {"rtol": 1e-9, "atol": 1e-12}


@pytest.fixture
def images():
    rng = np.random.default_rng(1)
    return rng.normal(1.0, 1.0, size=(200, 6))


@pytest.fixture
def equations():
    """Logit 0 in 2 and 5, logit 3 in nothing, logit 1 in 4 (with a structural zero at 0)."""
    return Equations(
        np.array([0, 3, 1], np.int32),
        np.array([1, 0, 2], np.int32),
        np.array([0.5, 0.9, 0.1]),
        np.array([0, 2, 2, 4]),
        np.array([2, 5, 0, 4], np.int32),
        np.array([0.7, -0.2, 0.0, 0.4]),
    )


def moments_of(images, **options):
    moments = Moments(images.shape[1])
    moments.update(images)
    return moments.centred(**options)


def test_residual_power_is_the_mean_squared_error(images, equations):
    logit = images.T
    residual = np.column_stack(
        [logit[0] - 0.7 * logit[2] + 0.2 * logit[5], logit[3], logit[1] - 0.4 * logit[4]]
    )
    moments = moments_of(images)
    np.testing.assert_allclose(
        equations.residual_power(moments), (residual**2).mean(axis=0), **CLOSE
    )
    variance = images[:, [0, 3, 1]].var(axis=0)
    np.testing.assert_allclose(
        equations.r2(moments), 1 - (residual**2).mean(axis=0) / variance, **CLOSE
    )


def test_centred_equations_have_the_intercept_of_the_means(images, equations):
    moments = moments_of(images, on_mean=True)
    predicted = equations.intercept(moments)[0] + 0.7 * images[:, 2] - 0.2 * images[:, 5]
    power = equations.residual_power(moments)[0]
    assert power == pytest.approx(((images[:, 0] - predicted) ** 2).mean())
    assert (equations.intercept(moments_of(images)) == 0).all()


def test_refit_is_least_squares_on_the_support(images, equations):
    refit = equations.refit(moments_of(images))
    wanted = np.linalg.lstsq(images[:, [2, 5]], images[:, 0])[0]
    np.testing.assert_allclose(refit.coefficient[:2], wanted, **CLOSE)
    assert refit.coefficient[2] == 0, "what is not in the support stays out"
    assert (
        refit.residual_power(moments_of(images)) <= equations.residual_power(moments_of(images))
    ).all()


def test_refit_on_twin_sources_takes_the_least_norm(images):
    images[:, 2] = images[:, 5]
    twin = Equations(
        np.array([0], np.int32), np.array([0], np.int32), np.array([0.1]), np.array([0, 2]),
        np.array([2, 5], np.int32), np.array([0.3, 0.1]),
    )  # fmt: skip
    first, second = twin.refit(moments_of(images)).coefficient
    assert first == pytest.approx(second)
    assert np.isfinite(first)


def test_levels_are_the_smallest_lambda_of_each_size():
    path = Equations(
        np.array([7, 7, 7, 7, 8], np.int32),
        np.arange(5, dtype=np.int32),
        np.array([9.0, 8.0, 7.0, 6.0, 5.0]),
        np.array([0, 1, 2, 3, 5, 6]),
        np.array([1, 1, 1, 1, 2, 3], np.int32),
        np.array([0.0, 0.5, 0.6, 0.7, 0.1, 0.2]),
    )
    levels = path.levels()
    assert levels.target.tolist() == [7, 7, 8]
    assert levels.n_parents.tolist() == [1, 2, 1]
    assert levels.lam.tolist() == [7.0, 6.0, 5.0]
    assert levels.coefficient.tolist() == [0.6, 0.7, 0.1, 0.2]
    few = path.levels([2])
    assert (few.target.tolist(), few.n_parents.tolist()) == ([7], [2])


def test_a_level_is_found_by_its_size_or_the_next_one_below():
    levels = Equations(
        np.array([1, 1, 4], np.int32), np.zeros(3, np.int32), np.ones(3), np.array([0, 2, 6, 9]),
        np.arange(9, dtype=np.int32), np.ones(9),
    )  # fmt: skip
    rows = levels.rows_with(np.array([1, 1, 1, 1, 2, 4, 4]), np.array([1, 2, 3, 9, 5, 2, 3]))
    assert rows.tolist() == [-1, 0, 0, 1, -1, -1, 2]


def test_solved_paths_and_their_table_are_the_same_equations(images):
    paths = covlasso_path(moments_of(images).moment, max_parents=4)
    solved, read = Equations.from_solved(paths), Equations.from_path(paths.to_frame())
    for name, values in vars(solved).items():
        np.testing.assert_array_equal(values, getattr(read, name), err_msg=name)
