"""The median R² of a link with its interval: against a plain loop, and against known truth."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import r2_score

from precompute.atlas import schema
from precompute.equations.batches import Batch
from precompute.equations.median_r2 import N_RESAMPLES, HeldOutImages, median_table
from precompute.resamples import LEVEL, SEED, draws

N_SOURCES, N_TARGETS = 6, 5


def batches_of(targets: np.ndarray, sources: np.ndarray, size: int = 64):
    """A function that gives the images batch by batch, as `JoinedLogits` does."""

    def batches():
        for start in range(0, len(targets), size):
            rows = slice(start, start + size)
            yield Batch(targets[rows], sources[rows], np.zeros(len(targets[rows]), int))

    return batches


def equations(weights: np.ndarray, constants: np.ndarray, choice: str = "readable") -> pd.DataFrame:
    """Rows of dependencies.parquet; refit coefficients are 10 % larger, their constants 1 less."""
    target, source = np.nonzero(weights)
    found = pd.DataFrame({"choice": choice, "target": target, "source": source})
    found["coefficient"] = weights[target, source]
    found["intercept"] = constants[target]
    return found.assign(refit=1.1 * found["coefficient"], intercept_refit=found["intercept"] - 1)


@pytest.fixture
def linked():
    """Held-out images of two networks, and equations of all targets but the third, which has none."""
    rng = np.random.default_rng(3)
    sources = rng.normal(2, 1, (150, N_SOURCES))
    weights = rng.normal(size=(N_TARGETS, N_SOURCES)) * (rng.random((N_TARGETS, N_SOURCES)) < 0.5)
    weights[:, 0] = 0.7
    weights[2] = 0
    constants = rng.normal(size=N_TARGETS)
    targets = sources @ weights.T + constants + rng.normal(0, 1, (150, N_TARGETS))
    return targets, sources, weights, constants


def by_hand(targets, predicted, rows) -> np.ndarray:
    """Median over targets of scikit-learn's R², on each resample."""
    return np.array([
        np.median(r2_score(targets[row], predicted[row], multioutput="raw_values")) for row in rows
    ])  # fmt: skip


@pytest.mark.parametrize("suffix", ["", "_refit"])
def test_median_and_interval_are_those_of_a_plain_loop(linked, suffix):
    targets, sources, weights, constants = linked
    held_out = batches_of(targets, sources)
    (row,) = (
        median_table(equations(weights, constants), held_out, 150)
        .query("n_targets > 0")
        .itertuples()
    )
    assert row.choice == "readable" and row.n_targets == N_TARGETS - 1
    factor, shift = (1.1, -1) if suffix else (1, 0)
    has = weights.any(axis=1)
    predicted = (factor * sources @ weights.T + constants + shift)[:, has]
    rows = np.random.default_rng(SEED).integers(150, size=(draws(150).counts.shape[0], 150))
    point, *drawn = by_hand(targets[:, has], predicted, [np.arange(150), *rows[:N_RESAMPLES]])
    reach = 1.96 * np.sqrt(np.mean((np.array(drawn) - point) ** 2))
    found = [getattr(row, f"r2_median{suffix}{end}") for end in ("", "_low", "_high")]
    # resampled sums are float32
    assert found == pytest.approx([point, point - reach, point + reach], abs=1e-5)


def test_a_choice_that_no_target_has_is_nan(linked):
    targets, sources, weights, constants = linked
    table = median_table(equations(weights, constants, "best"), batches_of(targets, sources), 150)
    assert table["choice"].tolist() == list(schema.CHOICES)
    assert table["n_targets"].tolist() == [0, 0, N_TARGETS - 1]
    assert table["r2_median_low"].isna().tolist() == [True, True, False]
    assert table.columns.tolist() == schema.MEDIAN.columns


def test_large_logits_that_vary_little_keep_their_digits(linked):
    """Control: sums of squares about zero would lose them in float32."""
    targets, sources, weights, constants = linked
    near = median_table(equations(weights, constants), batches_of(targets, sources), 150)
    far = median_table(equations(weights, constants + 1e4), batches_of(targets + 1e4, sources), 150)
    columns = [name for name in near if name.startswith("r2_median")]
    np.testing.assert_allclose(near[columns], far[columns], atol=1e-4)
    shifted = (targets + 1e4).astype(np.float32)
    naive = (shifted**2).sum(axis=0) - shifted.sum(axis=0) ** 2 / np.float32(150)
    assert np.abs(naive / (150 * targets.var(axis=0)) - 1).max() > 0.1


def test_a_constant_logit_counts_as_met_or_missed():
    sources = np.random.default_rng(0).normal(size=(40, 1))
    targets = np.full((40, 2), 0.3)
    rows = equations(np.array([[1.0], [0.0]]), np.array([0.0, 0.0]))
    images = HeldOutImages(batches_of(targets, sources, 7), 40)
    missed = images.median_r2(rows, "coefficient", "intercept")
    exact = rows.assign(coefficient=0.0, intercept=0.3)
    assert missed == (-np.inf,) * 3
    assert images.median_r2(exact, "coefficient", "intercept") == (1.0, 1.0, 1.0)


def test_more_images_than_are_drawn_one_by_one_give_the_same_interval(linked, monkeypatch):
    rng = np.random.default_rng(1)
    _, _, weights, constants = linked
    sources = rng.normal(2, 1, (2400, N_SOURCES))
    targets = sources @ weights.T + constants + rng.normal(0, 1, (2400, N_TARGETS))
    table = equations(weights, constants)
    grouped = median_table(table, batches_of(targets, sources), 2400).loc[1]
    monkeypatch.setattr("precompute.resamples.MOST", 2400)
    draws.cache_clear()
    whole = median_table(table, batches_of(targets, sources), 2400).loc[1]
    draws.cache_clear()
    assert grouped["r2_median"] == pytest.approx(whole["r2_median"], rel=1e-12)
    width = [row["r2_median_high"] - row["r2_median_low"] for row in (grouped, whole)]
    # two sets of 400 draws: a width differs by about 8 %
    assert width[0] == pytest.approx(width[1], rel=0.35)


def test_the_interval_covers_the_truth_and_one_over_independent_categories_does_not():
    """All targets miss by one noise that they share, as logits of one image do: R² of each is 1/2.

    Control: an interval that draws every target's images on their own, as if each had images of its own.
    """
    n, n_targets, trials = 80, 12, 150
    rows = equations(np.ones((n_targets, 1)), np.zeros(n_targets))
    hits = {"ours": 0, "each on its own": 0}
    for seed in range(trials):
        rng = np.random.default_rng(seed)
        sources = rng.normal(size=(n, 1))
        noise = rng.normal(size=(n, 1)) * 0.999**0.5 + rng.normal(size=(n, n_targets)) * 0.001**0.5
        targets = sources + noise
        images = HeldOutImages(batches_of(targets, sources), n)
        _, low, high = images.median_r2(rows, "coefficient", "intercept")
        hits["ours"] += low <= 0.5 <= high
        drawn = rng.integers(n, size=(60, n, n_targets))
        f, off = (np.take_along_axis(a[None], drawn, axis=1) for a in (targets, targets - sources))
        medians = np.median(1 - (off**2).mean(axis=1) / f.var(axis=1), axis=1)
        low, high = np.quantile(medians, LEVEL)
        hits["each on its own"] += low <= 0.5 <= high
    # four standard errors of a binomial share are 0.07
    assert 0.88 <= hits["ours"] / trials <= 1.0, hits
    assert hits["each on its own"] / trials < 0.6, hits


def test_rare_images_that_carry_the_variance_bias_resamples_and_the_interval_knows_it():
    """One image in a hundred shows a category, with a large logit. Control: quantiles of the resamples,
    which lie on the wrong side of what all images would give."""
    n, n_targets, trials, rate, large = 400, 60, 60, 0.01, 4.0
    rows = equations(np.eye(n_targets), np.zeros(n_targets))
    explained = rate * 6 * large**2 - (2 * rate * large) ** 2 + 0.36  # a gamma's square has mean 6
    missed = 0.64 + rate * 6 * (0.6 * large) ** 2
    truth = explained / (explained + missed)
    hits = {"ours": 0, "quantiles": 0}
    for seed in range(trials):
        rng = np.random.default_rng(seed)
        own = large * (rng.random((n, n_targets)) < rate) * rng.gamma(2, 1, (n, n_targets))
        sources = own + 0.6 * rng.normal(size=(n, 1))
        off = 0.8 * rng.normal(size=own.shape) + 0.6 * own * rng.normal(size=own.shape)
        images = HeldOutImages(batches_of(sources + off, sources), n)
        _, low, high = images.median_r2(rows, "coefficient", "intercept")
        hits["ours"] += low <= truth <= high
        drawn = draws(n).counts[:N_RESAMPLES]
        logits = sources + off
        total, square, miss = (drawn @ part / n for part in (logits, logits**2, off**2))
        low, high = np.quantile(np.median(1 - miss / (square - total**2), axis=1), LEVEL)
        hits["quantiles"] += low <= truth <= high
    assert hits["ours"] / trials >= 0.8, hits
    assert hits["quantiles"] / trials < 0.4, hits
