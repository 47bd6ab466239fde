"""Two levels of chance, the draw of categories and the images, against brute force and closed forms."""

import numpy as np
import pytest

from explorer.answers import category_draws
from explorer.answers.category_draws import of_one_kind, spread, spreads
from explorer.answers.verdicts import achievement
from precompute.unseen.seen_unseen_curve import Outcome

RNG = np.random.default_rng(0)


def test_without_noise_of_images_the_spread_is_that_of_the_next_draw():
    """Standard deviation of a further value: s * sqrt(1 + 1/K)."""
    points = np.array([0.5, 0.6, 0.7, 0.4])
    wider = np.sqrt((4 + 1) / (4 - 1))
    found = spread(points, np.repeat(points[:, None], 50, axis=1))
    widened = points.mean() + wider * (points - points.mean())
    assert (found.low, found.high) == pytest.approx((widened.min(), widened.max()))
    assert widened.std() == pytest.approx(points.std(ddof=1) * np.sqrt(1 + 1 / 4))
    assert found.mean == pytest.approx(0.55) and found.n_draws == 4


def test_one_draw_has_the_interval_over_images():
    drawn = 0.5 + 0.05 * RNG.normal(size=(1, 4000))
    found = spread(np.array([0.5]), drawn)
    assert (found.low, found.high) == pytest.approx(
        tuple(np.percentile(drawn, category_draws.LEVEL))
    )


def outcome(seed: int, n: int = 60) -> Outcome:
    """Images of seen and unseen categories, right about half of the time."""
    rng = np.random.default_rng(seed)
    unseen = np.arange(n) % 3 == 0
    rank = np.where(unseen, rng.integers(0, 1 + 3 * seed, n), -1)
    return Outcome(
        rng.integers(0, 2, n), rng.normal(size=n).astype(np.float32), np.zeros(n, int),
        rng.normal(size=n).astype(np.float32), np.where(unseen, -1, 0), np.where(unseen, 0, -1), rank,
    )  # fmt: skip


def test_the_interval_is_that_of_drawing_an_experiment_and_then_its_images():
    """Brute force: image by image, one experiment after the other, U, S and H counted anew."""
    results, gammas = [outcome(seed) for seed in range(3)], [0.2, 0.0, -0.1]
    found = spreads(results, gammas)
    points = {name: [] for name in "USH"}
    for result, gamma in zip(results, gammas, strict=True):
        for name, value in counted(result, gamma, np.arange(60)).items():
            points[name].append(value)
    rng, values = np.random.default_rng(1), {name: [] for name in "USH"}
    for _ in range(6000):
        k = rng.integers(3)
        unseen = results[k].unseen
        drawn = np.concatenate([
            rng.choice(np.flatnonzero(side), side.sum()) for side in (unseen, ~unseen)
        ])  # fmt: skip
        for name, value in counted(results[k], gammas[k], drawn).items():
            mean = np.mean(points[name])
            between = np.sqrt(4 / 2) * (points[name][k] - mean)
            values[name].append(mean + between + value - points[name][k])
    for name in "USH":
        brute = np.clip(np.percentile(values[name], category_draws.LEVEL), 0, 1)
        assert found[name].mean == pytest.approx(np.mean(points[name]))
        assert (found[name].low, found[name].high) == pytest.approx(tuple(brute), abs=0.02)
    # Control: over images alone the interval is narrower.
    alone = spreads(results[:1], gammas[:1])["U"]
    assert found["U"].high - found["U"].low > 1.2 * (alone.high - alone.low)


def counted(result: Outcome, gamma: float, images: np.ndarray) -> dict[str, float]:
    right, n = {True: 0, False: 0}, {True: 0, False: 0}
    for image in images:
        unseen = bool(result.true_unseen[image] >= 0)
        to_unseen = float(result.unseen_score[image]) > float(result.seen_logit[image]) - gamma
        n[unseen] += 1
        if unseen:
            right[True] += bool(to_unseen and result.rank[image] == 0)
        else:
            right[False] += bool(not to_unseen and result.seen_category[image] == 0)
    u, s = right[True] / n[True], right[False] / n[False]
    return {"U": u, "S": s, "H": 2 * u * s / (u + s) if u + s else 0.0}


def test_experiments_of_one_kind_differ_in_their_draw_only():
    one = {"student": "a", "teacher": "b", "categories": "random:100", "masked": True, "seed": 0}
    assert of_one_kind(one, one | {"seed": 1})
    assert not of_one_kind(one, one | {"student": "c"})
    assert not of_one_kind(one, one | {"categories": "random:50"})
    listed = one | {"categories": "mine.txt"}
    assert of_one_kind(listed, listed) and not of_one_kind(listed, listed | {"seed": 1})


INFO = {
    "student": "a", "n_holdout_unseen": 109, "n_seen": 900, "n_unseen": 100, "masked": True,
}  # fmt: skip


def test_the_achievement_stands_beside_guessing_and_its_price():
    said = achievement.achievement(INFO, {"U": 0.789, "S": 0.745}, 0.833, 0.001)
    assert said.replace("\u202f", " ") == (
        "a names 79 % of 109 held-out images of categories that it was not given, with all 1 000 "
        "competing; guessing would name 0.1 %. The price: of images of seen categories it names 74 % "
        "instead of 83 %."
    )
    one = achievement.achievement(INFO | {"n_holdout_unseen": 1}, {"U": 1, "S": 0.8}, 0.8, 0.05)
    assert "1 held-out image of" in one and "would name 5 %" in one and "costs nothing" in one


def test_what_the_intervals_leave_out_is_said():
    assert "leave out the draw of categories; another --seed" in achievement.of_draws(1, True)
    assert achievement.of_draws(1, False).endswith("leave out the draw of categories.")
    assert "over 3 draws of categories" in achievement.of_draws(3, True)
    assert "trained with them" in achievement.proviso(INFO)
    assert "no logit" in achievement.proviso(INFO | {"masked": False})
