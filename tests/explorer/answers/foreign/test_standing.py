"""How scores stand beside each other: against scikit-learn, and against the tables of the atlas."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score, roc_curve

from explorer.answers.foreign import standing
from explorer.session import foreign
from precompute.ood import detection
from precompute.ood.scores import CONTROLS, DEPENDENCY, NAMES, PEERS, PER_SD


@pytest.fixture(scope="module")
def sets(linked_atlas):
    (folder, *_) = foreign.sets_of(linked_atlas.root, linked_atlas.models()[0]).values()
    return {
        choice: foreign.read(linked_atlas.root, folder, choice) for choice in ("few", "readable")
    }


def planted(digits: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(digits)
    return np.round(rng.normal(1, 1, 80), digits), np.round(rng.normal(0, 1, 50), digits)


@pytest.mark.parametrize("digits", [0, 1, 9])
def test_the_curve_is_that_of_scikit_learn(digits):
    held_out, other = planted(digits)
    x, y = standing.roc(held_out, other)
    truth = np.r_[np.ones(80), np.zeros(50)]
    fpr, tpr, _ = roc_curve(truth, np.r_[held_out, other], drop_intermediate=False)
    np.testing.assert_allclose(x, fpr, atol=1e-12)
    np.testing.assert_allclose(y, tpr, atol=1e-12)
    assert np.trapezoid(y, x) == pytest.approx(roc_auc_score(truth, np.r_[held_out, other]))


@pytest.mark.parametrize("digits", [0, 1, 9])
def test_the_threshold_is_that_of_the_fpr(digits):
    held_out, other = planted(digits)
    at = standing.threshold(held_out)
    assert (held_out >= at).mean() >= detection.PASSING
    assert (held_out > at).mean() < detection.PASSING
    figures, _ = detection.resampled(held_out, other)
    assert (other >= at).mean() == pytest.approx(figures[detection.FIGURES.index("fpr95")])


def test_of_one_image_the_threshold_is_its_score():
    assert standing.threshold(np.array([3.0])) == 3.0


def test_every_score_has_its_name_and_kind_once(sets):
    rows = standing.standing(sets["readable"])
    assert rows["score"].tolist() == [score for score in NAMES if score in set(rows["score"])]
    assert set(NAMES) == {DEPENDENCY, *CONTROLS, *PEERS} == set(standing.KINDS)
    assert len(set(NAMES.values())) == len(NAMES)


def test_at_the_choice_of_the_table_nothing_is_computed_anew(sets):
    rows = standing.standing(sets["readable"]).set_index("score")
    stored = sets["readable"].detection.set_index("score").loc[rows.index]
    for column in ("auroc", "ahead", "ahead_low", "ahead_high"):
        np.testing.assert_array_equal(rows[column], stored[column])


def test_at_another_choice_scores_without_one_are_compared_with_its_own(sets):
    rows = standing.standing(sets["few"]).set_index("score")
    own, drawn = detection.resampled(*sets["few"].values(DEPENDENCY))
    other, other_drawn = detection.resampled(*sets["few"].values(PER_SD))
    low, high = detection.interval(drawn[:, 0] - other_drawn[:, 0])
    assert rows.at[DEPENDENCY, "auroc"] == pytest.approx(own[0], abs=1e-6)
    found = rows.loc[PER_SD, ["ahead", "ahead_low", "ahead_high"]].to_numpy(float)
    np.testing.assert_allclose(found, [own[0] - other[0], low, high], atol=1e-6)


def test_the_best_of_a_kind_has_the_largest_auroc(sets):
    rows = standing.standing(sets["readable"])
    controls = rows[rows["score"].isin(CONTROLS)].set_index("score")["auroc"]
    first = standing.best(rows, standing.CONTROL)
    assert controls[first] == controls.max()
    second = standing.best(rows, standing.CONTROL, (first,))
    assert controls[second] == controls.drop(first).max()
    assert standing.best(rows, standing.CONTROL, CONTROLS) is None


def test_everywhere_is_the_dependency_score_less_the_best_control():
    part = pd.DataFrame({
        "model": "m", "set": "s", "choice": ["few", "few", ""], "score": [DEPENDENCY, CONTROLS[0], PER_SD],
        "auroc": [0.9, 0.7, 0.8], "ahead_low": [0.0, 0.1, 0.05], "ahead_high": [0.0, 0.3, 0.15],
    })  # fmt: skip
    (row,) = standing.everywhere(part, "few").to_dict("records")
    assert (row["control"], row["difference"]) == ("max / sd", pytest.approx(0.1))
    assert np.isnan(row["low"])  # the table compares it with the readable score
    part.loc[part["choice"] == "few", "choice"] = "readable"
    (row,) = standing.everywhere(part, "readable").to_dict("records")
    assert (row["low"], row["high"]) == (0.05, 0.15)
    assert standing.everywhere(part[part["score"] != DEPENDENCY], "readable").empty
