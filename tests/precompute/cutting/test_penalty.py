"""The pull of a source against CovLasso itself, and the penalty's gradient against finite differences."""

import numpy as np
import pytest
import torch

from precompute.covlasso import covlasso_path
from precompute.cutting.penalty import CutPenalty
from precompute.cutting.pull import Cuts, pulls, residual_weights, selected, solution
from precompute.cutting.running import RunningMoments

N = 12


@pytest.fixture
def logits() -> np.ndarray:
    """Category 0 leans on 1 and 2, category 5 on 2 and 6."""
    rng = np.random.default_rng(0)
    made = rng.normal(size=(400, N))
    made[:, 0] = 0.8 * made[:, 1] + 0.5 * made[:, 2] + 0.1 * made[:, 0]
    made[:, 5] = 0.6 * made[:, 2] - 0.7 * made[:, 6] + 0.1 * made[:, 5]
    return made


@pytest.fixture
def moment(logits) -> np.ndarray:
    return logits.T @ logits / len(logits)


def every_pair(lam: float) -> list[Cuts]:
    """Each pair alone."""
    return [
        Cuts(np.array([i]), np.array([j]), np.array([lam]))
        for i in range(N)
        for j in range(N)
        if i != j
    ]


@pytest.mark.parametrize("lam", [0.05, 0.3, 1.1])
def test_a_source_is_selected_just_where_its_pull_exceeds_lambda(moment, lam):
    kinds = set()
    for cuts in every_pair(lam):
        (pull,), (coefficient,) = pulls(moment, cuts), selected(moment, cuts)
        assert (abs(pull) > lam) == (coefficient != 0)
        assert coefficient == 0 or np.sign(pull) == np.sign(coefficient)
        kinds.add(coefficient != 0)
    assert kinds == {True, False}


def test_several_cuts_of_one_target_are_all_left_out(moment):
    cuts = Cuts(np.array([0, 0, 5]), np.array([1, 2, 6]), np.array([0.1, 0.1, 0.2]))
    rows = residual_weights(moment, cuts)
    assert (rows[:2, [1, 2]] == 0).all() and rows[2, 6] == 0 and rows[2, 2] < 0
    assert rows[[0, 1, 2], [0, 0, 5]].tolist() == [1, 1, 1]
    free = np.setdiff1d(np.arange(N), [1, 2])
    left = covlasso_path(moment[np.ix_(free, free)], [0], max_parents=N).coefficients(0, 0.1)
    np.testing.assert_allclose(-rows[0, free[1:]], left[1:], atol=1e-12)


def test_above_lambda_max_nothing_is_selected(moment):
    assert not solution(moment, 0, 100.0).any()


ZERO = np.zeros(N)


def test_the_gradient_is_that_of_finite_differences(logits, moment):
    cuts = Cuts(np.array([0, 5]), np.array([1, 6]), np.array([0.1, 0.2]))
    penalty = CutPenalty(cuts, keep=0.0, margin=0.1)
    penalty.refresh(moment, ZERO)
    batch = torch.tensor(logits[:20], requires_grad=True)
    assert torch.autograd.gradcheck(penalty, batch, eps=1e-6, atol=1e-6)
    (slope,) = torch.autograd.grad(penalty(batch), batch)
    assert slope.abs().max() > 0, "control: there is something to check"


def test_a_pull_below_lambda_costs_nothing(logits, moment):
    cuts = Cuts(np.array([0]), np.array([7]), np.array([0.5]))
    penalty = CutPenalty(cuts, keep=0.0)
    penalty.refresh(moment, ZERO)
    assert penalty(torch.tensor(logits)) == 0


def test_the_running_average_goes_on_from_the_moment_and_the_newest_batch_has_the_gradient(
    logits, moment
):
    cuts = Cuts(np.array([0]), np.array([1]), np.array([0.01]))
    penalty = CutPenalty(cuts, keep=0.75)
    penalty.refresh(moment, ZERO)
    average = pulls(moment, cuts)[0]
    rows = residual_weights(moment, cuts)
    for start in (0, 100):
        part = logits[start : start + 100]
        batch = torch.tensor(part, requires_grad=True)
        cost = penalty(batch)
        average = 0.75 * average + 0.25 * 2 * np.mean(part[:, 1] * (part @ rows[0]))
        assert cost.item() == pytest.approx((abs(average) / 0.01 - 1) ** 2, rel=1e-9)
    cost.backward()
    assert batch.grad.abs().max() > 0


def test_centred_equations_are_pulled_about_the_mean(logits):
    """Logits that are moved by a constant cost the same."""
    cuts = Cuts(np.array([0]), np.array([1]), np.array([0.1]))
    costs = []
    for shift in (0.0, 3.0):
        running = RunningMoments(logits + shift, center=True)
        penalty = CutPenalty(cuts, keep=0.5)
        penalty.refresh(*running.read())
        costs.append(penalty(torch.tensor(logits[:50] + shift)).item())
    assert costs[0] == pytest.approx(costs[1], rel=1e-9) and costs[0] > 0


def test_running_moments_of_whole_epochs_are_those_of_the_images(logits):
    running = RunningMoments(np.ones_like(logits), center=False)
    running.update(torch.tensor(logits))
    moment, point = running.read()
    np.testing.assert_allclose(moment, logits.T @ logits / len(logits), atol=1e-12)
    assert not point.any()
    half = RunningMoments(logits, center=True)
    half.update(torch.tensor(logits[:200]))
    mean = (logits.mean(axis=0) + logits[:200].mean(axis=0)) / 2
    np.testing.assert_allclose(half.read()[1], mean, atol=1e-12)
