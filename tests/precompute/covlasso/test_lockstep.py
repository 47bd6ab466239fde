"""Many targets in lockstep, as a GPU solves them, have the paths that they have one by one.

Here the GPU's solver runs on the CPU ("torch:cpu"), and on a GPU as well where there is one.
"""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from precompute.covlasso import CovLassoPaths, covlasso_path
from precompute.covlasso.devices import GPU_PAYS, picked
from precompute.covlasso.lockstep import chunks
from precompute.covlasso.lockstep.chunks import in_chunks
from precompute.covlasso.lockstep.rounds import Problem
from precompute.covlasso.lockstep.supports import Grams, Supports, schur_pivots
from precompute.covlasso.thresholds import DEPENDENT
from precompute.errors import UserError
from tests.precompute.covlasso.hard_logits import hard_logits, twins
from tests.support.planting import N_PLANTED, plant
from tests.support.referee import BUNDLE, bundled_logits, second_moment

NO_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
DEVICES = ["torch:cpu", pytest.param("cuda", marks=NO_GPU)]
NETWORKS = sorted(file.stem for file in BUNDLE.glob("*.parquet") if file.stem != "images")
NARROW = "mobilenet_v1_0.25_128"
HARD = hard_logits()
# Where events tie, rounding decides which source comes first, and more than one path is optimal.
TIED = {"ties everywhere", "ties, square"}
EXACT = 1e-12


def one_by_one(moment, targets=None, **options) -> CovLassoPaths:
    return covlasso_path(moment, targets, device="cpu", **options)


def assert_same(ours: CovLassoPaths, theirs: CovLassoPaths, rtol: float = 1e-10) -> None:
    """The same knots with the same sources, lambdas that differ by rounding alone."""
    assert ours.status.tolist() == theirs.status.tolist()
    np.testing.assert_array_equal(ours.target_ptr, theirs.target_ptr)
    np.testing.assert_array_equal(ours.knot_ptr, theirs.knot_ptr)
    np.testing.assert_array_equal(ours.sources, theirs.sources)
    np.testing.assert_allclose(ours.lambdas, theirs.lambdas, rtol=rtol)
    assert ours.sources.dtype == theirs.sources.dtype and ours.coefs.dtype == theirs.coefs.dtype


def with_first_twins(paths: CovLassoPaths, logits: np.ndarray) -> CovLassoPaths:
    """The paths with each source called by the first that is equal or opposite to it: which of them joins
    is decided by rounding, which a GPU does in another order."""
    _, first, which = np.unique(np.abs(logits), axis=1, return_index=True, return_inverse=True)
    return replace(paths, sources=first[which][paths.sources].astype(paths.sources.dtype))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("max_parents", [8, 1000])
@pytest.mark.parametrize("case", HARD)
def test_hard_moments_have_the_same_paths_and_certificates(case, max_parents, device):
    moment = second_moment(HARD[case])
    ours = covlasso_path(moment, max_parents=max_parents, device=device)

    assert ours.duality_gap().max() <= EXACT
    assert ours.kkt_violation().max() <= EXACT
    assert not (ours.status == "stalled").any()
    if case not in TIED:
        # Near-duplicates leave lambda few digits: the coefficients of two twins are hardly told apart.
        rtol = 1e-5 if case == "near-duplicates" else 1e-9
        theirs = one_by_one(moment, max_parents=max_parents)
        assert_same(*(with_first_twins(paths, HARD[case]) for paths in (ours, theirs)), rtol)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    "network",
    [pytest.param(name, marks=[pytest.mark.slow] if name != NARROW else []) for name in NETWORKS],
)
def test_a_real_network_has_the_same_paths_and_certificates(network, device):
    moment, targets = second_moment(bundled_logits(network)), np.arange(0, 1000, 20)
    ours = covlasso_path(moment, targets, device=device)

    assert_same(ours, one_by_one(moment, targets))
    assert ours.duality_gap().max() <= EXACT and ours.kkt_violation().max() <= EXACT


def test_a_path_from_a_slightly_different_moment_is_told_apart():
    """What the tests above hold equal can differ."""
    logits = HARD["regular"]
    theirs = one_by_one(second_moment(logits), max_parents=8)
    ours = covlasso_path(second_moment(logits * (1 + 1e-6)), max_parents=8, device="torch:cpu")

    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_same(ours, theirs)


def test_planted_parents_are_found():
    planted = plant(3)
    moment = second_moment(planted.logits.astype(float))
    paths = covlasso_path(moment, device="torch:cpu")

    assert_same(paths, one_by_one(moment))
    for target in range(N_PLANTED):
        end = paths.coefficients(target, paths.knots(target)[-1])
        strongest = np.argsort(-np.abs(end))[:3]
        assert set(strongest) == set(np.flatnonzero(planted.coefficients[target]))


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("excluded", [False, True])
def test_targets_of_another_network(excluded, device):
    sources, others = bundled_logits(NARROW), bundled_logits("tf_efficientnet_lite0.in1k")
    targets = np.arange(0, 1000, 50)
    a = others[:, targets]
    between = {
        "cross": sources.T @ a / len(a),
        "power": (a**2).mean(axis=0),
        "exclude": targets if excluded else None,
    }
    moment = second_moment(sources)
    ours = covlasso_path(moment, device=device, **between)

    assert_same(ours, one_by_one(moment, **between))
    assert ours.duality_gap().max() <= EXACT
    own = [target in ours.sources[np.repeat(np.repeat(np.arange(20), np.diff(ours.target_ptr)),
                                            np.diff(ours.knot_ptr)) == t]
           for t, target in enumerate(targets)]  # fmt: skip
    assert any(own) is not excluded


def test_a_source_that_depends_on_the_support_is_left_out():
    """Twins closer than float64 can tell; at small lambda, when every join is beside one of them."""
    moment = second_moment(twins(1e-7))
    ours = covlasso_path(moment, max_parents=60, device="torch:cpu")

    assert_same(ours, one_by_one(moment, max_parents=60), rtol=1e-9)
    assert set(ours.status) == {"min_lambda"}


def test_without_the_bar_it_would_join(monkeypatch):
    moment, targets = second_moment(twins(1e-7)), [20, 25, 30]
    barred = covlasso_path(moment, targets, device="torch:cpu")
    monkeypatch.setattr("precompute.covlasso.lockstep.rounds.DEPENDENT", -1.0)
    let_in = covlasso_path(moment, targets, device="torch:cpu")

    assert (np.diff(let_in.target_ptr) > np.diff(barred.target_ptr)).all()


def test_the_pivot_of_a_twin_is_rounding():
    logits = twins(1e-7)
    moment = torch.from_numpy(second_moment(logits))
    alone = Supports.empty(moment[:2]).joined(
        torch.tensor([True, True]), torch.tensor([3, 3]), torch.ones(2, dtype=torch.float64)
    )
    pivot, magnitude = schur_pivots(moment, alone, Grams.of(moment, alone), torch.tensor([43, 44]))

    assert (pivot > DEPENDENT * magnitude).tolist() == [False, True]


def test_equations_without_a_cholesky_factor_are_still_solved():
    """Rounding can leave a support's Gram matrix without one; the corrections take it from there."""
    moment = torch.full((2, 2), 2.0, dtype=torch.float64)
    both = Supports(
        torch.tensor([2]),
        torch.tensor([[0, 1]]),
        torch.ones(1, 2).double(),
        torch.zeros(1, 2).double(),
    )
    wanted = torch.tensor([[3.0, 3.0]], dtype=torch.float64)
    x, _ = Grams.of(moment, both).solve(wanted)

    torch.testing.assert_close(x @ moment, wanted, rtol=1e-12, atol=0.0)


def test_targets_go_on_alone_when_others_have_ended():
    """How many are solved together changes nothing but rounding."""
    moment = second_moment(HARD["all-zero category"])
    together = covlasso_path(moment, device="torch:cpu")
    alone = [covlasso_path(moment, [target], device="torch:cpu") for target in (10, 40, 3)]

    assert together.status[10] == "no_correlation"
    for paths in alone:
        (target,) = paths.targets
        np.testing.assert_allclose(paths.knots(target), together.knots(target), rtol=1e-9)


def test_no_targets_have_no_paths():
    assert len(covlasso_path(second_moment(HARD["regular"]), [], device="torch:cpu").lambdas) == 0


def test_chunks_are_put_together_in_order(monkeypatch):
    moment, targets = second_moment(HARD["regular"]), np.arange(39, -1, -1)
    monkeypatch.setattr(chunks, "CPU_BYTES", 1)
    assert_same(
        covlasso_path(moment, targets, max_parents=3, device="torch:cpu"),
        one_by_one(moment, targets, max_parents=3),
    )


class Room:
    """A solver with memory for so many targets: it answers with those that it was given."""

    def __init__(self, most: int):
        self.most, self.tried = most, []

    def __call__(self, targets):
        self.tried.append(len(targets))
        if len(targets) > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return targets


def test_too_large_a_chunk_is_halved_until_it_fits():
    solver = Room(3)
    found = in_chunks(solver, np.arange(10), 100)

    assert np.concatenate(found).tolist() == list(range(10))
    assert solver.tried == [10, 5, 2, 2, 2, 2, 2]
    with pytest.raises(torch.OutOfMemoryError):
        in_chunks(Room(0), np.arange(10), 100)


def test_too_little_memory_is_told_with_a_way_out(monkeypatch):
    def full(problem: Problem):
        raise torch.OutOfMemoryError("CUDA out of memory.")

    monkeypatch.setattr(chunks, "follow", full)
    with pytest.raises(UserError, match=r"40 sources .* one target beside it. Use device='cpu'"):
        covlasso_path(second_moment(HARD["regular"]), device="torch:cpu")


@NO_GPU
def test_auto_takes_a_gpu_where_it_pays():
    assert picked("auto", GPU_PAYS) == "cuda"
    assert picked("auto", GPU_PAYS - 1) == "cpu"


def test_the_compiled_solver_does_without_torch():
    """Not even to find that a GPU would not pay, or that there is none; with one, torch says which."""
    code = """
import sys, numpy as np
from precompute.covlasso import covlasso_path
covlasso_path(np.eye({n}), device={device!r})
print("torch" in sys.modules)
"""
    few, many = 2, GPU_PAYS
    cases = [("cpu", few), ("auto", few)] + [("auto", many)] * (not torch.cuda.is_available())
    for device, n in cases:
        done = subprocess.run(
            [sys.executable, "-c", code.format(device=device, n=n)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.split() == ["False"]
