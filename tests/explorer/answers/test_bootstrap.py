"""Bootstrap intervals against a plain loop over the same resamples, and against known truth."""

import numpy as np
import pytest

from explorer.answers.evidence import bootstrap as intervals
from explorer.answers.evidence import heldout
from explorer.answers.evidence.bootstrap import FIGURES, MOST, N_DRAWS, SEED, bootstrap, draws

SD, NOISE = 3.0, 1.5


def sample(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits of n images, and an equation that misses each by independent noise."""
    rng = np.random.default_rng(seed)
    true_logit = rng.normal(1, SD, n)
    return true_logit, true_logit - rng.normal(0, NOISE, n)


def by_hand(true_logit, predicted, sd: float, origin: float) -> dict[str, np.ndarray]:
    """`heldout.measure` on every resample, image by image."""
    n = len(true_logit)
    logits = np.column_stack([true_logit, np.zeros(n)])
    images = heldout.Holdout.of([str(k) for k in range(n)], np.zeros(n, int), logits)
    rows = np.random.default_rng(SEED).integers(n, size=(N_DRAWS, n))
    found = [heldout.measure(images.take(row), 0, predicted[row], sd, origin) for row in rows]
    return {
        name: np.quantile([getattr(figures, name) for figures in found], [0.025, 0.975])
        for name in FIGURES
    }


@pytest.mark.parametrize("origin", [0.0, 1.2])
def test_the_intervals_are_those_of_a_plain_loop(origin):
    true_logit, predicted = sample(150)
    found = bootstrap(true_logit, predicted, SD, origin)
    for name, ends in by_hand(true_logit, predicted, SD, origin).items():
        # both in float64; only the order of the sums differs
        assert found[name] == pytest.approx(ends, rel=1e-9), name


def test_they_cover_the_truth_as_often_as_they_promise():
    # the equation misses by N(0, NOISE), a logit has power 1 + SD^2 and variance SD^2
    truth = {"error": NOISE**2 / (1 + SD**2), "r2": 1 - NOISE**2 / SD**2}
    hits = {name: 0 for name in truth}
    trials = 300
    for seed in range(trials):
        found = bootstrap(*sample(400, seed), SD)
        for name, value in truth.items():
            low, high = found[name]
            hits[name] += low <= value <= high
    for name, count in hits.items():
        # four standard errors of a binomial share are 0.05; a little is lost to the finite sample
        assert 0.90 <= count / trials <= 0.985, (name, count)


def test_many_images_are_drawn_in_groups_and_give_the_same_width(monkeypatch):
    true_logit, predicted = sample(3 * MOST + 7)
    order, starts, counts = draws(len(true_logit))
    assert sorted(order) == list(range(len(true_logit)))
    assert counts.shape == (N_DRAWS, MOST) and (np.diff(starts) >= 1).all()
    grouped = bootstrap(true_logit, predicted, SD)
    monkeypatch.setattr(intervals, "MOST", len(true_logit))
    draws.cache_clear()
    whole = bootstrap(true_logit, predicted, SD)
    draws.cache_clear()
    for name in FIGURES:
        # two sets of 1,000 draws: a width differs by about 5 %
        assert np.diff(grouped[name]) == pytest.approx(np.diff(whole[name]), rel=0.25), name
        assert np.mean(grouped[name]) == pytest.approx(np.mean(whole[name]), abs=0.003), name


def test_a_perfect_equation_leaves_nothing_to_chance():
    true_logit, _ = sample(60)
    found = bootstrap(true_logit, true_logit, SD)
    assert found == {
        "error": (0, 0), "r2": (1, 1), "within_half_sd": (1, 1), "within_one_sd": (1, 1)
    }  # fmt: skip


def test_a_constant_logit_has_no_r2():
    found = bootstrap(np.full(50, 2.0), np.full(50, 1.0), 0.0)
    assert not np.isfinite(found["r2"]).any()
    assert found["error"] == pytest.approx((0.25, 0.25))
