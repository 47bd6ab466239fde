"""The pull of a source against CovLasso itself, and the penalty's gradient against finite differences."""

import numpy as np
import pytest
import torch

from precompute.covlasso import covlasso_path
from precompute.cutting.penalty import CutPenalty
from precompute.cutting.pull import Cuts, pulls, residual_weights, selected, solution

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


def test_the_gradient_is_that_of_finite_differences(logits, moment):
    cuts = Cuts(np.array([0, 5]), np.array([1, 6]), np.array([0.1, 0.2]))
    penalty = CutPenalty(cuts, margin=0.1)
    penalty.refresh(moment)
    batch = torch.tensor(logits[:20], requires_grad=True)

    def value(given: torch.Tensor) -> torch.Tensor:
        penalty._average = None
        return penalty(given)

    assert torch.autograd.gradcheck(value, batch, eps=1e-6, atol=1e-6)
    (slope,) = torch.autograd.grad(value(batch), batch)
    assert slope.abs().max() > 0, "control: there is something to check"


def test_a_pull_below_lambda_costs_nothing(logits, moment):
    cuts = Cuts(np.array([0]), np.array([7]), np.array([0.5]))
    penalty = CutPenalty(cuts)
    penalty.refresh(moment)
    assert penalty(torch.tensor(logits)) == 0


def test_the_running_average_is_one_and_the_newest_batch_has_the_gradient(logits, moment):
    cuts = Cuts(np.array([0]), np.array([1]), np.array([0.01]))
    penalty = CutPenalty(cuts, keep=0.75)
    penalty.refresh(moment)
    pulled = []
    for start in (0, 100):
        batch = torch.tensor(logits[start : start + 100], requires_grad=True)
        cost = penalty(batch)
        rows = residual_weights(moment, cuts)
        part = logits[start : start + 100]
        pulled.append(2 * np.mean(part[:, 1] * (part @ rows[0])))
    average = 0.75 * pulled[0] + 0.25 * pulled[1]
    assert cost.item() == pytest.approx((abs(average) - 0.01) ** 2, rel=1e-9)
    cost.backward()
    assert batch.grad.abs().max() > 0
