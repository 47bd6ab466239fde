"""Random and most correlated parents, and guessing the mean, against numpy on the images themselves."""

import numpy as np
import pytest

from precompute.equations.batches import Batch
from precompute.equations.evaluation import mean_squared_error
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.moments import Moments
from precompute.equations.yardsticks.baselines import (
    N_DRAWS,
    correlated_parents,
    random_parents,
    within_of_mean,
)

SIZES = [1, 2, 4, 7]
CLOSE = {"rtol": 1e-9, "atol": 1e-12}


def summed(sources, targets=None):
    moments = Moments(sources.shape[1], None if targets is None else targets.shape[1])
    moments.update(sources, targets)
    return moments


@pytest.fixture(scope="module")
def network():
    """Fit and held-out logits (N, 10) that depend on each other and are not centred."""
    rng = np.random.default_rng(0)
    logits = rng.normal(1.0, 1.0, (400, 10)) @ (np.eye(10) + 0.4 * rng.normal(size=(10, 10)))
    logits = stored(logits)
    return logits[:250], logits[250:]


def stored(logits):
    """As an atlas rounds them."""
    return logits.astype(np.float16).astype(np.float64)


def views(fit, holdout, problem, by_images=False):
    """The fit images as the solver and as judges see them, the judge of equations on held-out ones, and the
    targets on them."""
    images = summed(*fit)
    judged = problem.judged(images)
    moments = problem.held_out(summed(*holdout), judged)

    def held_out():
        for start in range(0, len(holdout[0]), 40):
            parts = [array[start : start + 40].astype(np.float32) for array in holdout]
            yield Batch(parts[-1], parts[0], np.zeros(len(parts[0]), np.int32))

    def judge(equations):
        if by_images:
            return mean_squared_error(equations, judged, held_out())
        return equations.residual_power(moments)

    return problem.seen(images), judged, judge, problem.spread(held_out(), judged)


def by_lstsq(fit, holdout, target, parents, constant):
    """Held-out residuals of least squares on the images."""
    (b, a), (b_held, a_held) = fit, holdout
    b, b_held = b[:, parents], b_held[:, parents]
    if constant:
        b, b_held = (np.column_stack([x, np.ones(len(x))]) for x in (b, b_held))
    return a_held[:, target] - b_held @ np.linalg.lstsq(b, a[:, target])[0]


@pytest.mark.parametrize("by_images", [False, True])
@pytest.mark.parametrize("constant", [False, True])
def test_correlated_parents_are_the_largest_cosines_refitted(network, constant, by_images):
    fit, holdout = network
    problem = Problem(np.arange(10), FitOptions(), constant)
    seen = views((fit,), (holdout,), problem, by_images)
    error, r2 = correlated_parents(*seen, problem.exclude, SIZES)
    for target in range(10):
        cosine = np.abs(fit.T @ fit[:, target]) / np.linalg.norm(fit, axis=0)
        order = [j for j in np.argsort(-cosine) if j != target]
        for column, size in enumerate(SIZES):
            residual = by_lstsq((fit, fit), (holdout, holdout), target, order[:size], constant)
            wanted = (residual**2).mean()
            a = holdout[:, target]
            np.testing.assert_allclose(error[target, column], wanted / (a**2).mean(), **CLOSE)
            np.testing.assert_allclose(r2[target, column], 1 - wanted / a.var(), **CLOSE)


def test_with_all_sources_a_random_draw_is_least_squares_on_all_but_the_target(network):
    fit, holdout = network
    problem = Problem(np.arange(10), FitOptions())
    _, *judged = views((fit,), (holdout,), problem)
    error, _ = random_parents(*judged, problem.exclude, [3, 9], seed=1)
    for target in range(10):
        others = [j for j in range(10) if j != target]
        residual = by_lstsq((fit, fit), (holdout, holdout), target, others, False)
        wanted = (residual**2).mean() / (holdout[:, target] ** 2).mean()
        np.testing.assert_allclose(error[target, 1], wanted, **CLOSE)
    # The target itself among the parents would leave nothing.
    assert (error > 1e-6).all()


def test_one_random_parent_is_the_mean_of_seeded_draws_over_all_allowed_ones(network):
    fit, holdout = network
    problem = Problem(np.arange(10), FitOptions())
    _, *judged = views((fit,), (holdout,), problem)
    singles = np.array([
        [
            (by_lstsq((fit, fit), (holdout, holdout), t, [j], False) ** 2).mean()
            / (holdout[:, t] ** 2).mean() if j != t else np.nan
            for j in range(10)
        ]
        for t in range(10)
    ])  # fmt: skip
    draws = np.array(
        [random_parents(*judged, problem.exclude, [1], seed)[0][:, 0] for seed in range(200)]
    )
    assert (draws >= np.nanmin(singles, axis=1) - 1e-12).all()
    assert (draws <= np.nanmax(singles, axis=1) + 1e-12).all()
    # The mean of 200 x 5 draws: four standard errors.
    allowed = 4 * np.nanstd(singles, axis=1) / np.sqrt(200 * N_DRAWS)
    assert (np.abs(draws.mean(axis=0) - np.nanmean(singles, axis=1)) < allowed).all()
    again = random_parents(*judged, problem.exclude, [1], 3)[0][:, 0]
    assert (again == draws[3]).all() and not (draws[3] == draws[4]).all()


def test_the_excluded_source_of_a_link_is_never_a_parent():
    rng = np.random.default_rng(2)
    sources = rng.normal(size=(300, 6))
    targets = sources[:, :3] + 0.01 * rng.normal(size=(300, 3))
    sources, targets = stored(sources), stored(targets)
    fit, holdout = (sources[:200], targets[:200]), (sources[200:], targets[200:])
    for exclude, most in ((np.array([0, 1, 2]), 0.1), (np.array([-1, -1, -1]), 1.0)):
        problem = Problem(exclude, FitOptions(), constant=True)
        seen, *judged = views(fit, holdout, problem)
        near = correlated_parents(seen, *judged, exclude, [1, 5])[1]
        drawn = random_parents(*judged, exclude, [5], 0)[1]
        assert (near <= most).all() and (drawn <= most).all()
    assert (near > 0.99).all(), "the control: allowed, it explains all"


def test_a_source_that_repeats_another_takes_no_part(network):
    fit, holdout = (np.column_stack([x, x[:, 1:2]]) for x in network)
    problem = Problem(np.arange(11), FitOptions())
    error, _ = correlated_parents(*views((fit,), (holdout,), problem), problem.exclude, [10])
    residual = by_lstsq((fit, fit), (holdout, holdout), 0, list(range(1, 10)), False)
    np.testing.assert_allclose(
        error[0, 0], (residual**2).mean() / (holdout[:, 0] ** 2).mean(), rtol=1e-7
    )


def test_guessing_the_mean_is_counted_as_by_hand(network):
    fit, holdout = network
    labels = np.zeros(len(holdout), np.int32)

    def batches(split):
        for part in np.split(np.arange(len(holdout)), [40, 41]):
            yield Batch(holdout[part], holdout[part], labels[part])

    mean, sd = fit.mean(axis=0), holdout.std(axis=0)
    wanted = (np.abs(holdout - mean) < 0.5 * sd).mean(axis=0)
    assert within_of_mean(batches, mean, sd).tolist() == pytest.approx(wanted.tolist())
    # A normal logit lies within half a standard deviation of its mean in 38 % of cases.
    assert wanted.mean() == pytest.approx(0.383, abs=0.05)
