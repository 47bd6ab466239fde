"""The rule that turns an interval into a verdict, and the widening of intervals for many tests."""

from statistics import NormalDist

import pytest

from precompute.claims import multiplicity
from precompute.claims.claim import FAILS, HOLDS, PARTLY, UNTESTABLE
from precompute.claims.table import Subject, together, verdicts
from precompute.claims.trial import Trial, decide


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.5, 0.9, HOLDS),
        (0.49, 0.9, PARTLY),
        (0.3, 0.4, PARTLY),
        (0.1, 0.4, PARTLY),
        (-1.0, 0.24, FAILS),
        (0.1, 0.25, PARTLY),
        (0.1, 0.6, UNTESTABLE),
    ],
)
def test_the_whole_interval_decides(low, high, verdict):
    assert decide(low, high, full=0.5, some=0.25) == verdict


@pytest.mark.parametrize(
    ("low", "high"), [(2, 9), (2, 16), (3, 17), (65, 70), (64, 70), (12, 80), (17, 63)]
)
def test_where_less_is_better_the_rule_is_the_same_mirrored(low, high):
    assert decide(low, high, 16, 64, higher_is_better=False) == decide(-high, -low, -16, -64)


@pytest.mark.parametrize(
    ("low", "high"), [(0.6, 0.9), (0.3, 0.6), (0.3, 0.4), (0.1, 0.2), (0.1, 0.9)]
)
def test_the_rule_favours_neither_verdict(low, high):
    """Turned about the middle of both thresholds, holds and does not hold change places."""
    opposite = {HOLDS: FAILS, FAILS: HOLDS}
    here = decide(low, high, 0.5, 0.25)
    there = decide(0.75 - high, 0.75 - low, 0.5, 0.25)
    assert there == opposite.get(here, here)


def test_one_test_needs_no_widening_and_many_are_bonferronis():
    assert multiplicity.stretch(1) == pytest.approx(1)
    # Tables of the normal distribution: z(0.975) = 1.959964, z(0.9975) = 2.807034 (ten tests of 0.005).
    assert multiplicity.stretch(10) == pytest.approx(2.807034 / 1.959964, abs=1e-6)
    low, high = multiplicity.stretched(0.5, 0.4, 0.55, 10)
    assert (
        (0.5 - low) / 0.1 == pytest.approx((high - 0.5) / 0.05) == pytest.approx(1.432187, abs=1e-5)
    )


def test_for_a_normal_figure_the_widened_interval_is_the_one_of_the_corrected_error():
    sd, m = 0.07, 42
    half = NormalDist().inv_cdf(0.975) * sd
    low, high = multiplicity.stretched(0.0, -half, half, m)
    assert high == -low == pytest.approx(NormalDist(0, sd).inv_cdf(1 - 0.05 / (2 * m)))


def test_an_interval_reaches_to_its_figure():
    assert multiplicity.stretched(0.5, 0.3, 0.4, 1) == (pytest.approx(0.3), pytest.approx(0.5))


def one(low: float, high: float) -> Trial:
    return Trial((low + high) / 2, low, high, 0.5, 0.25, 100, 50)


def test_all_tests_of_an_atlas_are_counted_before_any_is_judged():
    near = one(0.51, 0.59)
    alone = verdicts({Subject("within", "a"): near})
    assert alone["verdict"].tolist() == [HOLDS]
    many = verdicts({Subject("within", f"network {k}"): near for k in range(30)})
    assert (many["n_tests_in_all"] == 30).all()
    assert set(many["verdict"]) == {PARTLY}, "with 30 chances an interval so near proves less"
    assert many["low"].iat[0] == pytest.approx(0.55 - 0.04 * multiplicity.stretch(30))
    assert many["low_alone"].iat[0] == 0.51


def test_what_cannot_be_tested_is_no_test():
    table = verdicts(
        {Subject("within", "a"): one(0.6, 0.7), Subject("cutting"): Trial(untestable="No.")}
    )
    assert table["n_tests_in_all"].tolist() == [1, 1]
    assert table["why"].iat[1] == "No."


def test_an_interval_is_not_widened_beyond_what_the_figure_can_be():
    trial = Trial(0.99, 0.98, 1.0, 0.5, 0.25, 100, 50, ends=(-1, 1.0))
    assert trial.widened(100)[1] == 1.0


@pytest.mark.parametrize(
    ("each", "verdict"),
    [
        ([HOLDS, HOLDS, UNTESTABLE], HOLDS),
        ([FAILS, FAILS], FAILS),
        ([HOLDS, FAILS], PARTLY),
        ([PARTLY], PARTLY),
        ([UNTESTABLE], UNTESTABLE),
        ([], UNTESTABLE),
    ],
)
def test_several_verdicts_as_one(each, verdict):
    assert together(each) == verdict


def test_the_reason_names_the_figure_its_interval_and_the_threshold():
    judged = one(0.6, 0.7).judged(1, "median held-out R²", "number")
    assert judged.why == "Median held-out R²: 0.65 (0.60 to 0.70); all of it is at least 0.50."
    judged = Trial(40, 38, 44, 16, 64, 100, 50, higher_is_better=False).judged(
        1, "parents", "parents"
    )
    assert judged.why.endswith(
        "40 (38 to 44); it lies neither wholly at most 16 nor wholly above 64."
    )


def test_an_interval_that_allows_both_verdicts_is_undecided_on_so_many_images():
    judged = Trial(0.4, 0.1, 0.6, 0.5, 0.25, n_images=31).judged(1, "R²", "number")
    assert judged.verdict == UNTESTABLE and "undecided on 31 images" in judged.why
