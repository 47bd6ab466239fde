"""Bootstrap intervals against a plain loop over the same resamples, and against known truth."""

import numpy as np
import pytest
from scipy import stats

from explorer.answers.evidence import bootstrap as intervals
from explorer.answers.evidence import heldout
from explorer.answers.evidence.bootstrap import FIGURES, bootstrap
from precompute import resamples
from precompute.resamples import LEVEL, MOST, N_DRAWS, SEED, draws

SD, NOISE = 3.0, 1.5


def sample(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits of n images, and an equation that misses each by independent noise."""
    rng = np.random.default_rng(seed)
    true_logit = rng.normal(1, SD, n)
    return true_logit, true_logit - rng.normal(0, NOISE, n)


def heavy(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The same with a few large logits, as networks have them: two-sided exponential, of the same sd."""
    rng = np.random.default_rng(seed)
    true_logit = rng.laplace(1, SD / np.sqrt(2), n)
    return true_logit, true_logit - rng.normal(0, NOISE, n)


def by_hand(true_logit, predicted, origin: float, rows) -> dict[str, np.ndarray]:
    """`heldout.measure` on every resample (images by their numbers), image by image."""
    n = len(true_logit)
    logits = np.column_stack([true_logit, np.zeros(n)])
    images = heldout.Holdout.of([str(k) for k in range(n)], np.zeros(n, int), logits)
    found = [
        heldout.measure(images.take(row), 0, predicted[row], true_logit[row].std(), origin)
        for row in rows
    ]
    return {
        name: np.quantile([getattr(figures, name) for figures in found], LEVEL) for name in FIGURES
    }


@pytest.mark.parametrize("origin", [0.0, 1.2])
@pytest.mark.parametrize("make", [sample, heavy])
def test_the_intervals_are_those_of_a_plain_loop(make, origin):
    true_logit, predicted = make(150, 1)
    drawn = np.random.default_rng(SEED).integers(150, size=(N_DRAWS, 150))
    found = bootstrap(true_logit, predicted, origin)
    for name, ends in by_hand(true_logit, predicted, origin, drawn).items():
        # both in float64; only the order of the sums differs
        assert found[name] == pytest.approx(ends, rel=1e-9), name


@pytest.mark.parametrize("cells", [1, 1 << 21])
def test_groups_of_images_are_drawn_whole(monkeypatch, cells):
    """More images than are drawn one by one: a plain loop over the groups, in blocks of any size."""
    monkeypatch.setattr(resamples, "MOST", 40)
    monkeypatch.setattr(intervals, "CELLS", cells)
    draws.cache_clear()
    true_logit, predicted = heavy(150, 2)
    drawn = draws(150)
    groups = np.split(drawn.order, drawn.starts[1:])
    assert {len(group) for group in groups} == {3, 4}
    rows = [
        np.concatenate(
            [np.tile(group, int(times)) for group, times in zip(groups, row, strict=True)]
        )
        for row in drawn.counts
    ]
    found = bootstrap(true_logit, predicted, 0.0)
    draws.cache_clear()
    for name, ends in by_hand(true_logit, predicted, 0.0, rows).items():
        assert found[name] == pytest.approx(ends, rel=1e-9), name


def covered(make, n: int, trials: int, truth: dict[str, float], find) -> dict[str, float]:
    """In which share of trials the interval that `find` gives holds the truth."""
    hits = {name: 0 for name in truth}
    for seed in range(trials):
        found = find(*make(n, seed))
        for name, value in truth.items():
            low, high = found[name]
            hits[name] += low <= value <= high
    return {name: count / trials for name, count in hits.items()}


def test_they_cover_the_truth_as_often_as_they_promise():
    # the equation misses by N(0, NOISE), a logit has power 1 + SD^2 and variance SD^2
    truth = {"error": NOISE**2 / (1 + SD**2), "r2": 1 - NOISE**2 / SD**2}
    for name, share in covered(sample, 400, 300, truth, bootstrap).items():
        # four standard errors of a binomial share are 0.05; a little is lost to the finite sample
        assert 0.90 <= share <= 0.985, (name, share)


def test_a_share_within_half_a_deviation_is_covered_only_if_the_deviation_is_estimated_anew():
    """Control: the share within the deviation that the images at hand happened to have, held fixed."""

    def fixed_sd(true_logit, predicted):
        off, sd, drawn = np.abs(true_logit - predicted), true_logit.std(), draws(len(true_logit))
        shares = {"within_half_sd": off < 0.5 * sd, "within_one_sd": off < sd}
        return {
            name: np.quantile(drawn.sums(inside.astype(float)) / len(off), LEVEL)
            for name, inside in shares.items()
        }

    miss = stats.norm(0, NOISE)
    truth = {
        name: miss.cdf(part * SD) - miss.cdf(-part * SD)
        for name, part in (("within_half_sd", 0.5), ("within_one_sd", 1.0))
    }
    ours = covered(heavy, 400, 400, truth, bootstrap)
    theirs = covered(heavy, 400, 400, truth, fixed_sd)
    for name in truth:
        # nominal .95; four standard errors of a binomial share are 0.044
        assert 0.90 <= ours[name] <= 0.985, (name, ours[name])
    assert theirs["within_half_sd"] < 0.88, theirs


def test_many_images_are_drawn_in_groups_and_give_the_same_width(monkeypatch):
    true_logit, predicted = sample(3 * MOST + 7)
    drawn = draws(len(true_logit))
    assert sorted(drawn.order) == list(range(len(true_logit)))
    assert drawn.counts.shape == (N_DRAWS, MOST) and (np.diff(drawn.starts) >= 1).all()
    grouped = bootstrap(true_logit, predicted)
    monkeypatch.setattr(resamples, "MOST", len(true_logit))
    draws.cache_clear()
    whole = bootstrap(true_logit, predicted)
    draws.cache_clear()
    for name in FIGURES:
        # two sets of 1,000 draws: a width differs by about 5 %
        assert np.diff(grouped[name]) == pytest.approx(np.diff(whole[name]), rel=0.25), name
        assert np.mean(grouped[name]) == pytest.approx(np.mean(whole[name]), abs=0.003), name


def test_a_perfect_equation_leaves_nothing_to_chance():
    true_logit, _ = sample(60)
    found = bootstrap(true_logit, true_logit)
    assert found == {
        "error": (0, 0), "r2": (1, 1), "within_half_sd": (1, 1), "within_one_sd": (1, 1)
    }  # fmt: skip


def test_a_constant_logit_has_no_r2():
    found = bootstrap(np.full(50, 2.0), np.full(50, 1.0))
    assert not np.isfinite(found["r2"]).any()
    assert found["error"] == pytest.approx((0.25, 0.25))
    assert found["within_half_sd"] == (0.0, 0.0)
