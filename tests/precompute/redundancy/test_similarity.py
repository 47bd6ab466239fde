"""Confusion, head weights and WordNet, against plain loops and a tree drawn by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import softmax as scipys

from precompute.atlas.labels import imagenet_1k
from precompute.equations.batches import Batch
from precompute.kinship.wordnet_steps import WordNetSteps
from precompute.redundancy.similarity import SoftConfusion, head_cosine, wordnet_nearness
from precompute.sources.heads import STEP, CosineRows, cosines, read_cosines, write_cosines

N = 5


@pytest.fixture
def images():
    rng = np.random.default_rng(0)
    return rng.normal(scale=3.0, size=(40, N)).astype(np.float32), rng.integers(-1, N - 1, 40)


def batches(logits, labels):
    """In two batches, as an atlas streams them."""
    return lambda: (
        Batch(part, part, true)
        for part, true in ((logits[:25], labels[:25]), (logits[25:], labels[25:]))
    )


def plainly(logits, true):
    """Mean probability of each category on images of each target, by a plain loop."""
    sums, count = np.zeros((N, N)), np.zeros(N)
    for row, target in zip(logits, true, strict=True):
        if target >= 0:
            sums[target] += scipys(row.astype(float))
            count[target] += 1
    with np.errstate(invalid="ignore"):
        return sums / count[:, None], count


def test_confusion_is_the_mean_probability_on_images_of_the_label(images):
    logits, labels = images
    found = SoftConfusion(batches(logits, labels), N)
    expected, count = plainly(logits, labels)
    np.testing.assert_allclose(found(np.arange(N)), expected, atol=1e-12)
    assert found.n_images.tolist() == count.tolist()
    assert found.reference == "label"
    assert np.isnan(found(np.array([N - 1]))).all(), "no image shows the last category"


def test_without_any_label_the_networks_own_best_counts(images):
    logits, labels = images
    found = SoftConfusion(batches(logits, np.full_like(labels, -1)), N)
    expected, _ = plainly(logits, logits.argmax(axis=1))
    np.testing.assert_allclose(found(np.arange(N)), expected, atol=1e-12)
    assert found.reference == "top1"


def test_head_cosines_by_brute_force():
    weights = np.random.default_rng(1).normal(size=(6, 9)).astype(np.float32)
    weights[5] = 0
    found = head_cosine(cosines(weights), 6)(np.array([2, 5]))
    by_rows = head_cosine(CosineRows(weights), 6)(np.array([2, 5]))
    np.testing.assert_allclose(by_rows, found, rtol=1e-6)
    for other in range(5):
        a, b = weights[2].astype(float), weights[other].astype(float)
        # float32 result.
        assert found[0, other] == pytest.approx(a @ b / np.sqrt(a @ a * (b @ b)), abs=1e-6)
    assert (found[1] == 0).all()
    assert np.isnan(head_cosine(None, 6)(np.array([1]))).all()


def test_packed_cosines_come_back_to_half_a_step(tmp_path):
    matrix = cosines(np.random.default_rng(2).normal(size=(30, 8)))
    write_cosines(matrix, tmp_path / "head.parquet")
    back = read_cosines(tmp_path / "head.parquet", 30)
    np.testing.assert_allclose(back, matrix, atol=STEP / 2 + 1e-6)
    np.testing.assert_array_equal(back, back.T)


TREE = pd.DataFrame({
    "name": ["hamster", "guinea pig", "oak", "rodent", "thing"],
    "hypernyms": [
        ["rodent", "mammal", "organism"],
        ["cavy", "rodent", "mammal", "organism"],
        ["tree", "plant", "organism"],
        ["mammal", "organism"],
        [],
    ],
})  # fmt: skip


def test_nearness_on_a_tree_drawn_by_hand():
    steps = -wordnet_nearness(WordNetSteps(TREE))(np.array([0, 1, 4]))
    # hamster - rodent - cavy - guinea pig; hamster ... organism ... oak; rodent is itself a category.
    np.testing.assert_array_equal(steps[0], [0, 3, 6, 1, np.nan])
    np.testing.assert_array_equal(steps[1], [3, 0, 7, 2, np.nan])
    assert np.isnan(steps[2]).all(), "outside WordNet"


def test_a_word_of_two_senses_is_no_common_one():
    lines = [["vessel", "craft", "thing"], ["vessel", "container", "thing"]]
    steps = WordNetSteps(pd.DataFrame({"name": ["ship", "pot"], "hypernyms": lines}))
    assert steps.to_all(0).tolist() == [0, 6]


def test_the_steps_to_all_categories_are_those_of_every_pair():
    steps = WordNetSteps(imagenet_1k().categories)
    for one in (0, 333, 999):
        expected = [steps.between(one, other) for other in range(1000)]
        np.testing.assert_array_equal(steps.to_all(one), expected)
