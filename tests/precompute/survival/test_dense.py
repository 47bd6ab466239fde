"""The dense map by Woodbury's identity is the one that a direct solve gives, and so are its left-out
figures."""

import numpy as np
import pytest

from precompute.equations.weighting import weighted_moment
from precompute.survival.dense import PENALTY, DenseMaps

N_IMAGES, N = 60, 12


@pytest.fixture(scope="module")
def logits():
    rng = np.random.default_rng(0)
    return rng.normal(size=(N_IMAGES, 5)) @ rng.normal(size=(5, N)) + 0.3 * rng.normal(
        size=(N_IMAGES, N)
    )


def direct(moment, penalty, target):
    """Ridge from all others by one solve of its normal equations."""
    rest = np.flatnonzero(np.arange(len(moment)) != target)
    matrix = moment[np.ix_(rest, rest)] + penalty * np.eye(len(rest))
    weights = np.zeros(len(moment))
    weights[rest] = np.linalg.solve(matrix, moment[rest, target])
    return weights


@pytest.mark.parametrize(("share", "n_own"), [(0.0, 0), (0.0, 3), (0.1, 1), (0.3, 4)])
def test_the_map_is_that_of_a_direct_solve(logits, share, n_own):
    moment = logits.T @ logits / N_IMAGES
    penalty = PENALTY * np.diagonal(moment).mean()
    own = logits[:n_own]
    found = DenseMaps(moment, share, logits, N_IMAGES).of(4, own)
    expected = direct(weighted_moment(moment, own, share), penalty, 4)
    np.testing.assert_allclose(found.weights, expected, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("share", [0.0, 0.3])
def test_left_out_means_solved_again_without_the_image(logits, share):
    moment = logits.T @ logits / N_IMAGES
    penalty = PENALTY * np.diagonal(moment).mean()
    own, target = logits[:2], 7
    found = DenseMaps(moment, share, logits, N_IMAGES).of(target, own)
    weighted = weighted_moment(moment, own, share)
    for image in (5, 20, 59):  # of other categories: of weight (1 - share) / N
        x = logits[image]
        without = direct(weighted - (1 - share) / N_IMAGES * np.outer(x, x), penalty, target)
        np.testing.assert_allclose(found.left_out[image], without @ x, rtol=1e-7)
        assert abs(found.left_out[image] - found.weights @ x) > 1e-4, (
            "control: in the fit it differs"
        )
