"""Stability: planted parents come back in every half-sample, noise does not."""

import numpy as np
import pytest

from precompute.covlasso import covlasso_path
from precompute.equations.batches import Batch
from precompute.equations.equations import Equations
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.moments import Moments
from precompute.equations.yardsticks import stability as module
from precompute.equations.yardsticks.stability import halves, stability


def batches_of(logits, size=64):
    def batches(split):
        assert split == "fit", "held-out images have no say"
        for start in range(0, len(logits), size):
            part = logits[start : start + size]
            yield Batch(part, part, np.zeros(len(part), np.int32))

    return batches


def summed(logits):
    moments = Moments(logits.shape[1])
    moments.update(logits)
    return moments


@pytest.fixture(scope="module")
def scene():
    """Logit 0 is written in 1, 2 and 3 and a little noise; all others are independent."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(401, 30))
    logits[:, 0] = logits[:, 1:4] @ [1.0, -0.8, 0.6] + 0.05 * rng.normal(size=401)
    problem = Problem(np.arange(30), FitOptions(max_parents=8))
    levels = Equations.from_solved(problem.solve(problem.seen(summed(logits)))).levels()
    return logits, problem, levels


def with_parents(levels, n_parents):
    targets = np.unique(levels.target)
    return levels.take(levels.rows_with(targets, np.full(len(targets), n_parents)))


def test_planted_parents_have_stability_1_and_noise_less_than_a_half(scene):
    logits, problem, levels = scene
    chosen = {"readable": with_parents(levels, 3)}
    found = stability(batches_of(logits), summed(logits), problem, chosen, {"readable": 20}, 7)
    share, target = found["readable"].share, np.repeat(chosen["readable"].target, 3)
    assert (share[target == 0] == 1).all()
    noise = target >= 4
    assert noise.sum() == 3 * 26 and share[noise].mean() < 0.5
    assert (found["readable"].n_halves == 40).all()


def test_it_is_the_frequency_over_the_halves_solved_one_by_one(scene):
    logits, problem, levels = scene
    chosen = with_parents(levels, 5)
    found = stability(batches_of(logits), summed(logits), problem, {"few": chosen}, {"few": 3}, 11)
    rng, counts = np.random.default_rng(11), np.zeros(len(chosen.source))
    for _ in range(3):
        side = rng.permutation(np.arange(401) % 2)
        for number in (0, 1):
            half = logits[side == number]
            paths = covlasso_path(half.T @ half / len(half), max_parents=5)
            for row, target in enumerate(chosen.target):
                knots = [
                    k
                    for k in paths.knots(target)
                    if (paths.coefficients(target, k) != 0).sum() == 5
                ]
                selected = np.flatnonzero(paths.coefficients(target, knots[-1]))
                part = slice(chosen.ptr[row], chosen.ptr[row + 1])
                counts[part] += np.isin(chosen.source[part], selected)
    np.testing.assert_allclose(found["few"].share, counts / 6)
    assert 0 < counts.min() + (counts < 6).sum(), "not all are stable: the test can tell"


def pairs_of(drawn):
    found = list(drawn)
    assert [number for number, _ in found] == [k // 2 for k in range(len(found))]
    return zip((half for _, half in found[::2]), (half for _, half in found[1::2]), strict=True)


@pytest.mark.parametrize("memory", [1, 2**28])
def test_halves_are_disjoint_and_cover_all_images(scene, memory, monkeypatch):
    logits, _, _ = scene
    monkeypatch.setattr(module, "_MEMORY", memory)
    whole = summed(logits)
    # The sum of the powers of two of the images tells which they are.
    marked = np.column_stack([np.eye(401)])
    sides = []
    for one, other in pairs_of(
        halves(batches_of(marked), summed(marked), 4, np.random.default_rng(0))
    ):
        members = np.diagonal(one.gram), np.diagonal(other.gram)
        assert set(np.unique(np.concatenate(members))) == {0.0, 1.0}
        assert (members[0] + members[1] == 1).all()
        assert sorted([one.n_images, other.n_images]) == [200, 201]
        sides.append(members[0])
    assert len(sides) == 4 and len({tuple(side) for side in sides}) == 4
    for one, other in pairs_of(halves(batches_of(logits), whole, 2, np.random.default_rng(0))):
        np.testing.assert_allclose((one + other).gram, whole.gram, rtol=1e-12)


def test_choices_have_their_own_number_of_pairs_and_long_equations_none(scene, monkeypatch):
    logits, problem, levels = scene
    chosen = {"few": with_parents(levels, 2), "readable": with_parents(levels, 8)}
    chosen["best"] = chosen["readable"]
    monkeypatch.setattr(module, "DEEPEST", 5)
    found = stability(
        batches_of(logits), summed(logits), problem, chosen, {"few": 2, "readable": 1, "best": 0}, 0
    )
    assert (found["few"].n_halves == 4).all() and not np.isnan(found["few"].share).any()
    for name in ("readable", "best"):
        assert (found[name].n_halves == 0).all() and np.isnan(found[name].share).all()
