"""The dense ridge map, against scikit-learn on the images themselves."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from precompute.equations.fit import FitOptions, Problem
from precompute.equations.moments import Moments
from precompute.equations.yardsticks import dense


def summed(sources, targets=None):
    moments = Moments(sources.shape[1], None if targets is None else targets.shape[1])
    moments.update(sources, targets)
    return moments


@pytest.fixture(scope="module")
def logits():
    rng = np.random.default_rng(0)
    return rng.normal(0.5, 1.0, (300, 4)) @ rng.normal(size=(4, 12)) + 0.3 * rng.normal(
        size=(300, 12)
    )


@pytest.mark.parametrize("penalty", dense.PENALTIES)
def test_within_a_network_it_is_ridge_on_all_others_without_a_constant(logits, penalty):
    moments = Problem(np.arange(12), FitOptions()).judged(summed(logits))
    found = dense.ridge(moments, np.arange(12), np.array([0, 7]), penalty)
    for column, target in enumerate((0, 7)):
        others = np.delete(np.arange(12), target)
        # scikit-learn sums over images, and M is a mean.
        alpha = penalty * (logits**2).mean() * len(logits)
        wanted = Ridge(alpha=alpha, fit_intercept=False).fit(logits[:, others], logits[:, target])
        np.testing.assert_allclose(found[others, column], wanted.coef_, rtol=1e-6, atol=1e-9)
        assert found[target, column] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("excluded", [-1, 3])
def test_a_link_has_a_constant_and_leaves_the_excluded_source_out(logits, excluded):
    targets, sources = logits[:, :2] + 5, logits[:, 2:]
    exclude = np.array([excluded, -1])
    fit, held = slice(0, 200), slice(200, 300)
    problem = Problem(exclude, FitOptions(), constant=True)
    judged = problem.judged(summed(sources[fit], targets[fit]))
    weights = dense.ridge(judged, exclude, np.array([0]), 1e-2)[:, 0]
    allowed = [j for j in range(10) if j != excluded]
    power = sources[fit].var(axis=0).mean()
    model = Ridge(alpha=1e-2 * power * 200).fit(sources[fit][:, allowed], targets[fit, 0])
    np.testing.assert_allclose(weights[allowed], model.coef_, rtol=1e-6, atol=1e-9)
    if excluded >= 0:
        assert weights[excluded] == pytest.approx(0, abs=1e-12)
    assert weights @ judged.source_mean != pytest.approx(judged.target_mean[0]), "so it needs one"
    holdout = problem.held_out(summed(sources[held], targets[held]), judged)
    residual = targets[held, 0] - model.predict(sources[held][:, allowed])
    power = dense._power(weights[:, None], np.array([0]), holdout)
    assert power[0] == pytest.approx((residual**2).mean(), rel=1e-6)


def test_the_penalty_is_the_one_with_the_least_error_on_a_fold_left_out():
    rng = np.random.default_rng(1)
    for noise, expected in ((1e-3, dense.PENALTIES[0]), (3.0, dense.PENALTIES[-1])):
        logits = rng.normal(size=(60, 3)) @ rng.normal(size=(3, 40)) + noise * rng.normal(
            size=(60, 40)
        )
        problem = Problem(np.arange(40), FitOptions())
        folds = [summed(part) for part in np.split(logits, 5)]
        errors = []
        for penalty in dense.PENALTIES:
            total = 0.0
            test, train = logits[:12], logits[12:]
            for target in range(40):
                others = np.delete(np.arange(40), target)
                alpha = penalty * (train**2).mean() * len(train)
                model = Ridge(alpha=alpha, fit_intercept=False)
                model.fit(train[:, others], train[:, target])
                residual = test[:, target] - model.predict(test[:, others])
                total += (residual**2).mean() / (logits[:, target] ** 2).mean()
            errors.append(total)
        assert dense.choose_penalty(folds, problem) == dense.PENALTIES[int(np.argmin(errors))]
        assert dense.choose_penalty(folds, problem) == expected
