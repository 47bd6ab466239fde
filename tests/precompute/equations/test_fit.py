"""What is solved, and about which point it is judged: links have a constant, single networks have none."""

import numpy as np
import pytest

from precompute.equations.equations import Equations
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.moments import Moments


def summed(sources, targets=None):
    moments = Moments(sources.shape[1], None if targets is None else targets.shape[1])
    moments.update(sources, targets)
    return moments


@pytest.fixture(scope="module")
def link():
    """Two networks' raw logits, whose zeros are not each other's."""
    rng = np.random.default_rng(0)
    sources = rng.normal(2.0, 1.0, size=(400, 8))
    targets = sources[:, :3] @ rng.normal(size=(3, 2)) - 7 + 0.1 * rng.normal(size=(400, 2))
    return (sources[:250], targets[:250]), (sources[250:], targets[250:])


@pytest.mark.parametrize("center", [False, True])
def test_a_links_refit_is_least_squares_with_a_constant_on_raw_logits(link, center):
    fit, (b, a) = link
    problem = Problem(np.array([-1, -1]), FitOptions(max_parents=4, center=center), constant=True)
    images = summed(*fit)
    judged = problem.judged(images)
    levels = Equations.from_solved(problem.solve(problem.seen(images))).levels()
    refit, held = levels.refit(judged), problem.held_out(summed(b, a), judged)
    without = levels.refit(images.centred())
    for row in range(len(levels)):
        part, target = slice(levels.ptr[row], levels.ptr[row + 1]), levels.target[row]
        parents = levels.source[part]
        design = np.column_stack([fit[0][:, parents], np.ones(250)])
        wanted = np.linalg.lstsq(design, fit[1][:, target])[0]
        np.testing.assert_allclose(refit.coefficient[part], wanted[:-1], rtol=1e-8)
        assert refit.intercept(judged)[row] == pytest.approx(wanted[-1])
        residual = a[:, target] - b[:, parents] @ wanted[:-1] - wanted[-1]
        assert refit.r2(held)[row] == pytest.approx(1 - (residual**2).mean() / a[:, target].var())
        power = (
            (a[:, target] ** 2).mean()
            if not center
            else ((a - fit[1].mean(0))[:, target] ** 2).mean()
        )
        assert refit.relative_error(held)[row] == pytest.approx((residual**2).mean() / power)
        through_zero = a[:, target] - b[:, parents] @ without.coefficient[part]
        assert (through_zero**2).mean() > 1.5 * (residual**2).mean(), "the control has no constant"


def test_lasso_coefficients_of_a_link_have_the_constant_of_the_means(link):
    fit, (b, a) = link
    problem = Problem(np.array([-1, -1]), FitOptions(max_parents=4), constant=True)
    images = summed(*fit)
    seen, judged = problem.seen(images), problem.judged(images)
    assert not seen.source_mean.any(), "the solver sees raw logits"
    levels = Equations.from_solved(problem.solve(seen)).levels()
    row = len(levels) - 1
    part, target = slice(levels.ptr[row], levels.ptr[row + 1]), levels.target[row]
    shift = (
        fit[1][:, target].mean()
        - fit[0][:, levels.source[part]].mean(axis=0) @ levels.coefficient[part]
    )
    assert levels.intercept(judged)[row] == pytest.approx(shift)
    residual = fit[1][:, target] - fit[0][:, levels.source[part]] @ levels.coefficient[part] - shift
    wanted = (residual**2).mean() / (fit[1][:, target] ** 2).mean()
    assert levels.relative_error(judged)[row] == pytest.approx(wanted)


def test_within_a_network_nothing_is_added(link):
    (logits, _), _ = link
    problem = Problem(np.arange(8), FitOptions(max_parents=4))
    images = summed(logits)
    seen, judged = problem.seen(images), problem.judged(images)
    np.testing.assert_array_equal(seen.moment, judged.moment)
    levels = Equations.from_solved(problem.solve(seen)).levels()
    assert (levels.intercept(judged) == 0).all()


@pytest.mark.parametrize("center", [False, True])
def test_a_part_is_solved_as_by_the_checked_door(link, center):
    fit, _ = link
    for images, exclude in ((summed(fit[0]), np.arange(8)), (summed(*fit), np.array([0, -1]))):
        problem = Problem(exclude, FitOptions(max_parents=4, center=center))
        checked = problem.solve(problem.seen(images))
        part = problem.solve_part(images, np.array([1]), max_parents=3)
        np.testing.assert_array_equal(part.knots(1), checked.knots(1)[: len(part.knots(1))])
        last = part.knots(1)[-1]
        np.testing.assert_array_equal(part.coefficients(1, last), checked.coefficients(1, last))
        assert (part.coefficients(1, last) != 0).sum() == 3
