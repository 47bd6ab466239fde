"""The numbers of parents at which equations are kept, and what of a path is stored."""

import numpy as np
import pytest

from precompute.covlasso import covlasso_path
from precompute.equations.equations import Equations
from precompute.equations.sparsity.sizes import EVERY, by_size, sizes_up_to, thinned


@pytest.mark.parametrize(
    ("max_parents", "n_sources", "beyond"),
    [
        (64, 1000, [40, 48, 56, 64]),
        (320, 1000, [40, 48, 56, 64, 80, 96, 128, 160, 192, 256, 320]),
        (100, 1000, [40, 48, 56, 64, 80, 96, 100]),
        (64, 45, [40, 45]),
    ],
)
def test_sizes_are_every_number_to_32_then_steps_and_the_end(max_parents, n_sources, beyond):
    assert sizes_up_to(max_parents, n_sources) == [*range(1, 33), *beyond]


def test_short_paths_have_every_number():
    assert sizes_up_to(5, 1000) == [1, 2, 3, 4, 5]
    assert sizes_up_to(64, 20) == list(range(1, 21))


def test_a_size_that_a_path_lacks_has_the_value_of_the_next_one_below():
    levels = Equations(
        np.array([0, 0, 2], np.int32), np.zeros(3, np.int32), np.ones(3), np.array([0, 2, 5, 8]),
        np.arange(8, dtype=np.int32), np.ones(8),
    )  # fmt: skip
    table = by_size(levels, np.array([0.5, 0.3, 0.2]), np.array([1.0, 0.9, 0.8]), [1, 2, 3, 4])
    assert table.tolist() == [[1.0, 0.5, 0.3, 0.3], [0.9] * 4, [0.8, 0.8, 0.2, 0.2]]


def test_thinning_keeps_all_knots_to_32_parents_and_the_last_of_each_size_beyond():
    rng = np.random.default_rng(0)
    images = rng.normal(size=(300, 60))
    images[:, :3] += images[:, 3:] @ rng.normal(size=(57, 3))
    path = Equations.from_solved(
        covlasso_path(images.T @ images / 300, [0, 1, 2], max_parents=50, min_lambda_ratio=1e-5)
    )
    sizes = sizes_up_to(50, 60)
    stored = thinned(path, sizes)
    for target in (0, 1, 2):
        whole, kept = path.n_parents[path.target == target], stored.target == target
        assert whole.max() == 50, "the path goes beyond 32"
        exact = np.flatnonzero(whole <= EVERY)[-1] + 1
        numbers = stored.knot[kept]
        assert numbers[:exact].tolist() == list(range(exact))
        beyond = [np.flatnonzero(whole == size)[-1] for size in sizes if size > EVERY]
        assert numbers[exact:].tolist() == beyond
    same = path.take(
        np.flatnonzero(np.isin(path.target * 1000 + path.knot, stored.target * 1000 + stored.knot))
    )
    np.testing.assert_array_equal(stored.coefficient, same.coefficient)
    assert stored.levels(sizes).knot.tolist() == path.levels(sizes).knot.tolist()
