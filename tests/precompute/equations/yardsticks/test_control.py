"""The control: shuffled targets, drawn anew for every network."""

import numpy as np
import pytest

from precompute.equations import folds
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.folds import moments_of
from precompute.equations.seeds import seed_of
from precompute.equations.yardsticks.control import Shuffled, control

SIZES = [1, 2, 3, 4]
N_IMAGES = {"fit": 200, "holdout": 100}
PROBLEM = Problem(np.arange(20), FitOptions(max_parents=4))


@pytest.fixture(scope="module")
def batches():
    rng = np.random.default_rng(0)
    logits = {
        split: rng.normal(1.0, 1.0, size=(n, 20)).astype(np.float32).astype(float)
        for split, n in N_IMAGES.items()
    }

    def stream(split):
        for part in np.array_split(logits[split], 3):
            yield Batch(part, part, np.zeros(len(part), np.int32))

    return stream


def test_a_shuffle_keeps_sources_and_targets_and_breaks_what_joins_them(batches):
    images = np.concatenate([batch.targets for batch in batches("fit")])
    found = Shuffled.of(batches("fit"), 200, seed=1)
    np.testing.assert_array_equal(found.sources, images)
    assert not np.array_equal(found.beside(slice(None)), images)
    np.testing.assert_array_equal(
        np.sort(found.beside(slice(None)), axis=0), np.sort(images, axis=0)
    )
    centred = moments_of(batches("fit"), 200).centred(on_mean=True)
    left = found.products(slice(3, 9), centred)
    targets = (found.beside(slice(None)) - images.mean(axis=0))[:, 3:9]
    np.testing.assert_allclose(left, targets.T @ (images - images.mean(axis=0)) / 200, atol=1e-12)
    assert np.abs(left / centred.variance[3:9, None]).max() < 0.3


def test_every_network_and_seed_has_its_own_shuffle(batches):
    seen = (moments_of(batches("fit"), 200).centred(),) * 2
    found = {
        (name, seed): control(
            batches, N_IMAGES, Problem(np.arange(20), FitOptions(4, seed=seed)), seen, SIZES, name
        )
        for name, seed in (("a", 0), ("b", 0), ("a", 1), ("a", 0))
    }
    first, other, reseeded = found.values()
    again = control(batches, N_IMAGES, PROBLEM, seen, SIZES, "a")
    np.testing.assert_array_equal(first.levels.source, again.levels.source)
    for different in (other, reseeded):
        assert different.error.tolist() != first.error.tolist()
    assert (
        len(
            {seed_of(0, "a", "x"), seed_of(0, "b", "x"), seed_of(1, "a", "x"), seed_of(0, "a", "y")}
        )
        == 4
    )


def test_the_table_has_as_many_parents_as_each_targets_own_equation(batches):
    seen = (moments_of(batches("fit"), 200).centred(),) * 2
    noise = control(batches, N_IMAGES, PROBLEM, seen, SIZES, "a")
    wanted = {"few": 1, "readable": 4, "best": 3}
    chosen = {
        name: Equations(
            np.arange(20, dtype=np.int32), np.zeros(20, np.int32), np.ones(20), np.arange(21) * n,
            np.zeros(20 * n, np.int32), np.ones(20 * n),
        )
        for name, n in wanted.items()
    }  # fmt: skip
    table = noise.table(chosen)
    assert table["choice"].unique().tolist() == ["best", "few", "readable"]
    for name, n in wanted.items():
        rows = table[table["choice"] == name]
        assert (rows.groupby("target").size() == n).all() and rows["target"].nunique() == 20
        assert (rows["source"] != rows["target"]).all()
        assert rows[["target", "source"]].equals(
            rows[["target", "source"]].sort_values(["target", "source"])
        )


@pytest.mark.parametrize("on_mean", [False, True])
def test_products_of_very_many_categories_are_right_to_a_millionth(batches, monkeypatch, on_mean):
    found = Shuffled.of(batches("fit"), 200, seed=1)
    point = moments_of(batches("fit"), 200).centred(on_mean=on_mean)
    exact = found.products(slice(3, 9), point)
    monkeypatch.setattr(folds, "MANY", 5)
    rounded = found.products(slice(3, 9), point)
    assert not np.array_equal(rounded, exact)
    np.testing.assert_allclose(rounded, exact, atol=1e-6 * point.power.max())
