"""Paths in stages among few sources are those on all sources; a stage that left one out is found out."""

import os
import subprocess
import sys

import numpy as np
import pytest

from precompute.covlasso import CovLassoPaths
from precompute.covlasso.homotopy import follow_paths
from precompute.covlasso.stages.coarse import coarse
from precompute.covlasso.validation import checked_inputs
from tests.precompute.covlasso.hard_logits import hard_logits, twins
from tests.support.referee import BUNDLE, bundled_logits, second_moment

NETWORKS = sorted(file.stem for file in BUNDLE.glob("*.parquet") if file.stem != "images")
WIDE, NARROW = "tf_efficientnet_lite0.in1k", "mobilenet_v1_0.25_128"
EXACT = 1e-12
HARD = hard_logits()


def followed(moment, targets, max_parents, copy) -> CovLassoPaths:
    """Paths by the compiled loops: in stages with the float32 copy, on all sources without."""
    inputs = checked_inputs(moment)
    n_knots, status, lambdas, n_entries, sources, coefs = follow_paths(
        *inputs, targets, min(max_parents, len(moment)), 1e-3, copy
    )
    ptr, entries = np.r_[0, np.cumsum(n_knots)], np.r_[0, np.cumsum(n_entries)]
    return CovLassoPaths(
        len(moment), targets, ptr, lambdas, entries, sources, coefs, status, inputs
    )


def assert_same_paths(network: str, targets: np.ndarray, max_parents: int) -> None:
    moment = second_moment(bundled_logits(network))
    plain = followed(moment, targets, max_parents, None)
    staged = followed(moment, targets, max_parents, coarse(moment))

    np.testing.assert_array_equal(staged.target_ptr, plain.target_ptr)
    np.testing.assert_array_equal(staged.sources, plain.sources)
    np.testing.assert_array_equal(staged.status, plain.status)
    np.testing.assert_allclose(staged.lambdas, plain.lambdas, rtol=1e-10)
    assert staged.duality_gap().max() <= EXACT and staged.kkt_violation().max() <= EXACT


@pytest.mark.parametrize("network", [WIDE, NARROW])
@pytest.mark.parametrize("max_parents", [5, 32])
def test_stages_among_few_sources_find_the_same_paths(network, max_parents):
    assert_same_paths(network, np.arange(0, 1000, 10), max_parents)


@pytest.mark.slow
@pytest.mark.parametrize("network", NETWORKS)
def test_stages_find_the_same_paths_of_all_targets_of_every_network(network):
    assert_same_paths(network, np.arange(1000), 32)


@pytest.mark.slow
def test_stages_find_the_same_long_paths():
    assert_same_paths(WIDE, np.arange(0, 1000, 100), 128)


@pytest.mark.parametrize("case", HARD)
def test_stages_are_exact_on_hard_moments(case):
    moment = second_moment(HARD[case])
    targets = np.arange(len(moment))
    plain = followed(moment, targets, 32, None)
    staged = followed(moment, targets, 32, coarse(moment))

    np.testing.assert_array_equal(staged.status, plain.status)
    assert staged.duality_gap().max() <= EXACT and staged.kkt_violation().max() <= EXACT


def test_a_copy_that_lies_outside_float32_is_not_made():
    assert coarse(np.diag([1.0, 1e-30])) is None
    assert coarse(np.zeros((2, 2))) is None


@pytest.mark.parametrize("noise", [1e-3, 1e-5, 3e-6])
def test_stages_tell_near_twins_apart(noise):
    moment = second_moment(twins(noise))
    targets = np.arange(len(moment))
    plain = followed(moment, targets, 32, None)
    staged = followed(moment, targets, 32, coarse(moment))

    np.testing.assert_array_equal(staged.target_ptr, plain.target_ptr)
    np.testing.assert_array_equal(staged.sources, plain.sources)
    assert staged.duality_gap().max() <= EXACT


# The solver with working sets of so few sources that stages leave out some that have a part in them.
FEW = """
import sys
import numpy as np
from precompute.covlasso.stages import selection, target
target.CANDIDATES, selection.SLACK = 3, 1
if "uncertified" in sys.argv:
    from precompute.covlasso.stages import clearing
    clearing.BEYOND = 1e9
if "no room" in sys.argv:
    target.ROOM = 8
from tests.precompute.covlasso.test_stages import NARROW, bundled_logits, coarse, followed, second_moment
moment = second_moment(bundled_logits(NARROW))
targets = np.arange(0, 1000, 50)
plain, staged = (followed(moment, targets, 32, copy) for copy in (None, coarse(moment)))
print(np.array_equal(plain.sources, staged.sources), staged.duality_gap().max())
"""


@pytest.mark.slow
@pytest.mark.parametrize("case", ["certified", "uncertified", "no room"])
def test_a_working_set_that_is_too_small_is_found_out(case, tmp_path):
    """Without the certificate the paths would be wrong; without room they are followed on all sources."""
    done = subprocess.run(
        [sys.executable, "-c", FEW, case],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": os.getcwd()},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    same, gap = done.stdout.split()

    if case == "uncertified":
        assert same == "False" and float(gap) > 1e-6
    else:
        assert same == "True" and float(gap) <= EXACT
