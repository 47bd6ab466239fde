"""The sparsities with a name, on cross-validated errors made up for the purpose."""

import numpy as np
import pytest

from precompute.equations.equations import Equations
from precompute.equations.sparsity.choices import choose, stopped

SIZES = list(range(1, 13))


def levels_of(*sizes_by_target):
    """Levels of targets 0, 1 ... with so many parents."""
    target = [t for t, sizes in enumerate(sizes_by_target) for _ in sizes]
    lengths = [size for sizes in sizes_by_target for size in sizes]
    ptr = np.r_[0, np.cumsum(lengths)]
    return Equations(
        np.array(target, np.int32), np.zeros(len(target), np.int32), np.ones(len(target)), ptr,
        np.concatenate([np.arange(n) for n in lengths]).astype(np.int32), np.ones(ptr[-1]),
    )  # fmt: skip


def parents(levels, masks):
    """Choice -> number of parents of each target."""
    return {name: levels.n_parents[mask].tolist() for name, mask in masks.items()}


def valley(minimum, depth=0.5):
    """An error that falls to `minimum` parents and rises after."""
    return 1 - depth + 0.02 * np.abs(np.array(SIZES) - minimum)


def test_best_is_the_minimum_few_lies_within_one_standard_error_and_readable_has_8():
    levels = levels_of(SIZES, SIZES)
    error = np.array([valley(10), valley(3)])
    masks = choose(levels, error, np.full(error.shape, 0.05), SIZES)
    # 0.02 for each parent less: two fewer parents are within 0.05.
    assert parents(levels, masks) == {"few": [8, 1], "readable": [8, 8], "best": [10, 3]}
    exact = choose(levels, error, np.full(error.shape, 0.01), SIZES)
    assert parents(levels, exact)["few"] == [10, 3], "a sharper curve leaves no room"


def test_a_path_that_lacks_the_size_gives_the_largest_below():
    levels = levels_of([1, 2, 5], [9, 10], SIZES)
    error = np.array([valley(12), valley(4), valley(12)])
    masks = choose(levels, error, np.full(error.shape, 0.001), SIZES)
    found = parents(levels, masks)
    assert found["best"] == [5, 9, 12]
    assert found["readable"] == [5, 9, 8], "or its smallest, where all are longer"
    assert found["few"] == found["best"], "no level is good enough: the best there is"


def test_targets_without_a_path_are_left_out():
    levels = levels_of([], SIZES)
    masks = choose(levels, np.array([valley(2), valley(6)]), np.zeros((2, 12)), SIZES)
    assert {name: levels.target[mask].tolist() for name, mask in masks.items()} == {
        "few": [1], "readable": [1], "best": [1],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("minimum", "status", "wanted"),
    [
        (12, "max_parents", True),
        (11, "max_parents", False),
        (12, "min_lambda", False),
        (12, "stalled", False),
    ],
)
def test_stopped_means_that_the_cap_came_before_the_minimum(minimum, status, wanted):
    error = np.array([valley(minimum)])
    assert stopped(error, np.array([status])).tolist() == [wanted]
