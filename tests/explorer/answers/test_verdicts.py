"""Verdicts: what held-out images do not bear out is said not to hold."""

import pandas as pd
import pytest

from explorer.answers import links
from explorer.answers.evidence.heldout import HeldOutFigures
from explorer.answers.evidence.replaced import Replaced
from explorer.answers.verdicts import links as link_verdicts
from explorer.answers.verdicts.replacement import replacement
from precompute.survival.rule import FEW


def summary(
    r2: list[float], control: float = -0.1, *, within: float = 0.02, n_holdout: int = 100
) -> dict:
    """Of a link whose categories reach these R², 0.3 more by refit; the interval of the median reaches
    so far `within` either way."""
    evaluation = pd.DataFrame({"r2": r2, "control_r2": control, "within_half_sd": 0.5})
    evaluation = evaluation.assign(r2_refit=evaluation["r2"] + 0.3, n_parents=4)
    middle = evaluation[["r2", "r2_refit"]].median()
    ends = (("", 0.0), ("_low", -within), ("_high", within))
    median = {
        f"r2_median{fit}{end}": middle[f"r2{fit}"] + off
        for fit in ("", "_refit")
        for end, off in ends
    }
    return links.summary(evaluation, median, n_holdout)


@pytest.mark.parametrize(
    "median, within, verdict",
    [
        (0.60, 0.02, True), (0.52, 0.02, True), (0.51, 0.02, None), (0.49, 0.02, None),
        (0.47, 0.02, False), (0.40, 0.02, False), (0.60, 0.12, None), (0.40, 0.12, None),
    ],
)  # fmt: skip
def test_the_whole_interval_decides_and_for_both_sides_alike(median, within, verdict):
    """A median beyond one half decides nothing where its interval reaches across: the control."""
    holds, text = link_verdicts.between(summary([median] * 3, within=within), refit=False)
    assert holds is verdict
    assert holds is link_verdicts.judged(summary([median] * 3, within=within), refit=False)
    word = {True: "holds for this pair", False: "does not hold", None: "is not decided"}[verdict]
    assert word in text and f"is {median:.2f}, 95 % interval" in text


def test_the_verdict_says_its_interval_and_the_categories_that_are_explained():
    _, text = link_verdicts.between(summary([0.4, 0.6, 0.7]), refit=False)
    assert "is 0.60, 95 % interval 0.58 to 0.62, all of it at or above the 0.50" in text
    assert "All 3 categories have an R² above 0" in text


def test_a_claim_that_fails_is_said_to_fail_and_for_how_many_categories():
    holds, text = link_verdicts.between(summary([-0.6, -0.1, 0.05, 0.1, 0.2]), refit=False)
    assert holds is False
    assert "does not hold for this pair: the median held-out R² over its categories is 0.05" in text
    assert "3 of 5 categories" in text and "the other 2 say no more about a new image" in text
    assert "worth nothing" not in text


def test_what_shuffled_images_reach_too_counts_for_nothing():
    assert summary([0.1, 0.2, 0.3], control=0.25)["n_explained"] == 1
    assert summary([0.1, 0.2, 0.3], control=-0.25)["n_explained"] == 3
    assert summary([-0.1, 0.2, 0.3], control=-0.25)["n_explained"] == 2


def test_refit_is_judged_by_its_own_figures():
    pair = summary([-0.1, 0.3, 0.3])
    assert link_verdicts.between(pair, refit=False)[0] is False
    holds, text = link_verdicts.between(pair, refit=True)
    assert holds is True and "is 0.60" in text and "All 3" in text


@pytest.mark.parametrize("r2", [0.9, 0.1])
def test_a_handful_of_images_and_constant_logits_decide_nothing(r2):
    """Neither way: a claim does not fail on fewer images than it needs to hold."""
    enough = summary([r2], n_holdout=link_verdicts.FEW)
    assert link_verdicts.between(enough, refit=False)[0] is (r2 > 0.5)
    few, text = link_verdicts.between(summary([r2], n_holdout=link_verdicts.FEW - 1), refit=False)
    assert few is None and "cannot be told" in text
    assert link_verdicts.between(summary([]), refit=False)[0] is None
    assert link_verdicts.between(summary([float("nan")]), refit=False)[0] is None
    assert link_verdicts.between(summary([-float("inf")]), refit=False)[0] is None


def test_all_pairs_are_summed_up_with_the_worst_beside_the_best():
    ends = (("a", "b", 0.7), ("a", "c", -0.2), ("b", "a", 0.49), ("c", "a", 0.2))
    pairs = pd.DataFrame(
        [{"target_model": a, "source_model": b} | summary([r2]) for a, b, r2 in ends]
    )
    said = link_verdicts.every_pair(pairs, refit=False)
    assert "holds for 1 of 4 links, does not hold for 2, and is not decided for 1." in said
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


NOTHING_MORE = (-1.0, -0.1)  # false positives beyond what is tolerated


@pytest.mark.parametrize(
    ("changes", "kept", "excess", "holds"),
    [
        ({}, (0.95, 1.0), NOTHING_MORE, True),
        ({"recall_after": 0.2}, (0.1, 0.4), NOTHING_MORE, False),
        ({"recall_after": 0.8}, (0.7, 1.0), NOTHING_MORE, None),
        ({"fpr_after": 0.3}, (0.95, 1.0), (5.0, 9.0), False),
        ({"recall_before": 0.0}, (float("nan"), float("nan")), NOTHING_MORE, None),
    ],
)
def test_a_claim_that_fails_is_said_to_fail(changes, kept, excess, holds):
    found = Replaced(10, kept, excess)
    verdict, sentence = replacement(figures(**changes), found, "hamster", labelled=True)
    assert verdict is holds
    assert ("does not hold" in sentence) == (holds is False)
    assert "top-1" not in sentence.lower()


@pytest.mark.parametrize("kept", [(0.95, 1.0), (0.0, 0.2)])
def test_neither_verdict_is_given_on_fewer_images_than_the_other_needs(kept):
    after = figures(recall_after=kept[0])
    for n, decided in ((FEW, True), (FEW - 1, False)):
        found = Replaced(n, kept, NOTHING_MORE)
        holds, sentence = replacement(after, found, "hamster", labelled=True)
        assert (holds is not None) == decided
        assert ("Too few images for either verdict" in sentence) != decided
    holds, sentence = replacement(after, Replaced(0, kept, NOTHING_MORE), "hamster", labelled=False)
    assert holds is None and "cannot be tested here" in sentence
