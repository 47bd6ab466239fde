"""The mathematics of generalized zero-shot learning, against brute force over gammas and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from precompute.unseen.seen_unseen_curve import (
    METRICS,
    N_DRAWS,
    best_gamma,
    curve,
    draws,
    figures,
    harmonic_mean,
    joined,
    outcome,
    ranking,
    with_intervals,
)

N_SEEN, N_UNSEEN, N_IMAGES = 12, 6, 300


@pytest.fixture(params=["distinct", "ties"])
def scored(request):
    """Seen logits, unseen scores and truth of images; rounded scores meet at many equal thresholds."""
    rng = np.random.default_rng(0)
    seen = rng.normal(size=(N_IMAGES, N_SEEN))
    unseen = rng.normal(-1, 1, size=(N_IMAGES, N_UNSEEN))
    is_unseen = rng.random(N_IMAGES) < 0.3
    true_seen = np.where(is_unseen, -1, rng.integers(N_SEEN, size=N_IMAGES))
    true_unseen = np.where(is_unseen, rng.integers(N_UNSEEN, size=N_IMAGES), -1)
    rows = np.arange(N_IMAGES)
    seen[rows[~is_unseen], true_seen[~is_unseen]] += 2
    unseen[rows[is_unseen], true_unseen[is_unseen]] += 2
    if request.param == "ties":
        seen, unseen = np.round(seen), np.round(unseen)
    return seen.astype(np.float32), unseen.astype(np.float32), true_seen, true_unseen


def compete(seen, unseen, true_seen, true_unseen, gamma, images=slice(None)):
    """U and S by letting all categories compete; seen ones win a draw."""
    seen, unseen = seen[images].astype(float) - gamma, unseen[images].astype(float)
    true_seen, true_unseen = true_seen[images], true_unseen[images]
    winner = np.concatenate([seen, unseen], axis=1).argmax(axis=1)
    right = np.where(true_unseen >= 0, winner == N_SEEN + true_unseen, winner == true_seen)
    return right[true_unseen >= 0].mean(), right[true_unseen < 0].mean()


def brute_force_curve(scored):
    """U and S at, between and beyond all thresholds."""
    at = np.unique(scored[0].max(axis=1).astype(float) - scored[1].max(axis=1))
    gammas = np.r_[at[0] - 1, at, (at[1:] + at[:-1]) / 2, at[-1] + 1]
    return np.sort(gammas), np.array([compete(*scored, gamma) for gamma in np.sort(gammas)])


def test_curve_equals_brute_force_at_every_gamma(scored):
    result = outcome(*scored)
    gammas, expected = brute_force_curve(scored)
    found = [(row["U"], row["S"]) for row in figures(result, gammas)]
    np.testing.assert_array_equal(found, expected)


def test_curve_holds_every_combination_of_u_and_s_and_no_other(scored):
    steps = curve(outcome(*scored))
    expected = brute_force_curve(scored)[1]
    found = set(zip(steps.U, steps.S, strict=True))
    # Step heights are added up in another order than in a mean: equal to float64 rounding.
    assert {(round(u, 9), round(s, 9)) for u, s in found} == {
        (round(u, 9), round(s, 9)) for u, s in expected
    }
    np.testing.assert_allclose(
        np.c_[steps.U, steps.S], [compete(*scored, gamma) for gamma in steps.gamma], atol=1e-9
    )


def test_ausuc_equals_the_area_under_the_brute_force_curve(scored):
    expected = brute_force_curve(scored)[1]
    area = np.trapezoid(expected[:, 1], expected[:, 0])
    assert curve(outcome(*scored)).ausuc == pytest.approx(area, abs=1e-9)


def test_ausuc_of_a_perfect_separation_is_the_product_of_both_accuracies():
    seen = np.array([[9.0, 0.0], [9.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    unseen = np.array([[0.0, 0.0], [0.0, 0.0], [5.0, 0.0], [5.0, 0.0]])
    result = outcome(seen, unseen, np.array([0, 1, -1, -1]), np.array([-1, -1, 0, 0]))
    assert curve(result).ausuc == 0.5 * 1.0


def test_best_gamma_has_the_best_h_of_all(scored):
    result = outcome(*scored)
    u, s = brute_force_curve(scored)[1].T
    (row,) = figures(result, [best_gamma(result)])
    assert row["H"] == pytest.approx(harmonic_mean(u, s).max())


def test_harmonic_mean_of_nothing_is_zero():
    np.testing.assert_array_equal(
        harmonic_mean(np.array([0.0, 0.0, 0.5]), np.array([0.0, 0.8, 0.5])), [0, 0, 0.5]
    )


def test_unseen_only_accuracy_ranks_the_true_category_among_the_unseen(scored):
    _, unseen, _, true_unseen = scored
    (row,) = figures(outcome(*scored), [0.0])
    rows = true_unseen >= 0
    # A stable sort of falling scores keeps the first of equals first, as argmax does.
    order = np.argsort(-unseen[rows], axis=1, kind="stable")
    for k in (1, 5):
        expected = (order[:, :k] == true_unseen[rows, None]).any(axis=1).mean()
        assert row[f"unseen_top{k}"] == pytest.approx(expected)


def test_batches_join_to_the_whole(scored):
    whole = outcome(*scored)
    parts = joined(
        [outcome(*(a[rows] for a in scored)) for rows in (slice(0, 100), slice(100, None))]
    )
    for name, value in vars(whole).items():
        np.testing.assert_array_equal(getattr(parts, name), value)


def test_a_bootstrap_draw_is_the_figures_of_the_drawn_images(scored):
    result = outcome(*scored)
    drawn = draws(result.unseen, seed=3)[:5].astype(np.float32)
    (row,) = figures(result, [1.0], drawn)
    for at, counts in enumerate(drawn):
        images = np.repeat(np.arange(N_IMAGES), counts.astype(int))
        again = outcome(*(a[images] for a in scored))
        (expected,) = figures(again, [1.0])
        for name in METRICS:
            # Counts are added in float32, exact for whole numbers; the area is a float64 sum of them.
            assert row[name][at] == pytest.approx(expected[name], abs=1e-6), name
        assert (row["U"][at], row["S"][at]) == pytest.approx(compete(*scored, 1.0, images))


def test_draws_keep_both_sides_and_follow_the_seed():
    unseen = np.arange(50) < 3
    drawn = draws(unseen, seed=1)
    assert drawn.shape == (N_DRAWS, 50)
    assert (drawn[:, unseen].sum(axis=1) == 3).all() and (drawn[:, ~unseen].sum(axis=1) == 47).all()
    np.testing.assert_array_equal(drawn, draws(unseen, seed=1))
    assert (drawn != draws(unseen, seed=2)).any()


def test_intervals_cover_as_the_binomial_says(scored):
    result = outcome(*scored)
    (row,) = with_intervals(result, [0.5], draws(result.unseen, seed=0))
    for name, n in (("U", result.unseen.sum()), ("S", (~result.unseen).sum())):
        half = 1.96 * np.sqrt(row[name] * (1 - row[name]) / n)
        # 1,000 draws know a 2.5% quantile of a step function of 1/n to about a tenth of the width.
        assert row[f"{name}_low"] == pytest.approx(row[name] - half, abs=0.2 * half + 1 / n)
        assert row[f"{name}_high"] == pytest.approx(row[name] + half, abs=0.2 * half + 1 / n)
    for name in METRICS:
        assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]


def test_ranking_agrees_with_scikit_learn(scored):
    _, unseen, _, true_unseen = scored
    auroc, precision = ranking(unseen, true_unseen)
    for category in range(N_UNSEEN):
        truth, scores = true_unseen == category, unseen[:, category]
        assert auroc[category] == pytest.approx(roc_auc_score(truth, scores))
        assert precision[category] == pytest.approx(average_precision_score(truth, scores))


def test_ranking_is_undefined_without_images_of_the_category_or_of_others():
    scores = np.random.default_rng(0).normal(size=(5, 2))
    assert np.isnan(ranking(scores, np.zeros(5, dtype=int))).all()
