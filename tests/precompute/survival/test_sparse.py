"""The sparse equations of the trial are those of the solver and of scikit-learn, with and without
weight."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, LinearRegression

from precompute.covlasso import covlasso_path
from precompute.equations.weighting import replication, weighted_moment
from precompute.survival.sparse import sparse_equations

N_IMAGES, N, TARGET = 80, 10, 3
SIZES = [1, 2, 4, 8]


@pytest.fixture(scope="module")
def logits():
    rng = np.random.default_rng(1)
    return rng.normal(size=(N_IMAGES, 6)) @ rng.normal(size=(6, N)) + 0.5 * rng.normal(
        size=(N_IMAGES, N)
    )


@pytest.fixture(scope="module")
def moment(logits):
    return logits.T @ logits / N_IMAGES


def found(moment, logits, share=0.0):
    equations = sparse_equations(moment, TARGET, SIZES, logits, (1 - share) / N_IMAGES)
    return {(e.size, e.kind): e for e in equations}


def test_each_size_has_the_smallest_lambda_of_its_support(moment, logits):
    paths = covlasso_path(moment, [TARGET], max_parents=8, min_lambda_ratio=1e-5)
    knots = paths.knots(TARGET)
    sizes = np.array([np.count_nonzero(paths.coefficients(TARGET, lam)) for lam in knots])
    for (size, kind), equation in found(moment, logits).items():
        dense = np.zeros(N)
        dense[equation.sources] = equation.coefficients
        assert len(equation.sources) == max(sizes[sizes <= size])
        if kind == "lasso":
            lam = knots[sizes == len(equation.sources)].min()
            np.testing.assert_allclose(dense, paths.coefficients(TARGET, lam), atol=1e-12)
        else:
            plain = LinearRegression(fit_intercept=False).fit(
                logits[:, equation.sources], logits[:, TARGET]
            )
            np.testing.assert_allclose(dense[equation.sources], plain.coef_, rtol=1e-8)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_left_out_means_refitted_without_the_image(moment, logits, share):
    own = logits[:2]
    weighted = weighted_moment(moment, own, share)
    equation = found(weighted, logits, share)[4, "refit"]
    support = equation.sources
    for image in (2, 40, 79):
        without = weighted - (1 - share) / N_IMAGES * np.outer(logits[image], logits[image])
        weights = np.linalg.solve(without[np.ix_(support, support)], without[support, TARGET])
        np.testing.assert_allclose(
            equation.left_out[image], logits[image, support] @ weights, rtol=1e-8
        )


def test_weight_is_replication_of_the_own_images(moment, logits):
    """With a share such that each own image stands there 25 times in all, the moment is that of the data
    set in which it does, and scikit-learn's Lasso on that data set gives the same equation."""
    own, times = logits[:3], 25
    added = times - 1
    share = added * 3 / (N_IMAGES + added * 3)
    assert replication(share, N_IMAGES, 3) == pytest.approx(times)
    rows = np.vstack([logits, np.repeat(own, added, axis=0)])
    weighted = weighted_moment(moment, own, share)
    np.testing.assert_allclose(weighted, rows.T @ rows / len(rows), rtol=1e-12, atol=1e-12)
    assert np.abs(weighted - moment).max() > 0.1, "control: without weight it is another"
    rest = np.flatnonzero(np.arange(N) != TARGET)
    paths = covlasso_path(weighted, [TARGET], max_parents=8)
    for lam in paths.knots(TARGET)[2:7:2]:
        peer = Lasso(alpha=lam / 2, fit_intercept=False, tol=1e-14, max_iter=1_000_000)
        peer.fit(rows[:, rest], rows[:, TARGET])
        np.testing.assert_allclose(paths.coefficients(TARGET, lam)[rest], peer.coef_, atol=1e-7)


def test_without_share_or_own_images_the_moment_is_the_plain_one(moment, logits):
    assert weighted_moment(moment, logits[:3], 0.0) is moment
    assert weighted_moment(moment, logits[:0], 0.3) is moment
