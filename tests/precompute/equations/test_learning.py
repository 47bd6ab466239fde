"""Whether more images would help: the same search on parts of the fit images, judged on the same others."""

import numpy as np
import pytest

from precompute.atlas.schema import LEARNING
from precompute.covlasso import covlasso_path
from precompute.equations import folds
from precompute.equations.batches import Batch
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.folds import moments_of
from precompute.equations.yardsticks.learning import learning_table

SEED = 5


def tried(logits: np.ndarray, n_fit: int):
    """The table of a network whose first `n_fit` images are fitted on, the others held out."""
    parts = {"fit": logits[:n_fit], "holdout": logits[n_fit:]}

    def batches(split: str):
        for start in range(0, len(parts[split]), 64):
            rows = parts[split][start : start + 64]
            yield Batch(rows, rows, np.zeros(len(rows), int))

    problem = Problem(np.arange(logits.shape[1]), FitOptions())
    sizes = {split: len(rows) for split, rows in parts.items()}
    whole = moments_of(batches("fit"), n_fit)
    return learning_table(batches, problem, whole, sizes, SEED)


def noisy(n: int, n_categories: int = 12, noise: float = 1.0) -> np.ndarray:
    """Every logit is three hidden features and noise."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(n, 3)) @ rng.normal(size=(3, n_categories))
    return features + noise * rng.normal(size=(n, n_categories))


def by_hand(fit: np.ndarray, held: np.ndarray) -> float:
    """Median held-out R² of refit equations of eight parents, one target after the other."""
    found = []
    paths = covlasso_path(fit.T @ fit / len(fit), max_parents=8)
    for target in range(fit.shape[1]):
        knots = paths.knots(target)
        support = next(
            np.flatnonzero(w) for w in (paths.coefficients(target, lam) for lam in knots[::-1])
            if (w != 0).sum() <= 8
        )  # fmt: skip
        weights, *_ = np.linalg.lstsq(fit[:, support], fit[:, target], rcond=None)
        off = held[:, target] - held[:, support] @ weights
        found.append(1 - (off**2).mean() / held[:, target].var())
    return float(np.median(found))


def test_every_part_is_solved_and_judged_as_if_there_were_no_other():
    logits = noisy(200)
    table = tried(logits, 120)
    assert table.columns.tolist() == LEARNING.columns
    assert table["n_fit"].tolist() == [30, 60, 120] and table["n_draws"].tolist() == [4, 2, 1]
    dealt = np.random.default_rng(SEED).permutation(np.arange(120) % 4)
    fit, held = logits[:120], logits[120:]
    quarters = [fit[dealt == k] for k in range(4)]
    halves = [fit[dealt < 2], fit[dealt >= 2]]
    wanted = [
        np.mean([by_hand(part, held) for part in parts]) for parts in (quarters, halves, [fit])
    ]
    np.testing.assert_allclose(table["r2_refit"], wanted, rtol=1e-6)


def test_more_images_help_where_noise_hides_what_is_there():
    table = tried(noisy(1040), 40)
    assert table["r2_refit"].is_monotonic_increasing
    assert np.diff(table["r2_refit"]).min() > 0.02


def test_more_images_do_not_help_where_few_tell_all():
    """The control: without noise three features are known from a handful of images."""
    table = tried(noisy(1040, noise=0.0), 40)
    assert table["r2_refit"].to_numpy() == pytest.approx(1.0, abs=1e-6)


def test_nothing_is_learned_where_there_is_nothing():
    logits = np.random.default_rng(1).normal(size=(600, 12))
    assert tried(logits, 400)["r2_refit"].max() < 0.02


def test_of_very_many_categories_one_quarter_and_the_half_around_it_are_drawn(monkeypatch):
    monkeypatch.setattr(folds, "MANY", 5)
    logits = noisy(200)
    table = tried(logits, 120)
    assert table["n_fit"].tolist() == [30, 60, 120] and table["n_draws"].tolist() == [1, 1, 1]
    dealt = np.random.default_rng(SEED).permutation(np.arange(120) % 4)
    fit, held = logits[:120], logits[120:]
    for row, part in enumerate((dealt == 0, dealt <= 1, dealt < 4)):
        assert table["r2_refit"][row] == pytest.approx(by_hand(fit[part], held), rel=1e-6)
