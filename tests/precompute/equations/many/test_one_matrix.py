"""Images enter and leave one matrix, and leave nothing of themselves behind."""

import numpy as np
import pytest

from precompute.equations import moments as module
from precompute.equations.batches import Batch
from precompute.equations.many.one_matrix import FoldsInPlace, OneMatrix
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
def test_images_that_enter_and_leave_are_as_if_they_had_never_been(images, point):
    found = OneMatrix.of(stream(images), 300)
    same(found.centred(**point), at_once(images).centred(**point))
    found.remove(stream(images, slice(100, 180)), 80)
    rest = np.r_[0:100, 180:300]
    same(found.centred(**point), at_once(images, rest).centred(**point))
    assert not np.allclose(found.centred(**point).moment, at_once(images).centred(**point).moment)
    found.add(stream(images, slice(100, 180)), 80)
    same(found.centred(**point), at_once(images).centred(**point))
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


def test_a_fold_comes_back_also_when_what_was_done_without_it_fails(images):
    dealt = np.random.default_rng(1).integers(5, size=300)
    folds = FoldsInPlace(lambda: stream(images), dealt, 5)
    whole = at_once(images).centred(on_mean=True)
    kept = folds.whole.centred(on_mean=True)
    for number, rest in enumerate(folds.each_without()):
        same(rest.centred(), at_once(images, dealt != number).centred())
    same(kept, whole)
    stopped = folds.each_without()
    next(stopped).centred()
    with pytest.raises(KeyboardInterrupt):
        stopped.throw(KeyboardInterrupt)
    same(kept, whole)


def test_the_matrix_is_symmetric_whatever_the_blocks(images):
    moment = OneMatrix.of(stream(images), 300).centred().moment
    np.testing.assert_array_equal(moment, moment.T)


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
