"""Whether cutting makes more robust: each outcome of the rule, and where nothing was tested."""

import numpy as np
import pytest

from precompute.atlas.contract.schema_robustness import CUT, CUT_DETECTION, CUT_SIDES, GAIN
from precompute.claims.catalogue import BY_ID
from precompute.claims.claim import FAILS, HOLDS, UNTESTABLE
from precompute.claims.rules import cutting
from precompute.claims.trial import Trial
from tests.support.cuts import PAIRS, cut_tables

CLAIM = BY_ID["cutting"]


def trial(**options) -> Trial:
    tables = cut_tables(**options)
    rest = (tables[table] for table in (CUT_SIDES, GAIN, CUT_DETECTION))
    return cutting.trial(tables[CUT].iloc[0].to_dict(), *rest)


def judged(**options):
    return trial(**options).judged(1, CLAIM.statistic, CLAIM.form)


@pytest.mark.parametrize(
    ("gain", "verdict"), [(0.02, HOLDS), (-0.02, FAILS), (0.005, UNTESTABLE), (-0.005, UNTESTABLE)]
)
def test_the_interval_of_the_gain_decides_on_which_side_of_nothing_it_lies(gain, verdict):
    found = judged(gain=gain, width=0.01)
    assert found.verdict == verdict
    assert (found.value, found.low, found.high) == pytest.approx((gain, gain - 0.01, gain + 0.01))
    assert ("undecided" in found.why) == (verdict == UNTESTABLE)
    assert f"{abs(gain):.3f}" in found.why and "3 seeds, 2 sets" in found.why


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (0.8, "AUROC 0.800 before, 0.851 in the control, 0.871 after: better than before."),
        (0.891, "after: no better than before, cutting gave back 50 % of what fine-tuning lost."),
    ],
)
def test_the_remark_says_whether_it_is_better_than_before_too(before, said):
    tables = cut_tables(gain=0.02)
    rows = tables[CUT_DETECTION].copy()
    rows.loc[rows["side"] == "before", "auroc"] = before
    found = cutting.trial(tables[CUT].iloc[0].to_dict(), tables[CUT_SIDES], tables[GAIN], rows)
    assert found.remark.endswith(said)


def test_a_network_behind_its_control_gave_nothing_back():
    assert trial(gain=-0.02).remark.endswith("0.831 after: no better than before.")


def test_widening_for_other_tests_can_leave_it_undecided():
    assert trial(gain=0.011, width=0.01).judged(100, "gain", "difference").verdict == UNTESTABLE


def test_other_scores_stand_beside_it():
    assert trial(gain=0.02).yardsticks == pytest.approx(
        {"max logit": 0.02, "dependency score": 0.02}
    )


NOT_TESTED = {
    "one seed": ({"n_seeds": 1}, "from 1 seed; .*--seeds 3"),
    "two seeds": ({"n_seeds": 2}, "from 2 seeds; at least 3"),
    "no foreign images": ({"sets": ()}, "no foreign images: run python -m precompute ood anynet --images"),
    "few held-out images": ({"n_holdout": 29}, "29 held-out images; at least 30"),
    "few foreign images": ({"n_foreign": 29}, "29 foreign images in textures; at least 30"),
    "cut in vain": (
        {"pairs": [(k, k + 8, 0.5) for k in range(8)], "still": 0.125},
        "Nothing was tested: .*still selects 12 % .*--beta",
    ),
    "accuracy lost": ({"top1": (0.8, 0.79, 0.784)}, "lost 0.6 points of top-1 against its control"),
    "no labels": ({"top1": (np.nan, np.nan, np.nan)}, "No held-out image has a label"),
}  # fmt: skip


@pytest.mark.parametrize(("options", "why"), NOT_TESTED.values(), ids=NOT_TESTED)
def test_nothing_is_said_where_nothing_was_tested(options, why):
    for gain in (0.02, -0.02):
        found = judged(gain=gain, **options)
        assert found.verdict == UNTESTABLE
        with pytest.raises(AssertionError, match=why):
            raise AssertionError(found.why)


@pytest.mark.parametrize(
    "options",
    [
        {"top1": (0.8, 0.79, 0.785)},
        {"top1": (0.8, 0.79, 0.81)},
        {"pairs": [(k, k + 8, 0.5) for k in range(10)], "still": 0.1},
        {"n_holdout": 30, "n_foreign": 30, "pairs": PAIRS[:1]},
    ],
)
def test_at_its_limits_it_is_a_test(options):
    assert judged(**options).verdict == HOLDS
