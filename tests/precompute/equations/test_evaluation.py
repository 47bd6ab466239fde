"""Held-out truth, against brute force over the images."""

import numpy as np
import pytest

from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.evaluation import baseline, held_out_figures
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.folds import SeparateFolds, dealt_at_random, dealt_in_runs, fold_moments
from precompute.equations.moments import Moments
from precompute.equations.sparsity.choices import choose
from precompute.equations.sparsity.cross_validation import cross_validate
from precompute.equations.yardsticks.control import control

SIZES = [1, 2, 3, 4, 5, 6]


def batches_of(logits, labels, size=64):
    def batches(split):
        half = {"fit": slice(0, len(logits) // 2), "holdout": slice(len(logits) // 2, None)}[split]
        x, y = logits[half], labels[half]
        for start in range(0, len(x), size):
            part = x[start : start + size]
            yield Batch(part, part, y[start : start + size])

    return batches


@pytest.fixture(scope="module")
def scene(planted):
    batches = batches_of(planted.logits, planted.truth.astype(np.int32))
    folds = fold_moments(batches("fit"), dealt_in_runs(len(planted.logits) // 2, seed=0))
    fit = sum(folds[1:], folds[0])
    problem = Problem(np.arange(planted.logits.shape[1]), FitOptions(max_parents=6))
    levels = Equations.from_solved(problem.solve(fit.centred())).levels()
    held = planted.logits[len(planted.logits) // 2 :]
    dealt = dealt_in_runs(len(planted.logits) // 2, seed=0)
    folding = SeparateFolds(folds), lambda: batches("fit"), dealt
    return batches, folding, fit.centred(), levels, held, problem


@pytest.mark.parametrize("dealt", [dealt_in_runs, dealt_at_random])
def test_folds_are_balanced_and_do_not_depend_on_the_batch_size(planted, dealt):
    sizes = []
    for size in (7, 64):
        batches = batches_of(planted.logits, planted.truth, size)
        folds = fold_moments(batches("fit"), dealt(400, seed=3))
        sizes.append([fold.n_images for fold in folds])
        total = sum(folds[1:], folds[0])
        half = planted.logits[: len(planted.logits) // 2].astype(float)
        # Products of float32 logits, summed in another order: 1e-10 of their size.
        np.testing.assert_allclose(total.gram, half.T @ half, rtol=1e-10, atol=1e-8)
    assert sizes[0] == sizes[1] == [80] * 5


def test_both_dealings_are_those_that_atlases_were_made_with():
    assert dealt_in_runs(12, seed=0).tolist() == [2, 4, 3, 0, 1, 4, 1, 2, 0, 3, 0, 2]
    assert dealt_at_random(12, seed=0).tolist() == [4, 2, 2, 4, 0, 1, 0, 3, 1, 0, 3, 1]
    assert sorted(dealt_in_runs(12, seed=0)[5:10]) == [0, 1, 2, 3, 4]


def test_replacing_a_logit_is_counted_as_by_hand(scene, planted):
    batches, _, fit, levels, held, _ = scene
    truth = planted.truth[len(planted.logits) // 2 :]
    sd = held.std(axis=0).astype(float)
    figures = held_out_figures(levels, fit, sd, batches, "label")
    for row in range(0, len(levels), 17):
        i, part = levels.target[row], slice(levels.ptr[row], levels.ptr[row + 1])
        predicted = held[:, levels.source[part]] @ levels.coefficient[part]
        replaced = held.copy()
        replaced[:, i] = predicted
        top = replaced.argmax(axis=1)
        assert figures.top1_after[row] == pytest.approx((top == truth).mean())
        is_target = truth == i
        assert figures.fpr_after[row] == pytest.approx((top[~is_target] == i).mean())
        if is_target.any():
            assert figures.recall_after[row] == pytest.approx((top[is_target] == i).mean())
        else:
            assert np.isnan(figures.recall_after[row])
        error = np.abs(held[:, i] - predicted)
        assert figures.within_half_sd[row] == pytest.approx((error < 0.5 * sd[i]).mean(), abs=1e-6)
        assert figures.within_one_sd[row] == pytest.approx((error < sd[i]).mean(), abs=1e-6)


def test_without_labels_the_models_own_top1_is_the_reference_and_said(planted):
    batches = batches_of(planted.logits, np.full(len(planted.logits), -1, np.int32))
    base = baseline(batches, planted.logits.shape[1])
    assert (base.top1, base.reference) == (1.0, "top1")
    labelled = baseline(
        batches_of(planted.logits, planted.truth.astype(np.int32)), planted.logits.shape[1]
    )
    held = planted.logits[len(planted.logits) // 2 :]
    right = (held.argmax(axis=1) == planted.truth[len(held) :]).mean()
    assert (labelled.top1, labelled.reference) == (pytest.approx(right), "label")


def test_planted_dependencies_are_recovered_and_shuffled_ones_are_not(scene, planted):
    batches, folds, fit, levels, held, problem = scene
    error, standard_error = cross_validate(*folds, problem, SIZES)
    few = choose(levels, error, standard_error, SIZES)["few"]
    chosen = levels.take(np.flatnonzero(few))
    holdout = Moments(planted.logits.shape[1])
    holdout.update(held)
    quality = chosen.refit(fit).r2(holdout.centred(like=fit))
    noise = control(batches, {"fit": 400, "holdout": 400}, problem, (fit, fit), SIZES, "m")
    for target, wanted in enumerate(planted.coefficients):
        row = np.flatnonzero(chosen.target == target)[0]
        sources = chosen.source[chosen.ptr[row] : chosen.ptr[row + 1]]
        assert set(np.flatnonzero(wanted)) <= set(sources)
        assert quality[row] > 0.95
        assert noise.r2[target].max() < 0.1, "shuffled rows leave nothing to explain"
        assert noise.error[target, -1] > 0.9


def test_cross_validated_errors_are_those_of_the_images(scene, planted):
    _, folds, _, _, _, problem = scene
    n = planted.logits.shape[1]
    error, _ = cross_validate(*folds, problem, SIZES)
    half = planted.logits[: len(planted.logits) // 2].astype(float)
    rng, deal = np.random.default_rng(0), []
    while len(deal) < len(half):
        deal.extend(rng.permutation(5))
    deal, total = np.array(deal[: len(half)]), 0.0
    for fold in range(5):
        train = Moments(n)
        train.update(half[deal != fold])
        levels = Equations.from_solved(problem.solve(train.centred())).levels()
        row = np.flatnonzero((levels.target == 2) & (levels.n_parents == 3))[0]
        part = slice(levels.ptr[row], levels.ptr[row + 1])
        test = half[deal == fold]
        residual = test[:, 2] - test[:, levels.source[part]] @ levels.coefficient[part]
        total += (residual**2).mean() / 5
    assert error[2, 2] == pytest.approx(total / (half[:, 2] ** 2).mean(), rel=1e-9)
