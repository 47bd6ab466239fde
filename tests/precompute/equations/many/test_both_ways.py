"""Very many categories take another way to the same tables."""

import numpy as np
import pandas as pd
import pytest

from precompute.atlas.progress import Silent
from precompute.equations import folds
from precompute.equations.batches import Batch
from precompute.equations.fit import FitOptions
from precompute.equations.network_pair import NetworkPair
from precompute.equations.yardsticks import control

PAIRS = {"few": 1, "readable": 2, "best": 1}
# Of five draws the few take the mean, of many there is one; the dense map's penalty is chosen otherwise.
OTHERWISE = ["random_error", "random_r2", "dense_error", "dense_r2"]


def pair_of(planted, center):
    def batches(split):
        rows = slice(0, 400) if split == "fit" else slice(400, None)
        for part in np.array_split(np.arange(len(planted.logits))[rows], 5):
            logits = planted.logits[part]
            yield Batch(logits, logits, planted.truth[part].astype(np.int32))

    options = FitOptions(max_parents=6, center=center)
    return NetworkPair(batches, np.arange(planted.logits.shape[1]), options, Silent(), "m")


def tables_of(pair):
    evaluation, noise = pair.evaluation_tables()
    dependencies = pair.dependency_table(evaluation, PAIRS)
    return {
        "path": pair.path_table(), "evaluation": evaluation.drop(columns=OTHERWISE), "control": noise,
        "dependencies": dependencies,
    }  # fmt: skip


@pytest.mark.parametrize("center", [False, True])
def test_one_matrix_gives_the_tables_of_many(planted, monkeypatch, center):
    wanted = tables_of(pair_of(planted, center))
    monkeypatch.setattr(folds, "MANY", 5)
    monkeypatch.setattr(folds, "TRIED_OF_MANY", 5)
    monkeypatch.setattr(control, "_TARGETS", 3)
    monkeypatch.setattr(control, "many", lambda n: False)  # its products would be float32
    pair = pair_of(planted, center)
    assert isinstance(pair.folds, folds.FoldsOfMany)
    found = tables_of(pair)
    for name, table in wanted.items():
        # Float64 sums in another order; what is left of an exact equation is rounding.
        pd.testing.assert_frame_equal(found[name], table, rtol=1e-9, atol=1e-11, obj=name)
    other = tables_of(pair_of(planted, not center))["path"]
    with pytest.raises(AssertionError):  # the control: another point gives another path
        pd.testing.assert_frame_equal(other, wanted["path"], rtol=1e-9, atol=1e-11)


def test_of_many_categories_three_folds_of_few_images_are_left_out(planted, monkeypatch):
    every = tables_of(pair_of(planted, False))["evaluation"]
    monkeypatch.setattr(folds, "MANY", 5)
    monkeypatch.setattr(folds, "MOST_IN_FOLD", 50)
    pair = pair_of(planted, False)
    assert np.bincount(pair.dealt).tolist() == [50] * 8
    assert [rest.n_images for rest in pair.folds.each_without()] == [350] * 3
    few = pair.evaluation_tables()[0]
    # Fewer folds measure the same error, and not so well that none would be missed.
    assert few["cv_error"].median() == pytest.approx(every["cv_error"].median(), rel=0.2)
    assert not np.allclose(few["cv_error"], every["cv_error"], rtol=1e-6)
