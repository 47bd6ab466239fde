"""Every claim's rule on made-up tables: each of the four outcomes, told apart by what was put in."""

import re

import numpy as np
import pandas as pd
import pytest

from precompute.claims.bootstrap import Spread
from precompute.claims.catalogue import BY_ID, CLAIMS
from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE, VERDICTS
from precompute.claims.rules import (
    architectures,
    prediction,
    redundancy,
    sparsity,
    survival,
    unrelated,
    unseen_scores,
)
from precompute.claims.rules.prediction import Equations, MedianR2
from precompute.claims.trial import Trial

N = 40  # categories


def outcome(trial: Trial, n_tests: int = 1) -> str:
    return trial.judged(n_tests, "figure", "number").verdict


def predicted(
    noise: float, n_images: int = 400, n: int = N, constant: float = 0.0, seed=0
) -> MedianR2:
    """Each logit is its neighbour's plus noise of this standard deviation: R² is 1 / (1 + noise²)."""
    rng = np.random.default_rng(seed)
    sources = rng.normal(size=(n_images, n))
    truth = np.roll(sources, 1, axis=1) + noise * rng.normal(size=(n_images, n)) + constant
    dependencies = pd.DataFrame({
        "target": np.arange(n), "source": (np.arange(n) - 1) % n, "refit": 1.0,
        "intercept_refit": constant,
    })  # fmt: skip
    equations = Equations(dependencies, pd.DataFrame({"target": np.arange(n)}))
    return MedianR2.of(equations, truth, sources, Spread.of(truth))


@pytest.mark.parametrize(
    ("noise", "n_images", "n", "verdict"),
    [
        (0.3, 400, N, HOLDS),
        (1.3, 400, N, PARTLY),
        (9.0, 400, N, FAILS),
        (0.3, 29, N, UNTESTABLE),
        (9.0, 29, N, UNTESTABLE),
        (0.3, 400, 3, UNTESTABLE),
    ],
)
def test_a_few_others_predict(noise, n_images, n, verdict):
    assert outcome(prediction.trial(predicted(noise, n_images, n), {})) == verdict


def test_the_median_r2_is_the_planted_one_and_the_constant_counts():
    found = predicted(0.5, n_images=4000, constant=7.0)
    assert found.value == pytest.approx(1 / 1.25, abs=0.02)


def test_what_random_parents_reach_has_to_be_surpassed():
    found = predicted(0.5)
    assert outcome(prediction.trial(found, {"as many random parents": 0.3})) == HOLDS
    assert outcome(prediction.trial(found, {"as many random parents": 0.9})) == PARTLY


def test_a_low_rank_is_told_beside_a_good_figure():
    assert "257 of 1000" in prediction.forced(257, 1000) and prediction.forced(1000, 1000) == ""
    assert "257 of 1000" in prediction.forced(257, 1000, 256)
    assert prediction.forced(997, 1000, 1280) == "", "images are lacking, not width"
    trial = prediction.trial(predicted(0.3), {}, prediction.forced(3, N))
    assert "whatever the network learned" in trial.judged(1, "R²", "number").why


def test_shuffled_logits_predict_nothing():
    """The control that must fail: each logit's images are dealt anew."""
    rng = np.random.default_rng(0)
    truth = rng.permuted(rng.normal(size=(400, N)) @ rng.normal(size=(N, N)), axis=0)
    dependencies = pd.DataFrame({
        "target": np.arange(N), "source": (np.arange(N) + 1) % N, "refit": 0.1, "intercept_refit": 0.0,
    })  # fmt: skip
    equations = Equations(dependencies, pd.DataFrame({"target": np.arange(N)}))
    found = MedianR2.of(equations, truth, truth, Spread.of(truth))
    assert outcome(prediction.trial(found, {})) == FAILS


def curve(few, many, dense, images: int = 300, false: float = 0.5) -> pd.DataFrame:
    """Share of recall kept with 32 and 300 parents and by the dense map, give or take 0.03."""
    rows = [("refit", 32, few), ("refit", 300, many), ("dense", np.nan, dense)]
    table = pd.DataFrame(rows, columns=["kind", "n_parents", "recall_kept"])
    return table.assign(
        weighting=0.0, constant=False, n_images=images, n_categories=200, fp_per_1000=false,
        low=table["recall_kept"] - 0.03, high=table["recall_kept"] + 0.03, fp_low=false - 0.1,
        fp_high=false + 0.1, fp_tolerated_per_1000=1.1,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        (curve(0.97, 0.98, 1.0), HOLDS),
        (curve(0.3, 0.7, 0.98), PARTLY),
        (curve(0.3, 0.7, 0.8), FAILS),
        (curve(0.3, 0.7, 0.9), UNTESTABLE),
        (curve(0.97, 0.98, 1.0, images=29), UNTESTABLE),
        (curve(0.3, 0.7, 0.8, images=29), UNTESTABLE),
        (curve(0.97, 0.98, 1.0, false=5.0), FAILS),
        (curve(0.97, 0.98, 1.0, false=1.1), UNTESTABLE),
        (curve(0.97, 0.98, 1.0).head(0), UNTESTABLE),
    ],
)
def test_classification_survives(table, verdict):
    assert outcome(survival.trial(table)) == verdict


def test_every_point_of_the_survival_curve_is_a_test_and_what_survives_is_named():
    trial = survival.trial(curve(0.3, 0.7, 0.96))
    assert trial.n_tests == 3
    assert "It survives with the dense map." in trial.judged(3, "recall kept", "share").why
    # The dense map keeps it by an interval of ±3 points: not by one that is twice as long.
    assert outcome(trial, n_tests=2000) == UNTESTABLE


def test_what_was_tested_and_is_left_open_is_undecided_on_so_many_images():
    trial = survival.trial(curve(0.3, 0.7, 0.9, images=173))
    judged = trial.judged(1, "recall kept", "share")
    assert judged.verdict == UNTESTABLE and "Undecided on 173 images" in judged.why
    few = survival.trial(curve(0.3, 0.7, 0.9, images=29)).judged(1, "recall kept", "share")
    assert "ndecided" not in few.why, "nothing was tested"


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_rule_says_the_word_of_what_its_intervals_leave_open(claim):
    assert re.search(f"leaves? (both|that) open[^.]*“{UNTESTABLE}”", claim.rule)


def test_weighted_equations_are_no_equations_as_they_are():
    table = curve(0.97, 0.5, 0.5).assign(weighting=[0.3, 0.0, 0.0], n_parents=[32, 32, np.nan])
    trial = survival.trial(table)
    assert outcome(trial) == PARTLY
    assert (
        "survives with 32 parents, own images weighted 30 %."
        in trial.judged(3, "recall", "share").why
    )


FAMILIES = {"resnet50": "resnet", "vit_b": "vit", "mixer_b": "mixer"}


def linked(noises: dict[tuple[str, str], float], n_images: int = 400) -> dict:
    pairs = [(a, b) for a in FAMILIES for b in FAMILIES if a != b]
    return {pair: predicted(noises.get(pair, 0.3), n_images) for pair in pairs}


@pytest.mark.parametrize(
    ("noise", "n_images", "verdict"),
    [(0.3, 400, HOLDS), (1.3, 400, PARTLY), (9.0, 400, FAILS), (0.3, 20, UNTESTABLE)],
)
def test_the_worst_pair_of_families_decides(noise, n_images, verdict):
    found = linked({("resnet50", "vit_b"): noise}, n_images)
    trial = architectures.trial(found, FAMILIES)
    assert outcome(trial) == verdict
    if verdict == FAILS:
        assert "resnet from vit" in trial.remark and trial.n_tests == 6


def test_two_families_are_no_whatever():
    two = {pair: link for pair, link in linked({}).items() if "mixer_b" not in pair}
    trial = architectures.trial(two, {"resnet50": "resnet", "vit_b": "vit"})
    assert outcome(trial) == UNTESTABLE and "at least 3 families" in trial.untestable
    missing = {pair: link for pair, link in linked({}).items() if pair != ("vit_b", "mixer_b")}
    assert "vit from mixer" in architectures.trial(missing, FAMILIES).untestable


def test_links_within_a_family_do_not_count():
    links = linked({}) | {("resnet18", "resnet50"): predicted(9.0)}
    assert outcome(architectures.trial(links, FAMILIES | {"resnet18": "resnet"})) == HOLDS


@pytest.mark.parametrize(
    ("model", "architecture", "family"),
    [
        ("mobilenet_v1_0.25_128", "onnx", "mobilenet"),
        ("tf_efficientnet_lite0.in1k", "tf_efficientnet_lite0", "efficientnet"),
        ("tinydarknet", "onnx", "tinydarknet"),
        ("vit_small_patch16_224.augreg", "vit_small_patch16_224", "vit"),
        ("resnet50", "logits", None),
        ("50", "onnx", None),
    ],
)
def test_a_family_is_the_first_word_of_the_name(model, architecture, family):
    assert architectures.family(model, architecture) == family


def redundant(noise: float, sign: float = 1.0, n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    dense = rng.uniform(size=n)
    error = sign * dense + noise * rng.normal(size=n)
    return pd.DataFrame(
        {"target": np.arange(n), "dense_error": dense, "holdout_error_refit": error}
    )


@pytest.mark.parametrize(
    ("evaluation", "n_images", "verdict"),
    [
        (redundant(0.05), 400, HOLDS),
        (redundant(0.65), 400, PARTLY),
        (redundant(9.0), 400, FAILS),
        (redundant(0.05, sign=-1.0), 400, FAILS),
        (redundant(0.05), 20, UNTESTABLE),
        (redundant(0.05, n=19), 400, UNTESTABLE),
        (redundant(0.05).assign(dense_error=0.3), 400, UNTESTABLE),
    ],
)
def test_redundancy_goes_with_small_error(evaluation, n_images, verdict):
    floor = np.full(len(evaluation), np.nan)
    power = np.ones(len(evaluation))
    assert outcome(redundancy.trial(evaluation, floor, power, n_images)) == verdict


def test_what_the_size_of_the_logit_orders_stands_beside_redundancy():
    evaluation, floor = redundant(0.05), np.full(200, np.nan)
    error = evaluation["holdout_error_refit"].to_numpy()
    large = redundancy.trial(evaluation, floor, 1 / (1 + error - error.min()), 400)
    assert large.yardsticks["the size of the logit alone"] == pytest.approx(1.0)
    alike = redundancy.trial(evaluation, floor, np.ones(200), 400)
    assert "the size of the logit alone" not in alike.yardsticks


def test_the_floor_is_preferred_where_it_says_something():
    evaluation = redundant(0.05)
    rank_deficient = redundancy.trial(evaluation, np.zeros(200), np.ones(200), 400)
    assert "dense map" in rank_deficient.remark and outcome(rank_deficient) == HOLDS
    opposed = redundancy.trial(
        evaluation, 1 - evaluation["dense_error"].to_numpy(), np.ones(200), 400
    )
    assert "the floor" in opposed.remark and outcome(opposed) == FAILS


def sparse(needed: int, n: int = 200, cap: int = 64, dense: float = 0.8) -> pd.DataFrame:
    """Every target's refit R² reaches the dense map's at `needed` parents, give or take one."""
    rows = [
        (target, size, dense if size >= needed + target % 3 - 1 else 0.1)
        for target in range(n)
        for size in range(1, cap + 1)
    ]
    table = pd.DataFrame(rows, columns=["target", "n_parents", "r2_refit"])
    return table.assign(
        r2=table["r2_refit"] / 2, random_r2=0.0, correlated_r2=0.0, dense_r2=dense, stopped=False
    )


@pytest.mark.parametrize(
    ("evaluation", "verdict"),
    [
        (sparse(9), HOLDS),
        (sparse(40), PARTLY),
        (sparse(90), FAILS),
        (sparse(9, n=15), UNTESTABLE),
        (sparse(9, dense=0.05), UNTESTABLE),
    ],
)
def test_few_parents_are_enough(evaluation, verdict):
    assert outcome(sparsity.trial(evaluation, 1000, 400, 64)) == verdict


def test_a_short_path_tells_neither_that_few_are_enough_nor_that_they_are_not():
    for needed in (2, 90):
        trial = sparsity.trial(sparse(needed, cap=32), 1000, 400, 32)
        assert outcome(trial) == UNTESTABLE and "--max-parents 64" in trial.untestable


def test_in_a_small_network_few_is_fewer():
    assert sparsity.thresholds(1000) == (16, 64)
    assert sparsity.thresholds(40) == (4, 10)


def test_who_does_not_get_there_counts_as_more_than_the_path():
    found = sparsity.trial(sparse(90), 1000, 400, 64)
    assert found.value == 65 and "100% of the categories" in found.remark
    assert set(found.yardsticks.values()) == {65.0}


def experiment(h: float, half: float = 0.03, chance: float = 0.001) -> pd.DataFrame:
    rows = [
        ("dependency", 8, True, "category", h), ("dependency", 32, True, "category", 0.99),
        ("dependency", 8, False, "category", 0.99), ("dependency", 8, True, "none", 0.0),
        ("ridge", None, None, "category", 0.8), ("chance", None, None, "none", chance),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["method", "n_parents", "refit", "calibration", "H"])
    return table.assign(H_low=table["H"] - half, H_high=table["H"] + half)


@pytest.mark.parametrize(
    ("draws", "verdict"),
    [
        ([(200, experiment(0.7))], HOLDS),
        ([(200, experiment(0.4))], PARTLY),
        ([(200, experiment(0.1))], FAILS),
        ([(29, experiment(0.7))], UNTESTABLE),
        ([(29, experiment(0.1))], UNTESTABLE),
        ([(200, experiment(0.4, half=0.3))], UNTESTABLE),
        ([(200, experiment(0.7, chance=0.4))], PARTLY),
        ([], UNTESTABLE),
    ],
)
def test_unseen_categories_can_be_scored(draws, verdict):
    assert outcome(unseen_scores.trial(draws)) == verdict


def test_several_draws_widen_the_interval_by_their_spread():
    one = unseen_scores.trial([(200, experiment(0.7))])
    three = unseen_scores.trial([(200, experiment(h)) for h in (0.68, 0.70, 0.72)])
    assert one.value == pytest.approx(three.value) == pytest.approx(0.7)
    # Student's t of 2 degrees, 4.302653, times 0.02 / √3, beside 0.03.
    assert three.high - 0.7 == pytest.approx(np.hypot(0.03, 4.302653 * 0.02 / np.sqrt(3)), abs=1e-6)
    assert "One draw" in one.remark and "3 draws" in three.remark


BRANCHES = pd.DataFrame({
    "name": [f"leaf{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(N)],
    "definition": None,
    "hypernyms": [[f"branch {k // 5}", f"bough {k // 20}", "root"] for k in range(N)],
})  # fmt: skip


def edges(far_share: float, stability: float = 0.9, n_models: int = 5, n: int = N) -> pd.DataFrame:
    """Of every target ten edges; a share of them leads to another bough, the rest stays in its branch, and
    whoever uses it stays there, too."""
    rng = np.random.default_rng(0)
    rows = []
    for target in range(n):
        near = [k for k in range(N) if k // 5 == target // 5 and k != target]
        away = [k for k in range(N) if k // 20 != target // 20]
        for _ in range(10):
            pool = away if rng.uniform() < far_share else near
            rows.append((target, int(rng.choice(pool)), 1.0, stability, n_models))
    return pd.DataFrame(rows, columns=["target", "source", "coefficient", "stability", "n_models"])


NOTHING = edges(0.0)


@pytest.mark.parametrize(
    ("found", "shuffled", "n_networks", "verdict"),
    [
        (edges(0.2), NOTHING, 5, HOLDS),
        (edges(0.2), edges(0.1), 5, PARTLY),
        (edges(0.0), NOTHING, 5, FAILS),
        (edges(0.2, stability=0.5), NOTHING, 5, FAILS),
        (edges(0.2, n_models=2), NOTHING, 5, FAILS),
        (edges(0.03), edges(0.3), 5, FAILS),
        (edges(0.2), NOTHING, 2, UNTESTABLE),
        (edges(0.2, stability=np.nan), NOTHING, 5, UNTESTABLE),
        (edges(0.2, n=19), NOTHING, 5, UNTESTABLE),
    ],
)
def test_some_dependencies_join_the_unrelated(found, shuffled, n_networks, verdict):
    trial = unrelated.trial(found, shuffled, BRANCHES, n_networks, 400)
    assert outcome(trial) == verdict


def test_without_wordnet_nobody_says_what_is_unrelated():
    plain = BRANCHES.assign(hypernyms=None)
    assert outcome(unrelated.trial(edges(0.2), NOTHING, plain, 5, 400)) == UNTESTABLE


def test_what_is_named_in_the_other_is_related():
    ox = BRANCHES.assign(name=[f"ox {name}" for name in BRANCHES["name"]])
    assert outcome(unrelated.trial(edges(0.2), NOTHING, ox, 5, 400)) == FAILS


def test_every_claim_says_its_place_its_test_and_its_rule():
    assert len(CLAIMS) == len(BY_ID) == 9
    for claim in CLAIMS:
        assert all((claim.title, claim.place, claim.test, claim.statistic, claim.over))
        assert claim.rule.startswith(("Holds", "A point")) and "Asked for:" in claim.rule
    assert len(set(VERDICTS)) == 4
