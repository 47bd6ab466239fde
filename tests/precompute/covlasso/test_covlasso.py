"""CovLasso paths are optimal at every lambda, whatever the second moment, and say so themselves."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import lars_path_gram

from precompute.covlasso import CovLassoPaths, covlasso_path
from precompute.errors import UserError
from tests.precompute.covlasso.hard_logits import hard_logits, mixed, twins
from tests.support.referee import (
    BUNDLE,
    brute_force,
    bundled_logits,
    duality_gap,
    kkt_violation,
    second_moment,
)

NETWORKS = sorted(file.stem for file in BUNDLE.glob("*.parquet") if file.stem != "images")
WIDE, NARROW = "tf_efficientnet_lite0.in1k", "mobilenet_v1_0.25_128"
MOST = [
    pytest.param(network, marks=[pytest.mark.slow] if network != NARROW else [])
    for network in NETWORKS
]

# Sums of a thousand float64 products, relative to the target's power: rounding is near 1e-15, and
# ill-conditioned supports cost two digits.
EXACT = 1e-12


HARD = hard_logits()


def lambdas_between(paths: CovLassoPaths, target: int) -> np.ndarray:
    """Knots and the middles between them: both ends and the inside of every straight piece."""
    knots = paths.knots(target)
    return np.concatenate([knots, (knots[1:] + knots[:-1]) / 2])


def worst_gap(paths: CovLassoPaths, logits: np.ndarray, targets) -> float:
    """The referee's largest gap within a network, on the images, at and between the knots."""
    worst = 0.0
    for target in targets:
        a, others = logits[:, target], np.delete(logits, target, axis=1)
        for lam in lambdas_between(paths, target):
            w = paths.coefficients(target, lam)
            assert w[target] == 0
            worst = max(worst, duality_gap(a, others, np.delete(w, target), lam))
    return worst


@pytest.mark.parametrize("network", MOST)
def test_all_paths_of_a_real_network_are_exact(network):
    logits = bundled_logits(network)
    paths = covlasso_path(second_moment(logits))

    assert len(NETWORKS) == 7
    assert paths.duality_gap().shape == (1000,) and paths.duality_gap().max() <= EXACT
    assert paths.kkt_violation().max() <= EXACT
    assert set(paths.status) == {"max_parents"}
    assert worst_gap(paths, logits, range(0, 1000, 100)) <= EXACT


@pytest.mark.parametrize("network", [WIDE, NARROW])
def test_knots_and_coefficients_are_those_of_scikit_learn(network):
    moment = second_moment(bundled_logits(network))
    targets = [8, 340, 999]
    paths = covlasso_path(moment, targets)

    for target in targets:
        others = np.delete(np.arange(1000), target)
        alphas, _, coefs = lars_path_gram(
            moment[others, target],
            moment[np.ix_(others, others)],
            n_samples=1,
            alpha_min=paths.knots(target)[-1] / 2,
            method="lasso",
        )
        # Knots are quotients of nearly equal numbers and lose a few digits; coefficients are of order 1.
        np.testing.assert_allclose(2 * alphas, paths.knots(target), rtol=1e-9)
        ours = [paths.coefficients(target, lam)[others] for lam in paths.knots(target)]
        np.testing.assert_allclose(np.transpose(coefs), ours, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_a_handful_of_sources_agrees_with_all_sign_patterns(seed):
    rng = np.random.default_rng(seed)
    moment = second_moment(mixed(rng, 50, 6))
    paths = covlasso_path(moment, max_parents=6)

    for target in range(6):
        others = np.delete(np.arange(6), target)
        for lam in paths.knots(target)[0] * rng.uniform(0.001, 1.1, 4):
            expected = brute_force(moment[np.ix_(others, others)], moment[others, target], lam)
            np.testing.assert_allclose(
                paths.coefficients(target, lam)[others], expected, rtol=1e-8, atol=1e-10
            )


@pytest.mark.parametrize("case", HARD)
@pytest.mark.parametrize("max_parents", [32, 1000])
def test_hard_moments_are_solved_exactly(case, max_parents):
    logits = HARD[case]
    paths = covlasso_path(second_moment(logits), max_parents=max_parents)

    assert paths.duality_gap().max() <= EXACT
    assert paths.kkt_violation().max() <= EXACT
    assert not (paths.status == "stalled").any()
    # A centred constant is rounding through and through: its moments are not those of the images.
    targets = [i for i in range(logits.shape[1]) if logits[:, i].std() > 1e-12]
    assert worst_gap(paths, logits, targets[:12] + targets[-12:]) <= EXACT


def test_rank_bounds_the_support():
    paths = covlasso_path(second_moment(HARD["rank 5 of 50"]))

    assert set(paths.status) == {"min_lambda"}
    assert np.diff(paths.knot_ptr).max() == 5


@pytest.mark.parametrize("noise", [1e-7, 1e-9])
def test_twins_closer_than_float64_can_tell_are_owned_up_to(noise):
    """Correlation beyond 1 - 1e-14: one twin is left out, and the certificate shows the cost."""
    logits = twins(noise)
    paths = covlasso_path(second_moment(logits))
    judged = [worst_gap(paths, logits, [target]) for target in range(60)]

    assert EXACT < paths.duality_gap().max() < noise
    assert EXACT < max(judged) < noise


def test_a_category_without_correlation_has_no_path():
    paths = covlasso_path(second_moment(HARD["all-zero category"]))
    alone = covlasso_path([[2.0]])

    assert paths.status[10] == "no_correlation" and alone.status.tolist() == ["no_correlation"]
    assert len(paths.knots(10)) == 0
    assert not paths.coefficients(10, 0.5).any()
    assert len(alone.to_frame()) == 0
    assert 10 not in set(paths.to_frame()["target"]) and 10 not in paths.sources


def test_two_categories_have_the_closed_form():
    moment = np.array([[2.0, -0.6], [-0.6, 1.0]])
    paths = covlasso_path(moment, min_lambda_ratio=0.1)

    np.testing.assert_allclose(paths.knots(0), [1.2, 0.12])
    # Soft threshold: w = sign(c) * (|c| - lambda / 2) / P.
    np.testing.assert_allclose(paths.coefficients(0, 0.4), [0, -(0.6 - 0.2) / 1.0])
    np.testing.assert_allclose(paths.coefficients(1, 0.4), [-(0.6 - 0.2) / 2.0, 0])


def test_a_path_begins_at_lambda_max_and_ends_where_one_parent_too_many_would_enter():
    logits = bundled_logits(WIDE)
    moment = second_moment(logits)
    paths = covlasso_path(moment, [3], max_parents=8)
    knots, others = paths.knots(3), np.delete(np.arange(1000), 3)

    assert knots[0] == 2 * np.abs(moment[others, 3]).max()
    assert (np.diff(knots) < 0).all()
    assert not paths.coefficients(3, knots[0]).any()
    assert not paths.coefficients(3, 2 * knots[0]).any()
    last = paths.coefficients(3, knots[-1])
    gradient = 2 * (moment[:, 3] - moment @ last)
    touching = np.flatnonzero(np.abs(np.abs(gradient) - knots[-1]) < 1e-12 * knots[0])
    assert np.count_nonzero(last) == 8
    assert len(set(touching) - {3}) == 9


def test_a_path_that_is_not_full_ends_at_the_smallest_lambda():
    paths = covlasso_path(second_moment(HARD["regular"]), max_parents=40, min_lambda_ratio=0.01)

    assert set(paths.status) == {"min_lambda"}
    for target in range(40):
        assert paths.knots(target)[-1] == pytest.approx(0.01 * paths.knots(target)[0], rel=1e-15)


@pytest.mark.parametrize("excluded", [False, True])
def test_targets_of_another_network(excluded):
    sources, others = bundled_logits(NARROW), bundled_logits(WIDE)
    targets = np.arange(0, 1000, 200)
    a = others[:, targets]
    exclude = targets if excluded else None
    paths = covlasso_path(
        second_moment(sources),
        cross=sources.T @ a / len(a),
        power=(a**2).mean(axis=0),
        exclude=exclude,
    )

    assert paths.duality_gap().max() <= EXACT
    own = 0
    for t, target in enumerate(targets):
        allowed = np.delete(np.arange(1000), target) if excluded else np.arange(1000)
        for lam in lambdas_between(paths, t)[::5]:
            w = paths.coefficients(t, lam)
            own += w[target] != 0
            assert duality_gap(a[:, t], sources[:, allowed], w[allowed], lam) <= EXACT
            assert kkt_violation(a[:, t], sources[:, allowed], w[allowed], lam) <= 1e-10
    assert own == 0 if excluded else own > 0


def test_a_network_as_its_own_neighbour_has_the_same_paths():
    moment = second_moment(HARD["regular"])
    within = covlasso_path(moment)
    between = covlasso_path(
        moment, cross=moment, power=moment.diagonal(), exclude=np.arange(len(moment))
    )

    assert within.to_frame().equals(between.to_frame())


def test_the_number_of_threads_and_the_choice_of_targets_change_nothing():
    moment = second_moment(bundled_logits(NARROW))
    before = numba.get_num_threads()
    frames = []
    try:
        for threads in (1, min(2, numba.config.NUMBA_NUM_THREADS)):
            numba.set_num_threads(threads)
            frames.append(covlasso_path(moment, np.arange(100)).to_frame())
    finally:
        numba.set_num_threads(before)
    backwards = covlasso_path(moment, np.arange(99, -1, -1)).to_frame()

    assert frames[0].equals(frames[1])
    order = backwards.sort_values("target", kind="stable", ignore_index=True)
    assert frames[0].equals(order)


def test_a_path_longer_than_the_room_first_given_is_whole():
    """Drops make it long: more knots than twice the parents, alone in its chunk or among others."""
    moment = second_moment(HARD["near-duplicates"])
    together = covlasso_path(moment).to_frame()
    longest = together["target"].value_counts().index[0]
    alone = covlasso_path(moment, [longest]).to_frame()

    assert alone["knot"].max() > 2 * 32 + 2 - 1
    assert alone.equals(together[together["target"] == longest].reset_index(drop=True))


def test_a_wrong_coefficient_fails_both_certificates():
    logits = HARD["regular"]
    paths = covlasso_path(second_moment(logits))
    coefs = paths.coefs.copy()
    entry = paths.knot_ptr[paths.target_ptr[7] + 5]
    coefs[entry] *= 1 + 1e-4
    wrong = replace(paths, coefs=coefs)

    assert wrong.duality_gap()[7] > 1e-9 and wrong.kkt_violation()[7] > 1e-6
    assert worst_gap(wrong, logits, [7]) > 1e-9
    assert np.delete(wrong.duality_gap(), 7).max() <= EXACT


def test_a_missed_event_fails_the_certificate():
    """Leaving out the knot where a source entered bends the path off the optimum."""
    logits = HARD["regular"]
    frame = covlasso_path(second_moment(logits), [0]).to_frame()
    without = CovLassoPaths.from_frame(frame[frame["knot"] != 6], 40)

    assert worst_gap(without, logits, [0]) > 1e-6


def test_the_certificate_agrees_with_the_referee_on_any_coefficients():
    rng = np.random.default_rng(4)
    logits = HARD["regular"]
    paths = covlasso_path(second_moment(logits), [2], max_parents=10)
    wrong = replace(paths, coefs=paths.coefs * rng.uniform(0.5, 1.5, len(paths.coefs)))
    others = np.delete(np.arange(40), 2)
    referee = [
        duality_gap(logits[:, 2], logits[:, others], wrong.coefficients(2, lam)[others], lam)
        for lam in wrong.knots(2)
    ]

    assert max(referee) > 1e-3
    assert wrong.duality_gap()[0] == pytest.approx(max(referee), rel=1e-9)


def test_a_table_reads_back_as_the_same_paths(tmp_path):
    moment = second_moment(HARD["all-zero category"])
    paths = covlasso_path(moment)
    paths.to_frame().to_parquet(tmp_path / "path.parquet")
    frame = pd.read_parquet(tmp_path / "path.parquet")
    back = CovLassoPaths.from_frame(frame, 41, targets=range(41))

    assert frame.dtypes.astype(str).to_dict() == {
        "target": "int32",
        "knot": "int32",
        "lambda": "float64",
        "source": "int32",
        "coefficient": "float64",
    }
    first = frame[frame["knot"] == 0]
    assert first["target"].is_unique and (first["coefficient"] == 0).all()
    assert (frame.loc[frame["knot"] > 0, "coefficient"] != 0).all()
    for name in ("targets", "target_ptr", "lambdas", "knot_ptr", "sources", "coefs"):
        np.testing.assert_array_equal(getattr(paths, name), getattr(back, name))
    np.testing.assert_array_equal(back.bind(moment).duality_gap(), paths.duality_gap())


def test_reading_paths_does_not_load_numba():
    code = (
        "import precompute.covlasso, sys; print('numba' in sys.modules, 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.slow
def test_the_benchmark_runs_and_does_not_fake_a_missing_peer():
    script = Path(__file__).parents[2] / "benchmarks" / "bench_covlasso.py"
    command = [sys.executable, str(script), "--targets", "3", "--rounds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = {line.split("  ")[0]: line.split() for line in done.stdout.splitlines()}

    assert "tf_efficientnet_lite0.in1k: 3 targets" in done.stdout
    assert (
        "adelie gaussian_cov, strong rule (--adelie-python: it needs numpy < 2): not installed"
        in rows
    )
    assert float(rows["covlasso_path"][3]) <= EXACT
    assert float(rows["sklearn lars_path_gram, as it comes"][-4]) > 0


# Copies of the solver, one after the other: under which key would numba look for its compiled loop?
KEYS = """
import sys
from numba.core.registry import cpu_target
codegen = cpu_target.target_context.codegen()
for copy in sys.argv[1:]:
    sys.path.insert(0, copy)
    from precompute.covlasso.homotopy import _follow_all
    assert _follow_all.py_func.__code__.co_filename.startswith(copy)
    print(_follow_all._cache._index_key((), codegen)[2])
    for name in [name for name in sys.modules if name.split(".")[0] == "precompute"]:
        del sys.modules[name]
"""


def test_a_change_of_any_part_renews_the_compiled_solver(tmp_path):
    source = Path(sys.modules["precompute.covlasso"].__file__).parents[1]
    inlined = ["compiled", "support", "correlations", "events", "knot_buffer", "thresholds"]
    inlined += ["working_set", "joins", "stages/clearing", "stages/stage", "stages/coarse"]
    changed = ["nothing", "nothing again", "certificate", *inlined]
    for name in changed:
        package = tmp_path / name / "precompute"
        shutil.copytree(
            source / "covlasso", package / "covlasso", ignore=lambda *_: ["__pycache__"]
        )
        for file in ("__init__.py", "errors.py", "threads.py"):
            shutil.copy(source / file, package)
        part = package / "covlasso" / f"{name}.py"
        if not name.startswith("nothing"):
            part.write_text(part.read_text() + "\nANOTHER = 1\n")
    done = subprocess.run(
        [sys.executable, "-c", KEYS, *(str(tmp_path / name) for name in changed)],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "numba")},
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    keys = dict(zip(changed, done.stdout.splitlines(), strict=True))

    assert keys["nothing"] == keys["nothing again"] == keys["certificate"]
    assert len({keys[name] for name in ("nothing", *inlined)}) == 1 + len(inlined)


GOOD = np.array([[2.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 1.0]])
LOPSIDED = GOOD + np.array([[0, 1e-6, 0], [0, 0, 0], [0, 0, 0]])
BAD_INPUT = {
    "shape": ({"moment": np.zeros((2, 3))}, r"square .* got shape \(2, 3\)"),
    "empty": ({"moment": np.zeros((0, 0))}, "must be square"),
    "text": ({"moment": np.array([["a"]])}, "real array"),
    "nan": ({"moment": GOOD * [1, np.nan, 1]}, r"moment\[0, 1\] is nan"),
    "lopsided": ({"moment": LOPSIDED}, r"not symmetric: .* differ by 1e-06.*\+ moment.T"),
    "negative power": ({"moment": -np.eye(2)}, "diagonal of moment is -1 at 0"),
    "beyond the powers": ({"moment": np.array([[1.0, 3], [3, 1]])}, r"moment\[0, 1\] = 3 .* \(1\)"),
    "target": ({"targets": [3]}, "Target 3 does not exist: targets run from 0 to 2"),
    "negative target": ({"targets": [-1]}, "Target -1 does not exist"),
    "target twice": ({"targets": [1, 1]}, "Target 1 is asked for twice"),
    "target 1.5": ({"targets": [1.5]}, "list of category indices"),
    "parents": ({"max_parents": 0}, "max_parents must be a whole number from 1 up, got 0"),
    "no parents": ({"max_parents": None}, "max_parents must be .* got None"),
    "parents without end": ({"max_parents": np.inf}, "max_parents must be .* got inf"),
    "parents nan": ({"max_parents": np.nan}, "max_parents must be .* got nan"),
    "no ratio": ({"min_lambda_ratio": None}, "between 0 and 1, got None"),
    "no device": ({"device": None}, "device must be a name like 'cpu' or 'cuda', got None"),
    "ratio": ({"min_lambda_ratio": 0.0}, "between 0 and 1, got 0.0"),
    "device": (
        {"device": "mps"},
        "Device 'mps' is not usable here .*has no solver for it.*Use 'cpu'",
    ),
    "no such GPU": ({"device": "cuda:99"}, "Device 'cuda:99' is not usable here"),
    "cross alone": ({"cross": GOOD}, "cross was given without power"),
    "power alone": ({"power": np.ones(3)}, "power was given without cross"),
    "cross shape": (
        {"cross": GOOD[:, :2], "power": np.ones(3)},
        r"cross must have shape .*\(3, 3\)",
    ),
    "cross large": ({"cross": 9 * GOOD, "power": np.ones(3)}, r"cross.T\[0, 0\] = 18"),
    "power negative": ({"cross": 0 * GOOD, "power": -np.ones(3)}, "power is -1 at 0"),
    "exclude length": ({"exclude": [0, 1]}, "exclude must hold one source index .* 3 targets"),
    "exclude range": ({"exclude": [0, 1, 3]}, "exclude names source 3"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_is_named_with_a_way_out(case):
    arguments, message = BAD_INPUT[case]
    with pytest.raises(UserError, match=message):
        covlasso_path(**{"moment": GOOD} | arguments)


def test_questions_a_path_cannot_answer():
    paths = covlasso_path(GOOD, [0, 1], max_parents=1)
    frame = paths.to_frame()

    with pytest.raises(UserError, match="Target 2 has no path here"):
        paths.knots(2)
    with pytest.raises(UserError, match="below the last knot of target 0.*more max_parents"):
        paths.coefficients(0, 1e-9)
    with pytest.raises(UserError, match="lambda must be 0 or more, got nan"):
        paths.coefficients(0, np.nan)
    with pytest.raises(UserError, match=r"paths.bind\(moment\).duality_gap"):
        CovLassoPaths.from_frame(frame, 3).duality_gap()
    with pytest.raises(UserError, match="2 sources, the paths 3"):
        paths.bind(np.eye(2))
    with pytest.raises(UserError, match="another model"):
        CovLassoPaths.from_frame(frame, 1)
    with pytest.raises(UserError, match="not sorted"):
        CovLassoPaths.from_frame(frame[::-1], 3)
