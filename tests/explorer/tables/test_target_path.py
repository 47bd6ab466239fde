"""The path between its knots: judged by the optimality conditions, which know nothing of knots."""

import numpy as np
import pytest

from explorer.tables.target_path import PathIndex
from precompute.atlas import schema


@pytest.fixture(scope="module")
def moment(atlas) -> np.ndarray:
    _, _, logits = atlas.logits(atlas.models()[0], "fit")
    rows = logits.astype(np.float64)
    return rows.T @ rows / len(rows)


def violation(moment, path, position, lam) -> float:
    """Largest KKT violation at `position`, relative to lambda_max (design, section 2)."""
    weights = np.zeros(len(moment))
    weights[path.sources] = path.coefficients_at(position)
    gradient = 2 * (moment[:, path.target] - moment @ weights)
    active, gradient = weights != 0, np.delete(gradient, path.target)
    active, signs = np.delete(active, path.target), np.sign(np.delete(weights, path.target))
    inside = np.maximum(np.abs(gradient[~active]) - lam, 0)
    at_edge = np.abs(gradient[active] - lam * signs[active])
    return max(inside.max(initial=0), at_edge.max(initial=0)) / path.lam[0]


@pytest.mark.parametrize("target", [0, 5, 20])
def test_every_position_is_optimal_and_a_shifted_lambda_is_not(network, moment, target):
    path = network.paths[target]
    for position in np.random.default_rng(target).uniform(0.5, path.last, 25):
        lam = path.lam_at(position)
        # Coefficients are stored in float64; what is left is the rounding of the moment.
        assert violation(moment, path, position, lam) < 1e-8
        assert violation(moment, path, position, 1.05 * lam) > 0.04 * lam / path.lam[0]


def test_knots_are_the_stored_rows(atlas, network):
    rows = atlas.read(schema.PATH, model=network.name)
    rows = rows[rows["target"] == 3]
    path = network.paths[3]
    for knot, group in rows.groupby("knot"):
        weights = dict(zip(path.sources, path.coefficients_at(knot), strict=True))
        refit = dict(zip(path.sources, path.coefficients_at(knot, refit=True), strict=True))
        for row in group.itertuples():
            assert weights[row.source] == row.coefficient
            assert refit[row.source] == pytest.approx(row.refit)
        assert path.lam_at(knot) == group["lambda"].iat[0]


def test_sources_stand_in_order_of_entry(network):
    path = network.paths[0]
    entry = [np.flatnonzero(np.append(c, 1))[0] for c in path.coefficient.T]
    assert entry == sorted(entry)


def test_refit_between_two_knots_is_that_of_the_lower_one(network):
    path = network.paths[0]
    np.testing.assert_array_equal(path.coefficients_at(2.3, True), path.coefficients_at(3, True))


def test_positions_outside_count_as_the_ends(network):
    path = network.paths[0]
    assert path.lam_at(-4) == path.lam[0]
    assert path.lam_at(1e9) == path.lam[-1]


def test_a_whole_size_is_the_row_of_the_evaluation(network):
    for target in range(10):
        path = network.paths[target]
        rows = network.every_sparsity[target]
        for row in rows.itertuples():
            position = path.position_of_size(row.n_parents)
            assert path.lam_at(position) == rows.loc[row.Index, "lambda"]
            assert (path.coefficients_at(position) != 0).sum() == row.n_parents


def test_sizes_between_and_beyond_stay_on_the_path(network):
    path = network.paths[1]
    low, high = path.position_of_size(2), path.position_of_size(3)
    assert path.position_of_size(2.25) == pytest.approx(0.75 * low + 0.25 * high)
    assert path.position_of_size(0) == 0
    assert path.position_of_size(999) == path.position_of_size(path.n_parents().max())


def test_a_target_without_a_path_has_none(network, atlas):
    rows = atlas.read(schema.PATH, model=network.name)
    assert PathIndex({7: rows[rows["target"] < 0]})[7] is None
