"""What is said about a cut network, against its tables and against scipy."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from explorer.answers.cutting import dependencies, foreign, in_short, several, whole
from explorer.answers.cutting.seeds import after_less_control, means, t_interval
from explorer.tables.cut import CutTables
from precompute.atlas.contract import schema_robustness as contract
from precompute.claims.rules.cutting import SCORE
from tests.support.cuts import cut_tables

NAMES = pd.Series([f"thing {k}" for k in range(20)])


def cut(**options) -> CutTables:
    tables = cut_tables(**options)
    return CutTables(
        tables[contract.CUT].iloc[0].to_dict(),
        tables[contract.PAIRS],
        tables[contract.CUT_SIDES],
        tables[contract.CUT_DETECTION],
        tables[contract.GAIN],
        tables[contract.TRAINING],
    )


@pytest.mark.parametrize("n", [2, 3, 8])
def test_the_interval_over_seeds_is_students(n):
    values = np.random.default_rng(n).normal(size=n)
    found = t_interval(values)
    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert (found.mean, found.low, found.high) == pytest.approx((values.mean(), low, high))
    assert found.n == n


def test_one_seed_has_no_interval_and_none_no_mean():
    one, none = t_interval(np.array([0.3])), t_interval(np.array([]))
    assert one.mean == 0.3 and math.isnan(one.low) and math.isnan(one.high)
    assert math.isnan(none.mean) and none.n == 0


def test_seeds_are_compared_one_by_one():
    """Seeds differ by much more than control and cut network of one seed do."""
    sides = pd.DataFrame({
        "side": ["before", *["control"] * 3, *["after"] * 3], "seed": [0, 0, 1, 2, 2, 1, 0],
        "x": [9.0, 1.0, 2.0, 3.0, 3.11, 2.1, 1.09],
    })  # fmt: skip
    found = after_less_control(sides, "x")
    paired = stats.ttest_rel([1.09, 2.1, 3.11], [1.0, 2.0, 3.0]).confidence_interval(0.95)
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, *paired))
    assert means(sides, "x") == pytest.approx({"before": 9.0, "control": 2.0, "after": 2.1})


def test_a_dependency_has_its_figures_in_every_network():
    found = dependencies.each(cut(still=1 / 3).pairs, NAMES)
    last = found.set_index(["target", "source"]).loc[3, 17]
    assert last["selected"] == 3 == last["n_seeds"]
    assert last["coefficient_after"] == pytest.approx(0.31)  # seeds 0, 1, 2
    gone = found.set_index(["target", "source"]).loc[0, 8]
    assert (gone["pull_before"], gone["pull_control"]) == pytest.approx((2.0, 2.05))
    assert gone["pull_after"] == pytest.approx(0.85) and gone["coefficient_after"] == 0
    assert gone["detour"] == "thing 12" and gone["detour_after"] == pytest.approx(0.04 / 0.3)
    assert found["target_name"].tolist() == ["thing 0", "thing 0", "thing 3"]


def test_without_a_detour_none_is_told():
    pairs = cut().pairs.assign(detour=-1, detour_coefficient=0.0)
    found = dependencies.each(pairs, NAMES)
    assert found["detour"].isna().all() and (found["detour_after"] == 0).all()
    assert "None comes back" in dependencies.said(found)


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0.031, "3 of 3 come back through a third category by at least 10 % of the coefficient before "
                "(control 0); on average the detour makes up 10.3 % of it (control 0.0 %). The largest"),
        (0.029, "None comes back through a third category by at least 10 % of the coefficient before "
                "(control 0); on average the detour makes up 9.7 % of it (control 0.0 %)."),
    ],
)  # fmt: skip
def test_a_detour_counts_from_a_size_on(size, said):
    pairs = cut().pairs
    pairs.loc[pairs["side"] == "after", "detour_coefficient"] = size
    assert said in dependencies.said(dependencies.each(pairs, NAMES))


def test_detours_with_different_signs_do_not_cancel():
    pairs = cut().pairs
    pairs["detour_coefficient"] *= np.where(pairs["seed"] == 1, -1, 1)
    assert dependencies.each(pairs, NAMES)["detour_after"].tolist() == pytest.approx([0.4 / 3] * 3)


def test_a_pair_that_was_not_there_before_has_no_share():
    pairs = cut().pairs
    pairs.loc[pairs["side"] == "before", "coefficient"] = 0.0
    found = dependencies.each(pairs, NAMES)
    assert found["detour_after"].isna().all() and "None comes back" in dependencies.said(found)


def better_before(**options) -> CutTables:
    """A cut network that is ahead of its control and behind the network that it was made of."""
    found = cut(**options)
    rows = found.detection.copy()
    rows.loc[rows["side"] == "before", "auroc"] = 0.891
    return dataclasses.replace(found, detection=rows)


def test_what_is_better_than_its_control_alone_is_no_improvement():
    assert in_short.robust(cut()).startswith("Robustness improved:")
    said = in_short.robust(better_before())
    assert said.startswith(
        "More robust than the control, but not than before: AUROC of max softmax +0.020"
    )
    assert "gave back 50 % of what fine-tuning lost" in said
    assert in_short.robust(better_before(gain=0.002)).endswith("no better than before.")


def test_what_no_digit_shows_is_no_improvement():
    """AUROC .8904 before and .8905 after: the interval is that against the control."""
    found = better_before()
    rows = found.detection.copy()
    after = rows.loc[(rows["side"] == "after") & (rows["score"] == SCORE), "auroc"].mean()
    rows.loc[rows["side"] == "before", "auroc"] = after - 1e-4
    said = in_short.robust(dataclasses.replace(found, detection=rows))
    assert said.startswith("More robust than the control, but not than before")
    assert said.endswith("as good as before, cutting gave back what fine-tuning lost.")


def test_without_a_gain_its_figures_stand_alone():
    found = dataclasses.replace(cut(), gain=cut(sets=()).gain)
    assert in_short.robust(found).startswith(
        "Whether robustness improved cannot be told without an"
    )
    rows = foreign.figures(found)
    assert rows["gain"].isna().all() and rows["auroc_after"].notna().all()


def test_few_stand_before_many_with_what_comes_back_and_what_before_was():
    many, few = cut(), better_before(pairs=[(0, 8, 0.5)], name="anynet+cut-few0")
    rows = several.beside_each_other([many, few], NAMES)
    assert rows["n_pairs"].tolist() == [1, 3]
    assert rows["over_before"].tolist() == pytest.approx([-0.02, 0.021])
    assert rows["back"].tolist() == [1, 1] and rows["back_control"].tolist() == [0, 0]


def test_few_and_many_differ_only_by_more_than_their_intervals():
    few, many = cut(pairs=[(0, 8, 0.5)], name="anynet+cut-few0"), cut(still=1 / 3)
    alike = several.said(several.beside_each_other([few, many], NAMES))
    assert alike.startswith(
        "3 dependencies cut at once and 1 do not differ in AUROC, against the control, by more than"
    )
    assert "Of the 1 and the 3, 0 % and 33 % are still selected; 100 % and 100 % come back" in alike
    worse = cut(top1=(0.8, 0.79, 0.7), gain=-0.02)
    apart = several.said(several.beside_each_other([few, worse], NAMES))
    assert "1 differ in AUROC, against the control, by more than" in apart
    assert "they are at −0.2 and −9.0 points" in apart
    blind = several.said(several.beside_each_other([few, cut(sets=())], NAMES))
    assert "do not differ" in blind


def test_the_detour_of_most_seeds_is_told():
    pairs = cut(pairs=[(0, 8, 0.5)]).pairs
    pairs.loc[
        (pairs["side"] == "after") & (pairs["seed"] == 0), ["detour", "detour_coefficient"]
    ] = 5, 0.9
    (found,) = dependencies.each(pairs, NAMES).itertuples()
    assert found.detour == "thing 12", "two of three take it"
    assert found.detour_after == pytest.approx((0.9 + 0.04 + 0.04) / 3 / 0.3)
    assert found.detour_control == 0


def test_foreign_images_begin_with_all_sets_and_keep_the_order_of_scores():
    found = foreign.figures(cut())
    assert found["set"].drop_duplicates().tolist() == ["all sets", "textures", "noise"]
    first = found[found["set"] == "textures"].iloc[0]
    assert first["score"] == "max softmax"
    assert (first["auroc_control"], first["auroc_after"]) == pytest.approx((0.851, 0.871))
    assert foreign.figures(cut(sets=())).empty


def test_a_score_without_a_name_of_its_own_keeps_that_of_the_table():
    tables = cut()
    odd = CutTables(
        tables.info, tables.pairs, tables.sides,
        tables.detection.replace("energy", "novel"), tables.gain.replace("energy", "novel"),
        tables.training,
    )  # fmt: skip
    assert foreign.figures(odd)["score"].iat[-1] == "novel"


def test_the_whole_has_every_measure_with_its_difference():
    rows = whole.changes(cut()).set_index("measure")
    top1 = rows.loc["Top-1, held-out images"]
    assert top1["difference"] == pytest.approx(-0.002) and top1["before"] == pytest.approx(0.8)
    assert rows.loc["Other dependencies kept", "difference"] == pytest.approx(-0.02)
    assert len(rows) == len(whole.MEASURES)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.02, "+0.020"),
        (-0.02, "−0.020"),
        (0.0, "0.000"),
        (-1e-4, "−0.000"),
        (1e-4, "+0.000"),
        (np.nan, "–"),
    ],
)
def test_a_difference_has_its_sign(value, text):
    assert in_short.signed(value) == text


def test_half_a_point_is_still_within():
    assert "within half a point" in in_short.accuracy(cut(top1=(0.8, 0.79, 0.785)))
    assert "more than half a point lost" in in_short.accuracy(cut(top1=(0.8, 0.79, 0.784)))
    assert "within half a point" in in_short.accuracy(cut(top1=(0.8, 0.79, 0.82)))
