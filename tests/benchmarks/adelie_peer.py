"""adelie's side of the benchmark: `PYTHON adelie_peer.py PROBLEM.npz TOL`, run by bench_covlasso.py.

adelie needs numpy 1 and therefore a Python of its own. Reads lines `start stop` of targets; answers
each with one line of JSON: seconds in the solver, and the largest relative duality gap.
"""

import json
import sys
from time import perf_counter

import numpy as np
from adelie.solver import gaussian_cov
from gap import relative_gap

N_LAMBDAS = 100


def solve(moment: np.ndarray, target: int, mu: np.ndarray, tol: float) -> tuple[float, float]:
    """Seconds and gap of one path."""
    others = np.delete(np.arange(len(moment)), target)
    gram = np.asfortranarray(moment[np.ix_(others, others)])
    v = moment[others, target].copy()
    start = perf_counter()
    state = gaussian_cov(
        gram,
        v,
        lmda_path=mu,
        tol=tol,
        rdev_tol=0.0,
        early_exit=False,
        screen_rule="strong",
        n_threads=1,
        progress_bar=False,
    )
    seconds = perf_counter() - start
    b = np.zeros((len(state.lmdas), len(moment)))
    b[:, others] = state.betas.toarray()
    return seconds, relative_gap(moment, target, b, np.asarray(state.lmdas))


def main() -> None:
    problem, tol = np.load(sys.argv[1]), float(sys.argv[2])
    moment = problem["moment"]
    grids = np.geomspace(problem["mu_max"], problem["mu_end"], N_LAMBDAS, axis=1)
    for line in sys.stdin:
        targets = range(*map(int, line.split()))
        found = [solve(moment, target, grids[target], tol) for target in targets]
        answer = {"seconds": sum(s for s, _ in found), "gap": max(gap for _, gap in found)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
