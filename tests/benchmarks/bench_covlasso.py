"""CovLasso against its peers, one thread each: `python tests/benchmarks/bench_covlasso.py [--help]`.

Targets of one network, or of `--logits` (synthetic_logits.py makes some of any size), interleaved in blocks
so that a busy machine troubles every solver alike; read the ratios. What each peer needs before it starts
(the Gram matrix without the target's row and column, the lambda at which to stop) is prepared for it and
not counted. `--longer 128` compares paths of so many parents with those of `--max-parents` instead.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

import numba
import numpy as np
from gap import relative_gap
from sklearn.linear_model import lars_path_gram
from threadpoolctl import threadpool_limits

from precompute.covlasso import CovLassoPaths, covlasso_path
from tests.support.referee import bundled_logits, second_moment

BLOCK = 50
FORBIDDEN = 1e6  # SPAMS has no way to leave a source out but a weight that no source is worth

Timing = tuple[float, float]  # seconds, largest relative duality gap
LINE = "{:<40} {:<16} {:>8} {:>8} {:>6}  {}"


class Lars:
    returns = "every knot"
    block = BLOCK

    def __init__(self, moment: np.ndarray, mu_end: np.ndarray, copy: bool):
        self.moment, self.mu_end, self.copy = moment, mu_end, copy
        self.name = f"sklearn lars_path_gram, {'as it comes' if copy else 'copy_Gram=False'}"

    def __call__(self, targets: range) -> Timing:
        found = [self._solve(target) for target in targets]
        return sum(seconds for seconds, _ in found), max(gap for _, gap in found)

    def _solve(self, target: int) -> Timing:
        others = np.delete(np.arange(len(self.moment)), target)
        gram = np.asfortranarray(self.moment[np.ix_(others, others)])
        xy = self.moment[others, target].copy()
        start = perf_counter()
        mu, _, coefs = lars_path_gram(
            xy,
            gram,
            n_samples=1,
            alpha_min=self.mu_end[target],
            copy_X=self.copy,
            copy_Gram=self.copy,
            method="lasso",
        )
        seconds = perf_counter() - start
        b = np.zeros((len(mu), len(self.moment)))
        b[:, others] = coefs.T
        return seconds, relative_gap(self.moment, target, b, mu)


class Spams:
    """lassoWeighted takes all targets in one call, on a square root of the moment."""

    name = "SPAMS lassoWeighted"
    returns = "end points only"
    block = None

    def __init__(self, moment: np.ndarray, mu_end: np.ndarray):
        import spams

        self.solve, self.moment, self.mu_end = spams.lassoWeighted, moment, mu_end
        values, vectors = np.linalg.eigh(moment)
        root = vectors * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
        self.root = np.asfortranarray(root)

    def __call__(self, targets: range) -> Timing:
        ends = self.mu_end[targets]
        weights = np.asfortranarray(np.tile(ends, (len(self.moment), 1)))
        weights[targets, range(len(targets))] = FORBIDDEN * self.moment.max()
        images = np.asfortranarray(self.root[:, targets])
        start = perf_counter()
        solution = self.solve(images, self.root, weights, lambda1=1.0, mode=2, numThreads=1)
        seconds = perf_counter() - start
        b = solution.toarray().T
        gaps = [
            relative_gap(self.moment, target, b[t : t + 1], ends[t : t + 1])
            for t, target in enumerate(targets)
        ]
        return seconds, max(gaps)


class Adelie:
    name = "adelie gaussian_cov, strong rule"
    returns = "100 lambdas"
    block = BLOCK

    def __init__(self, python: str, moment, mu_max, mu_end, tol: float):
        self.folder = tempfile.TemporaryDirectory()
        problem = Path(self.folder.name) / "problem.npz"
        np.savez(problem, moment=moment, mu_max=mu_max, mu_end=mu_end)
        self.process = subprocess.Popen(  # ends with its input, when this process does
            [python, str(Path(__file__).with_name("adelie_peer.py")), str(problem), str(tol)],
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __call__(self, targets: range) -> Timing:
        self.process.stdin.write(f"{targets.start} {targets.stop}\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return answer["seconds"], answer["gap"]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="tf_efficientnet_lite0.in1k", help="a bundled network")
    parser.add_argument("--logits", metavar="FILE.npy", help="instead: logits (images, categories)")
    parser.add_argument("--targets", type=int, help="only the first so many targets (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--max-parents", type=int, default=32)
    parser.add_argument("--longer", type=int, metavar="PARENTS", help="what paths to so many cost")
    parser.add_argument("--alone", action="store_true", help="no peers")
    parser.add_argument("--threads", type=int, default=1, help="of covlasso_path (peers: one)")
    parser.add_argument("--adelie-python", metavar="PATH", help="a Python that has adelie")
    parser.add_argument("--adelie-tol", type=float, default=1e-18, help="default: a gap near 1e-9")
    return parser.parse_args()


def peers_of(
    options: argparse.Namespace, moment: np.ndarray, paths: CovLassoPaths
) -> tuple[list, list[str]]:
    """Solvers to compare with, and the names of those that are not installed."""
    if options.alone:
        return [], []
    mu_max, mu_end = np.zeros((2, len(moment)))
    mu_max[paths.targets] = paths.lambdas[paths.target_ptr[:-1]] / 2
    mu_end[paths.targets] = paths.lambdas[paths.target_ptr[1:] - 1] / 2
    peers, missing = [Lars(moment, mu_end, copy=True), Lars(moment, mu_end, copy=False)], []
    try:
        peers.append(Spams(moment, mu_end))
    except ImportError:
        missing.append(f"{Spams.name} (pip install spams-bin)")
    if options.adelie_python:
        peers.append(Adelie(options.adelie_python, moment, mu_max, mu_end, options.adelie_tol))
    else:
        missing.append(f"{Adelie.name} (--adelie-python: it needs numpy < 2)")
    return peers, missing


def seconds_for(moment: np.ndarray, targets: range, max_parents: int) -> float:
    begin = perf_counter()
    covlasso_path(moment, targets, max_parents=max_parents)
    return perf_counter() - begin


def measure(moment, peer, targets: range, max_parents: int) -> tuple[float, float, float]:
    """Seconds of the peer, its gap, and our seconds: between its blocks we solve all targets."""
    size = peer.block or len(targets)
    seconds, gap, ours = 0.0, 0.0, []
    for start in range(0, len(targets), size):
        block_seconds, block_gap = peer(targets[start : start + size])
        seconds, gap = seconds + block_seconds, max(gap, block_gap)
        ours.append(seconds_for(moment, targets, max_parents))
    return seconds, gap, median(ours)


def moment_of(options: argparse.Namespace) -> np.ndarray:
    logits = np.load(options.logits) if options.logits else bundled_logits(options.model)
    # float32 products of float32 logits: 21,841 categories have no room for float64 logits beside M.
    dtype = np.float64 if logits.shape[1] <= 5000 else np.float32
    return second_moment(logits.astype(dtype)).astype(np.float64)


def compare_lengths(moment: np.ndarray, targets: range, options: argparse.Namespace) -> None:
    lengths = options.max_parents, options.longer
    covlasso_path(moment, targets[:1])
    found = [
        [seconds_for(moment, targets, length) for length in lengths] for _ in range(options.rounds)
    ]
    ratios = sorted(longer / shorter for shorter, longer in found)
    spread = f"{ratios[0]:.1f} - {ratios[-1]:.1f}"
    print(
        f"to {lengths[1]} parents: {median(ratios):.1f} ({spread}) times as long as to {lengths[0]}"
    )


def main() -> None:
    options = arguments()
    moment = moment_of(options)
    targets = range(len(moment))[: options.targets]
    numba.set_num_threads(options.threads)
    threadpool_limits(1)
    print(f"{options.logits or options.model}: {len(targets)} targets, {options.threads} thread(s)")
    if options.longer:
        compare_lengths(moment, targets, options)
        return
    paths = covlasso_path(moment, targets, max_parents=options.max_parents)
    peers, missing = peers_of(options, moment, paths)
    print(LINE.format("solver", "returns", "gap", "seconds", "ratio", "smallest - largest"))
    ours = []
    for peer in peers:
        found = [measure(moment, peer, targets, options.max_parents) for _ in range(options.rounds)]
        ours += [row[2] for row in found]
        ratios = sorted(row[0] / row[2] for row in found)
        gap, seconds = max(row[1] for row in found), median(row[0] for row in found)
        spread = f"{ratios[0]:.1f} - {ratios[-1]:.1f}"
        numbers = f"{gap:.0e}", f"{seconds:.3f}", f"{median(ratios):.1f}"
        print(LINE.format(peer.name, peer.returns, *numbers, spread), flush=True)
    if not peers:
        ours = [seconds_for(moment, targets, options.max_parents) for _ in range(options.rounds)]
    begin = perf_counter()
    gap = paths.duality_gap().max()
    certified = perf_counter() - begin
    numbers = f"{gap:.0e}", f"{median(ours):.3f}", "1"
    print(LINE.format("covlasso_path", "every knot", *numbers, f"certificate {certified:.3f} s"))
    for name in missing:
        print(f"{name}: not installed")


if __name__ == "__main__":
    main()
