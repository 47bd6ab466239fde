"""The trial counts what a plain loop counts; weight recovers a category that plain equations lose; a
constant is chosen before anything is held out."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from precompute.atlas.contract.schema_survival import SURVIVAL
from precompute.equations import folds
from precompute.equations.batches import Batch
from precompute.equations.moments import Moments
from precompute.equations.weighting import weighted_moment
from precompute.survival import sources
from precompute.survival.constant import Margins, constant
from precompute.survival.fit_images import fit_images
from precompute.survival.pooled import pooled
from precompute.survival.sparse import sparse_equations
from precompute.survival.trial import allowed_sizes, held_out_as_it_is, survival_table

N, N_FIT, N_HELD = 24, 600, 400


class Network:
    """Logits of rank 12 and some noise. An image of a category has a raised logit there, and a quarter as
    much of it that other logits tell of: too rare an event for squared error to hear of."""

    def __init__(self, seed: int = 0, labels: bool = True):
        rng = np.random.default_rng(seed)
        head = rng.normal(size=(12, N))
        self.data = {}
        for split, n_images in (("fit", N_FIT), ("holdout", N_HELD)):
            label = rng.integers(0, N, n_images)
            logits = rng.normal(size=(n_images, 12)) @ head / 3 + 0.4 * rng.normal(
                size=(n_images, N)
            )
            logits[np.arange(n_images), label] += 4
            logits[np.arange(n_images), (label + 1) % N] += 1
            self.data[split] = (
                logits.astype(np.float32),
                label.astype(np.int32) if labels else np.full(n_images, -1, np.int32),
            )

    def batches(self, split):
        logits, labels = self.data[split]
        for start in range(0, len(labels), 128):
            part = logits[start : start + 128]
            yield Batch(part, part, labels[start : start + 128])

    def moments(self, center=False):
        moments = Moments(N)
        for batch in self.batches("fit"):
            moments.update(batch.sources)
        return moments.centred(on_mean=center)

    def table(self, n_categories=6, center=False, seed=0):
        return survival_table(self.batches, self.moments(center), N, seed, n_categories)


@pytest.fixture(scope="module")
def network() -> Network:
    return Network()


@pytest.fixture(scope="module")
def table(network) -> pd.DataFrame:
    return network.table()


def test_the_table_keeps_its_contract_and_is_the_same_again(network, table):
    assert list(table.columns) == SURVIVAL.columns
    assert set(table["weighting"]) == {0.0, 0.1, 0.3}
    assert set(table["kind"]) == {"lasso", "refit", "dense"}
    assert set(table["n_parents"].dropna()) == {1, 2, 4, 8, 16}, "below n - 1 and rank - 1"
    assert table.groupby(["weighting", "kind", "n_parents"], dropna=False).size().eq(6).all()
    assert table["n_candidates"].eq(N).all()
    pd.testing.assert_frame_equal(network.table(), table)
    assert set(network.table(seed=1)["category"]) != set(table["category"])


@pytest.mark.parametrize("center", [False, True])
def test_counts_are_those_of_a_plain_loop(network, center):
    """Each image by itself: the logit is replaced, and argmax asked."""
    table = network.table(3, center)
    fit, (logits, labels) = network.moments(center), network.data["holdout"]
    images = fit_images(network.batches, np.arange(N), 0)
    rows = table[table["kind"] == "refit"]
    for row in rows[rows["n_parents"].isin([2, 8])].itertuples():
        own = images.own[row.category] - fit.source_mean
        moment = weighted_moment(fit.moment, own, row.weighting)
        (equation,) = [
            e
            for e in sparse_equations(moment, row.category, [row.n_parents], own, 0.0)
            if e.kind == "refit"
        ]
        for count, added in (("after", 0.0), ("with_constant", row.added)):
            hits = false = 0
            for image, label in zip(logits.astype(float), labels, strict=True):
                about = image - fit.source_mean
                said = (
                    about[equation.sources] @ equation.coefficients + fit.target_mean[row.category]
                )
                changed = image.copy()
                changed[row.category] = said + added
                hits += changed.argmax() == row.category == label
                false += changed.argmax() == row.category != label
            assert getattr(row, f"hits_{count}") == hits
            assert getattr(row, f"false_{count}") == false
        shows = labels == row.category
        assert row.n_images == shows.sum() and row.n_others == (~shows).sum()
        assert row.hits_before == (logits[shows].argmax(axis=1) == row.category).sum()
        assert row.false_before == (logits[~shows].argmax(axis=1) == row.category).sum()


def test_without_labels_the_networks_own_first_guess_is_the_truth():
    network = Network(labels=False)
    held = held_out_as_it_is(network.batches, N)
    assert held.reference == "top1" and not held.false.any()
    np.testing.assert_array_equal(held.hits, held.n_images)
    table = network.table()
    assert set(table["reference"]) == set(table["own_reference"]) == {"top1"}


def test_weight_recovers_a_planted_classifier_that_the_plain_equation_loses():
    """Category 0 is shown by 1 image in 100. There source 1 tells of it, on all other images it is noise of
    its own that has nothing to do with category 0: plain squared error leaves it out, weight brings it
    back."""
    rng = np.random.default_rng(3)
    n_images = 4000
    shown = rng.random(n_images) < 0.01
    logits = rng.normal(size=(n_images, 8))
    logits[:, 0] = 0.9 * logits[:, 2] + 0.3 * logits[:, 0]
    logits[shown, 0] += 6
    logits[shown, 1] += 6
    fit, held = logits[:2000], logits[2000:]
    own, moment = fit[shown[:2000]], fit.T @ fit / 2000
    recall = {}
    for share in (0.0, 0.3):
        weighted = weighted_moment(moment, own, share)
        (refit,) = [e for e in sparse_equations(weighted, 0, [1], fit, 0.0) if e.kind == "refit"]
        changed = held.copy()
        changed[:, 0] = held[:, refit.sources] @ refit.coefficients
        changed[:, 1] = -np.inf  # it is the source, not a rival
        recall[share] = (changed.argmax(axis=1) == 0)[shown[2000:]].mean()
    assert recall[0.3] > 0.9
    assert recall[0.0] < 0.5, "control: the plain equation takes source 2"


def test_a_constant_never_sees_what_is_held_out(network, table):
    """Noise in place of the held-out logits changes every count, and no constant."""
    noisy = Network()
    logits, labels = noisy.data["holdout"]
    rng = np.random.default_rng(9)
    noisy.data["holdout"] = (rng.normal(size=logits.shape).astype(np.float32), labels)
    again = noisy.table()
    np.testing.assert_array_equal(again["added"], table["added"])
    assert (again["hits_after"] != table["hits_after"]).any(), "control: the judges did change"
    noisy = Network()
    logits, labels = noisy.data["fit"]
    noisy.data["fit"] = (2 * logits, labels)
    assert (noisy.table()["added"] != table["added"]).all(), "control: fit images do choose it"


def test_a_constant_gives_as_many_false_positives_as_are_tolerated():
    """100 margins of 10,000 images are known; the network itself makes 6, the rule tolerates 13: half-way
    are 9."""
    beaten = np.linspace(-5, -1, 100)
    added = constant([Margins(beaten, 10_000, 6)])
    assert (beaten + added > 0).sum() == 9
    assert constant([Margins(beaten[:50], 5_000, 6), Margins(beaten[50:], 5_000, 0)]) == added
    assert constant([Margins(beaten[:0], 0, 0)]) == 0.0


def test_sizes_end_before_any_equation_is_exact():
    assert allowed_sizes(1000, 998) == [1, 2, 4, 8, 16, 32, 64, 100, 128, 200, 300]
    assert allowed_sizes(1000, 129)[-1] == 100
    assert allowed_sizes(5, 5) == [1, 2]
    assert allowed_sizes(2, 1) == [1]


def test_few_categories_go_deep_and_the_pool_says_how_many(network, monkeypatch):
    monkeypatch.setattr("precompute.survival.trial.DEEP_FROM", 8)
    table = network.table(12)
    curve = pooled(table).set_index(["weighting", "kind", "n_parents", "constant"])
    assert curve.loc[(0.0, "refit", 4, False), "n_categories"] == 12
    assert curve.loc[(0.0, "refit", 8, False), "n_categories"] == 2


def test_a_category_without_own_fit_images_is_left_out_where_they_would_weigh():
    network = Network()
    logits, labels = network.data["fit"]
    network.data["fit"] = (logits, np.where(labels == 5, -1, labels).astype(np.int32))
    rows = network.table(N)
    rows = rows[rows["category"] == 5]
    assert len(rows) and set(rows["weighting"]) == {0.0} and rows["n_own"].eq(0).all()


def test_own_images_are_capped(monkeypatch, network):
    monkeypatch.setattr("precompute.survival.fit_images.MOST_OWN", 2)
    images = fit_images(network.batches, np.array([3, 7]), 0)
    assert [len(images.own[i]) for i in (3, 7)] == [2, 2]
    logits, labels = network.data["fit"]
    np.testing.assert_array_equal(images.own[3], logits[labels == 3][:2])
    assert replace(images, by_label=False).kind == "top1"


@pytest.mark.parametrize("logits", [np.ones((60, 1)), np.zeros((60, 4)), np.eye(60, 2) + 1])
def test_classifiers_without_anything_to_find_are_tried_too(logits):
    rows = logits.astype(np.float32)

    def batches(split):
        part = rows[:40] if split == "fit" else rows[40:]
        yield Batch(part, part, np.zeros(len(part), np.int32))

    moments = Moments(rows.shape[1])
    moments.update(rows[:40])
    table = survival_table(batches, moments.centred(), 1, 0)
    assert set(table["kind"]) >= {"dense"}
    assert len(pooled(table))


def test_of_very_many_categories_the_nearest_are_searched(network, table, monkeypatch):
    monkeypatch.setattr(folds, "MANY", 5)
    monkeypatch.setattr(sources, "NEAREST", N)
    pd.testing.assert_frame_equal(network.table(), table, rtol=1e-9)
    monkeypatch.setattr(sources, "NEAREST", 12)
    fewer = network.table()
    dense = fewer[fewer["kind"] == "dense"]
    assert (dense["n_used"] == 11).all() and dense["category"].nunique() == 6
    fit = network.moments()
    images = fit_images(network.batches, np.arange(N), 0)
    for target in dense["category"]:
        scene = sources.Scenes(fit, images, 0.1).of(target)
        assert scene.categories[scene.target] == target and len(set(scene.categories)) == 12
        likeness = np.abs(fit.moment[target]) / np.sqrt(fit.power)
        out = np.setdiff1d(np.arange(N), scene.categories)
        inside = np.setdiff1d(scene.categories, target)
        assert likeness[out].max() <= likeness[inside].min()
