"""What pages say about survival: the curve of a network, one category's rows, an equation's own images."""

import numpy as np
import pytest

from explorer.answers.evidence.heldout import Holdout
from explorer.answers.evidence.replaced import replaced
from explorer.answers.verdicts import survival
from precompute.atlas import schema
from precompute.resamples import LEVEL, draws
from precompute.survival.pooled import pooled
from precompute.survival.rule import tolerated


@pytest.fixture(scope="module")
def table(atlas):
    return atlas.read(schema.SURVIVAL, atlas.models()[0])


def test_the_curve_is_the_pool_that_claims_are_judged_by(table):
    points = survival.curve(table, refit=True)
    expected = pooled(table)
    expected = expected[expected["kind"] != "lasso"]
    assert len(points) == len(expected)
    for row in points.to_dict("records"):
        same = expected[
            expected["weighting"].eq(row["weighting"]) & expected["constant"].eq(row["constant"])
        ]
        same = same[
            same["n_parents"].isna()
            if row["kind"] == "dense"
            else same["n_parents"] == row["n_parents"]
        ]
        assert same["recall_kept"].item() == row["recall_kept"]
    first = points[(points["weighting"] == 0) & ~points["constant"]]
    assert first["n_parents"].dropna().is_monotonic_increasing and first["kind"].iat[-1] == "dense"
    assert set(survival.curve(table, refit=False)["kind"]) == {"lasso", "dense"}


def test_networks_stand_side_by_side_at_equal_numbers_of_parents(table):
    points = survival.curve(table, refit=True)
    wide = survival.levels({"a": points, "b": points})
    assert list(wide.columns) == ["model", "equations", "8", "32", "100", "300", "dense"]
    assert len(wide) == 2 * 3 * 2 and wide[["100", "300"]].isna().all(axis=None), "40 categories"
    plain = points[(points["weighting"] == 0) & ~points["constant"]].set_index("n_parents")
    row = wide[(wide["model"] == "a") & (wide["equations"] == "as they are")].iloc[0]
    assert row["8"] == plain.loc[8, "recall_kept"]
    assert row["dense"] == points["recall_kept"][points["kind"] == "dense"].iat[0]


def test_a_line_says_from_how_many_parents_classification_survives(table):
    points = survival.curve(table, refit=True)
    none = points.assign(holds=False)
    assert survival.lines(none).count("nowhere for certain") == 6
    dense = none.assign(holds=none["n_parents"].isna())
    assert survival.lines(dense).count("(the dense map) only") == 6
    from_four = dense.assign(holds=(none["n_parents"] >= 4).fillna(True).astype(object))
    assert "- as they are, with a constant: with 4 or 8 or 16 or 32 parents" in survival.lines(
        from_four
    )


def test_own_rows_and_the_sample(table):
    category = int(table["category"].iat[0])
    rows = survival.own(table, category, refit=True)
    assert set(rows["category"]) == {category} and set(rows["kind"]) == {"refit", "dense"}
    one = rows.iloc[0]
    assert one["recall_kept"] == pytest.approx(one["hits_after"] / one["hits_before"], nan_ok=True)
    absent = set(range(40)) - set(table["category"])
    assert survival.own(table, absent.pop(), refit=True).empty
    found = survival.sample(table)
    assert found["tried"] == found["of"] == table["category"].nunique()


@pytest.fixture
def holdout():
    """60 images of category 0, which the network recognises in two of three; 300 of others."""
    rng = np.random.default_rng(5)
    logits = rng.normal(size=(360, 4)).astype(np.float16)
    labels = np.r_[np.zeros(60, int), rng.integers(1, 4, 300)]
    logits[np.arange(360), labels] += 3
    logits[:20, 0] -= 5
    return Holdout.of([str(k) for k in range(360)], labels, logits)


def test_one_equation_is_judged_by_its_own_images_with_intervals(holdout):
    """Brute force: each resample's images are put together and counted."""
    predicted = holdout.logits[:, 0].astype(float) - np.where(np.arange(360) % 2, 4.0, 0.0)
    found = replaced(holdout, 0, predicted)
    assert found.n_images == 60
    rival = np.where(holdout.top1 == 0, holdout.second_logit, holdout.top1_logit)
    before, after = holdout.top1 == 0, predicted > rival
    own, others = np.arange(60), np.arange(60, 360)
    kept, excess = [], []
    for times in draws(60).counts.astype(int):
        rows = np.repeat(own, times)
        kept.append(after[rows].sum() / before[rows].sum())
    for times in draws(300).counts.astype(int):
        rows = np.repeat(others, times)
        excess.append(after[rows].sum() - tolerated(before[rows].sum(), 300))
    np.testing.assert_allclose(found.kept, np.quantile(kept, LEVEL))
    np.testing.assert_allclose(found.excess, np.quantile(excess, LEVEL))
    assert found.holds is False
    assert replaced(holdout, 0, holdout.logits[:, 0].astype(float)).holds is True


def test_what_the_network_does_not_recognise_it_cannot_lose(holdout):
    holdout.top1[:] = 1
    found = replaced(holdout, 0, np.zeros(360))
    assert np.isnan(found.kept).all() and found.holds is None
