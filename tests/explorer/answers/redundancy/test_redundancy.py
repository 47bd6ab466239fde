"""Errors against redundancy at every number of parents, and sentences on spectrum and agreement."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from explorer.answers.redundancy import compliance, small_error
from explorer.answers.redundancy import spectrum as spectra
from precompute.redundancy.small_error import Yardstick
from precompute.redundancy.spectrum import PowerLaw

N = 30


@pytest.fixture
def evaluation():
    """Errors that fall with the number of parents; every third target jumps over two parents."""
    rng = np.random.default_rng(0)
    rows = [
        {"target": target, "n_parents": k, "holdout_error": e, "holdout_error_refit": e / 2,
         "dense_error": target / 100}
        for target in range(N)
        for k, e in enumerate(np.sort(rng.uniform(size=3))[::-1] + target / N, start=1)
        if target % 3 or k != 2
    ]  # fmt: skip
    return pd.DataFrame(rows)


def categories(floor):
    names = [f"c{k}" for k in range(N)]
    return pd.DataFrame({"name": names, "definition": None, "floor": floor})


def test_correlations_by_a_plain_loop(evaluation):
    power = np.random.default_rng(1).uniform(1, 2, N)
    by = small_error.measured(categories(np.nan), evaluation)
    assert by.kind == "dense"
    found = small_error.by_parents(evaluation, by, power, refit=False).set_index("n_parents")
    assert found.index.tolist() == [1, 2, 3], "no further than the longest path"
    for level in (1, 2, 3):
        error = []
        for target in range(N):
            own = evaluation[(evaluation["target"] == target) & (evaluation["n_parents"] <= level)]
            error.append(own["holdout_error"].iat[-1])
        row = found.loc[level]
        assert row["spearman"] == pytest.approx(stats.spearmanr(by.values, error).statistic)
        assert row["by_size"] == pytest.approx(stats.spearmanr(-power, error).statistic)
        assert row["median_error"] == pytest.approx(np.median(error))
        assert row["low"] <= row["spearman"] <= row["high"] and row["n_categories"] == N
    refit = small_error.by_parents(evaluation, by, power, refit=True)
    assert refit["median_error"].tolist() == pytest.approx((found["median_error"] / 2).tolist())


def test_categories_stand_in_the_order_of_their_redundancy(evaluation):
    floor = np.random.default_rng(2).uniform(size=N)
    by = small_error.measured(categories(floor), evaluation)
    chosen = evaluation[evaluation["n_parents"] == 3]
    rows = small_error.by_category(categories(floor), chosen, by, refit=True)
    assert by.kind == "floor"
    assert rows["name"].tolist() == [f"c{k}" for k in np.argsort(floor)]
    error = chosen.set_index("target")["holdout_error_refit"]
    assert rows["error"].tolist() == error.iloc[np.argsort(floor)].tolist()


def test_a_target_without_an_equation_is_no_row(evaluation):
    by = Yardstick("dense", np.arange(N, dtype=float), "")
    chosen = evaluation[(evaluation["n_parents"] == 3) & (evaluation["target"] > 4)]
    rows = small_error.by_category(categories(np.nan), chosen, by, refit=False)
    assert len(rows) == N - 5 and rows["redundancy"].min() == 5


@pytest.mark.parametrize(
    ("width", "images", "expected"),
    [
        (256, 800, {"d + 1 = 257": 257, "N = 800 fit images": 800, "n = 1\u202f000 categories": 1000}),
        (1280, 1000, {"n = 1\u202f000 categories": 1000}),
        (None, 5000, {"n = 1\u202f000 categories": 1000}),
    ],
)  # fmt: skip
def test_a_spectrum_is_read_against_what_limits_it(width, images, expected):
    info = {"n_categories": 1000, "n_features": width, "n_fit": images}
    assert spectra.marks(info) == expected


def test_where_the_halves_differ_there_is_no_single_power_law():
    one = PowerLaw(0.7, 1.0, 0.68, 0.75, 2, 100)
    two = PowerLaw(0.4, 1.0, 0.2, 0.8, 2, 100)
    assert spectra.said(one).startswith("One power law")
    assert spectra.said(two).startswith("No single power law") and "0.20" in spectra.said(two)
    assert "too short" in spectra.said(None)


def rows(**known):
    ranks = {f"{measure}_rank": known.get(measure, np.nan) for measure in compliance.TITLES}
    return pd.DataFrame([{
        "control": False, "target": 0, "source": 1, "n_images": known.get("n_images", 3),
        "reference": "label", **ranks,
    }])  # fmt: skip


@pytest.mark.parametrize(
    ("architecture", "word"),
    [("logits", "array"), ("onnx", "ONNX"), ("vit_base", "not a single linear one")],
)
def test_why_there_are_no_head_weights(architecture, word):
    said = compliance.lacking(rows(confusion=0.5, wordnet=0.5), {"architecture": architecture})
    assert len(said) == 1 and word in said[0]


def test_what_is_known_is_not_lacking():
    known = rows(confusion=0.5, wordnet=0.5, head_cosine=0.5)
    assert compliance.lacking(known, {"architecture": "onnx"}) == []
    nothing = compliance.lacking(rows(), {"architecture": "onnx"})
    assert len(nothing) == 3 and "no held-out image" in nothing[0] and "WordNet ids" in nothing[2]


def test_how_many_targets_have_images_is_said():
    both = pd.concat([rows(), rows(n_images=0).assign(target=1)])
    assert compliance.partly(both).startswith("Confusion is that of 1 of 2 targets")
    assert compliance.partly(rows()) is None


def test_how_many_nothing_explains_is_said():
    found = pd.DataFrame({"unexplained": [True, False, False]})
    assert compliance.said(found).startswith(
        "1 of 3 strong and stable dependencies is explained by no"
    )
    assert compliance.said(found.assign(unexplained=False)).startswith("Every one of 3")


def test_why_the_list_is_empty():
    edges = pd.DataFrame({"stability": [np.nan]})
    assert "known in two measures" in compliance.why_none(rows(wordnet=0.1), edges)
    two = rows(wordnet=0.1, confusion=0.1)
    assert "not measured" in compliance.why_none(two, edges)
    assert "No strong dependency" in compliance.why_none(two, edges.assign(stability=1.0))
