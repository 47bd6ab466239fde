"""All tables of one network: what held-out images may decide, and what they may not."""

import numpy as np
import pandas as pd
import pytest

from precompute.atlas.progress import Silent
from precompute.equations.batches import Batch
from precompute.equations.fit import FitOptions
from precompute.equations.network_pair import NetworkPair

PAIRS = {"few": 1, "readable": 2, "best": 1}
FITTED = [
    "target", "n_parents", "lambda", "few", "readable", "best", "stopped", "cv_error",
    "cv_standard_error", "fit_error", "fit_error_refit",
]  # fmt: skip
SAME_IN_ALL_ROWS = ["stopped", "dense_error", "dense_r2", "within_half_sd_mean"]


def pair_of(fit, holdout, truth):
    def batches(split):
        logits = {"fit": fit, "holdout": holdout}[split]
        yield Batch(logits, logits, truth[: len(logits)])

    n = fit.shape[1]
    return NetworkPair(batches, np.arange(n), FitOptions(max_parents=10), Silent(), "m")


def tables_of(pair):
    evaluation, control = pair.evaluation_tables()
    return pair.path_table(), evaluation, control, pair.dependency_table(evaluation, PAIRS)


@pytest.fixture(scope="module")
def logits(planted):
    return planted.logits[:400], planted.logits[400:], planted.truth.astype(np.int32)


@pytest.fixture(scope="module")
def tables(logits):
    return tables_of(pair_of(*logits))


def test_held_out_images_decide_nothing_that_is_fitted_or_chosen(logits, tables):
    fit, holdout, truth = logits
    noise = np.random.default_rng(0).normal(size=(150, fit.shape[1])).astype(np.float32)
    path, evaluation, control, dependencies = tables
    other = tables_of(pair_of(fit, noise, truth))
    pd.testing.assert_frame_equal(path, other[0])
    pd.testing.assert_frame_equal(evaluation[FITTED], other[1][FITTED])
    pd.testing.assert_frame_equal(control, other[2])
    pd.testing.assert_frame_equal(dependencies, other[3])
    for judged in ("r2", "control_r2", "random_r2", "correlated_r2", "dense_r2"):
        assert not evaluation[judged].equals(other[1][judged]), judged
    refitted = tables_of(pair_of(fit[::-1][:390], holdout, truth))
    assert not path.equals(refitted[0]), "the control: fit images do"


def test_every_target_has_one_equation_of_each_choice_with_the_sizes_of_the_table(tables):
    _, evaluation, control, dependencies = tables
    for choice in ("few", "readable", "best"):
        rows = evaluation[evaluation[choice]].set_index("target")["n_parents"]
        assert rows.index.is_unique and len(rows) == 40
        mine = dependencies[dependencies["choice"] == choice]
        assert (mine.groupby("target").size() == rows).all()
        noise = control[control["choice"] == choice]
        assert (noise.groupby("target").size() <= rows).all()
    assert (evaluation.loc[evaluation["readable"], "n_parents"] <= 8).all()
    order = dependencies[["choice", "target", "source"]]
    assert order.equals(order.sort_values(["choice", "target", "source"], ignore_index=True))


def test_planted_equations_beat_what_they_have_to_beat_and_come_back_in_every_half(tables, planted):
    _, evaluation, _, dependencies = tables
    best = evaluation[evaluation["best"]].set_index("target").loc[: len(planted.coefficients) - 1]
    for yardstick in ("random_r2", "control_r2"):
        assert (best["r2_refit"] > best[yardstick] + 0.1).all(), yardstick
    assert (best["within_half_sd_refit"] > best["within_half_sd_mean"]).all()
    readable = dependencies[dependencies["choice"] == "readable"].set_index(["target", "source"])
    assert (readable["n_half_samples"] == 4).all()
    for target, wanted in enumerate(planted.coefficients):
        for parent in np.flatnonzero(wanted):
            assert readable.loc[(target, parent), "stability"] == 1


def test_what_holds_for_a_whole_target_is_the_same_in_all_its_rows(tables):
    evaluation = tables[1]
    for column in SAME_IN_ALL_ROWS:
        assert (evaluation.groupby("target")[column].nunique() == 1).all(), column
    assert (evaluation.groupby("target")["random_r2"].nunique() > 1).any()
