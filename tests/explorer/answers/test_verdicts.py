"""Verdicts: what held-out images do not bear out is said not to hold."""

import pandas as pd
import pytest

from explorer.answers import links
from explorer.answers.evidence.heldout import HeldOutFigures
from explorer.answers.verdicts import links as link_verdicts
from explorer.answers.verdicts.replacement import replacement


def summary(r2: list[float], control: float = -0.1) -> dict:
    evaluation = pd.DataFrame({"r2": r2, "control_r2": control, "within_half_sd": 0.5})
    evaluation = evaluation.assign(r2_refit=evaluation["r2"] + 0.3, n_parents=4)
    return links.summary(evaluation)


def test_half_of_the_variance_at_the_median_is_asked_for():
    holds, text = link_verdicts.between(summary([0.4, 0.6, 0.7]), 100, refit=False)
    assert holds is True
    assert "holds for this pair" in text and "is 0.60, and at least 0.50 is asked" in text
    assert "All 3 categories have an R² above 0" in text
    holds, _ = link_verdicts.between(summary([0.4, 0.49, 0.7]), 100, refit=False)
    assert holds is False


def test_a_claim_that_fails_is_said_to_fail_and_for_how_many_categories():
    holds, text = link_verdicts.between(summary([-0.6, -0.1, 0.05, 0.1, 0.2]), 100, refit=False)
    assert holds is False
    assert "does not hold for this pair: the median held-out R² is 0.05" in text
    assert "3 of 5 categories" in text and "for the other 2 the equation is worth nothing" in text


def test_what_shuffled_images_reach_too_counts_for_nothing():
    assert summary([0.1, 0.2, 0.3], control=0.25)["n_explained"] == 1
    assert summary([0.1, 0.2, 0.3], control=-0.25)["n_explained"] == 3
    assert summary([-0.1, 0.2, 0.3], control=-0.25)["n_explained"] == 2


def test_refit_is_judged_by_its_own_figures():
    pair = summary([-0.1, 0.3, 0.3])
    assert link_verdicts.between(pair, 100, refit=False)[0] is False
    holds, text = link_verdicts.between(pair, 100, refit=True)
    assert holds is True and "is 0.60" in text and "All 3" in text


def test_a_handful_of_images_and_constant_logits_decide_nothing():
    few, text = link_verdicts.between(summary([0.9]), link_verdicts.FEW - 1, refit=False)
    assert few is None and "cannot be told" in text
    assert link_verdicts.between(summary([]), 100, refit=False)[0] is None
    assert link_verdicts.between(summary([float("nan")]), 100, refit=False)[0] is None


def test_all_pairs_are_summed_up_with_the_worst_beside_the_best():
    pairs = pd.DataFrame(
        {"target_model": ["a", "a", "b"], "source_model": ["b", "c", "a"], "r2": [0.7, -0.2, 0.3]}
    )
    said = link_verdicts.every_pair(pairs, refit=False)
    assert said.startswith("The claim holds for 1 of 3 links.")
    assert "best is a from b, median R² 0.70" in said
    assert "worst is a from c, median R² −0.20" in said
    assert "worst" not in link_verdicts.every_pair(pairs.head(1), refit=False)


def figures(**changes: float) -> HeldOutFigures:
    values = {
        "error": 0.1, "r2": 0.9, "within_half_sd": 0.5, "within_one_sd": 0.9, "top1_before": 0.8,
        "top1_after": 0.8, "recall_before": 0.9, "recall_after": 0.9, "fpr_before": 0, "fpr_after": 0,
        "n_of_target": 10,
    }  # fmt: skip
    return HeldOutFigures(**(values | changes))


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        ({}, True),
        ({"recall_after": 0.2}, False),
        ({"recall_before": 0.0}, None),
        ({"n_of_target": 0}, None),
    ],
)
def test_a_claim_that_fails_is_said_to_fail(changes, holds):
    found, sentence = replacement(figures(**changes), "hamster", labelled=True)
    assert found is holds
    assert ("does not hold" in sentence) == (holds is False)
