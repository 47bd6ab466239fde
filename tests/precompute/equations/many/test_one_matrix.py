"""One matrix whose images change, against sums that are made anew."""

import numpy as np
import pytest

from precompute.equations import folds
from precompute.equations import moments as module
from precompute.equations.batches import Batch
from precompute.equations.folds import FoldsOfMany, part_of_many
from precompute.equations.many.one_matrix import OneMatrix
from precompute.equations.moments import Moments

# Float64 sums of a few hundred products that were scaled a few times.
CLOSE = {"rtol": 1e-11, "atol": 1e-11}
POINTS = [{}, {"on_mean": True}]


@pytest.fixture
def images():
    return np.random.default_rng(0).normal(2.0, 1.0, size=(300, 7))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    monkeypatch.setattr(module, "BLOCK", 3)


def stream(images, rows=slice(None), size=64):
    for start in range(0, len(images[rows]), size):
        part = images[rows][start : start + size]
        yield Batch(part, part, np.zeros(len(part), np.int32))


def at_once(images, rows=slice(None)):
    """The referee: sums of all of them, made anew."""
    found = Moments(images.shape[1])
    found.update(images[rows])
    return found


def same(found, wanted):
    for name, value in vars(wanted).items():
        np.testing.assert_allclose(getattr(found, name), value, **CLOSE, err_msg=name)


@pytest.mark.parametrize("point", POINTS)
def test_images_that_come_later_are_as_if_they_had_always_been_there(images, point):
    found = OneMatrix.of(stream(images, slice(220)), 220)
    few = at_once(images, slice(220))
    same(found.centred(**point), few.centred(**point))
    found.with_more(stream(images, slice(220, 300)), 80)
    same(found.centred(**point), at_once(images).centred(**point))
    assert not np.allclose(found.centred(**point).moment, few.centred(**point).moment)
    np.testing.assert_allclose(found.mean_square(), at_once(images).mean_square(), **CLOSE)


def test_the_point_moves_and_moves_back(images):
    found, like = (
        OneMatrix.of(stream(images), 300),
        at_once(images, slice(50)).centred(on_mean=True),
    )
    same(found.centred(like=like), at_once(images).centred(like=like))
    same(found.centred(on_mean=True), at_once(images).centred(on_mean=True))
    same(found.centred(), at_once(images).centred())


def test_what_is_handed_out_is_no_copy(images):
    found = OneMatrix.of(stream(images), 300)
    assert np.shares_memory(found.centred().moment, found.centred(on_mean=True).moment)


def test_leaving_folds_out_leaves_the_whole_as_it_is(images):
    dealt = np.random.default_rng(1).integers(5, size=300)
    kept = FoldsOfMany(lambda: stream(images), dealt)
    whole = kept.whole.centred(on_mean=True)
    for number, rest in enumerate(kept.each_without()):
        same(rest.centred(), at_once(images, dealt != number).centred())
    same(whole, at_once(images).centred(on_mean=True))


def test_the_matrix_is_symmetric_whatever_the_blocks(images):
    moment = OneMatrix.of(stream(images), 300).centred().moment
    np.testing.assert_array_equal(moment, moment.T)


def test_a_part_of_very_many_images_is_multiplied_in_float32(images, monkeypatch):
    exact = OneMatrix.of(stream(images), 300).centred().moment
    assert np.array_equal(part_of_many(stream(images), 300).centred().moment, exact)
    monkeypatch.setattr(folds, "EXACT_PART", 299)
    found = part_of_many(stream(images), 300).with_more(stream(images), 300).centred()
    scale = np.sqrt(np.outer(found.power, found.power))
    worst = np.abs((found.moment - exact) / scale).max()
    # Twice the same images; float32 rounds each of two logits and their product to 6e-8.
    assert 1e-10 < worst < 1e-6


@pytest.mark.parametrize("on_mean", [False, True])
def test_a_half_becomes_the_rest_of_the_whole_in_its_own_matrix(images, on_mean):
    mine = np.random.default_rng(2).permutation(300) < 120
    whole = OneMatrix.of(stream(images), 300)
    kept = whole.centred(on_mean=on_mean)
    half = OneMatrix.of(stream(images[mine]), 120)
    before = half.centred(on_mean=on_mean).moment
    rest = half.rest_of(whole)
    assert rest.n_images == 180
    same(rest.centred(on_mean=on_mean), at_once(images, ~mine).centred(on_mean=on_mean))
    assert np.shares_memory(rest.centred(on_mean=on_mean).moment, before)
    same(kept, at_once(images).centred(on_mean=on_mean))
