"""CovLasso on a GPU: `python tests/benchmarks/bench_lockstep.py [--device cuda] [--help]`.

Times all targets of a network against the compiled solver, and counts what the device is asked to do: steps
(kernels), bytes and floating-point operations of an event, which also says what to expect of more
categories. Without a GPU the same solver is counted on the CPU; its seconds there say nothing of a GPU's.
"""

import argparse
import platform
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import torch
from joblib import cpu_count
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from precompute.covlasso import CovLassoPaths, covlasso_path
from tests.support.referee import bundled_logits

SIZES = 1_000, 11_821, 21_841
# They read a part of their first tensor, as large as what they return.
READERS = {"index", "index_select", "gather", "embedding_bag"}


class Count(TorchDispatchMode):
    """Steps of the device, and the bytes that they read and write: of rows of n numbers, and of others."""

    def __init__(self, n: int):
        super().__init__()
        self.n, self.steps, self.gathered = n, Counter(), 0
        self.wide = self.narrow = 0

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        name = function.overloadpacket.__name__.strip("_")
        outs, ins = tensors(result), tensors((args, kwargs))
        if function.is_view or not outs:
            return result
        self.steps[name] += 1
        if name == "embedding_bag":
            rows = ins[1].numel()
            self.gathered += rows
            ins = ins[1:]
        elif name in READERS:
            ins = [*outs, *ins[1:]]
        for tensor in ins + outs:
            if tensor.ndim and tensor.shape[-1] in (self.n, self.n + 1):
                self.wide += tensor.nbytes
            else:
                self.narrow += tensor.nbytes
        return result


def tensors(values) -> list[torch.Tensor]:
    return [value for value in tree_flatten(values)[0] if isinstance(value, torch.Tensor)]


def name_of(device: str) -> str:
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"{platform.processor() or platform.machine()}, no GPU"


def timed(moment: np.ndarray, targets: np.ndarray, options: argparse.Namespace, device: str):
    """Paths and the best seconds of a few calls."""
    seconds = []
    for _ in range(options.rounds + 1):  # the first call loads and compiles
        start = perf_counter()
        paths = covlasso_path(moment, targets, max_parents=options.parents, device=device)
        seconds.append(perf_counter() - start)
    return paths, min(seconds[1:])


def second_moment(logits: np.ndarray, device: str) -> np.ndarray:
    """F'F / N in float64, made by torch: numpy's OpenBLAS crashes at n = 16,000 and above."""
    f = torch.from_numpy(logits).to(device.removeprefix("torch:"), torch.float64)
    moment = f.T @ f / len(f)
    return ((moment + moment.T) / 2).cpu().numpy()


def compared(ours: CovLassoPaths, theirs: CovLassoPaths) -> str:
    """On how many targets two solvers have the same knots with the same sources, and how far apart the
    others are."""
    same, apart = 0, []
    for t, target in enumerate(ours.targets):
        a, b = (entries_of(paths, t) for paths in (ours, theirs))
        if np.array_equal(a, b):
            same += 1
        else:
            lam = max(paths.knots(target)[-1] for paths in (ours, theirs))
            left, right = (paths.coefficients(target, lam) for paths in (ours, theirs))
            apart.append(np.abs(left - right).max() / np.abs(right).max())
    rest = f"; at the last lambda of both the others differ by {max(apart):.0e}" if apart else ""
    return f"the same knots and sources for {same} of {len(ours.targets)} targets{rest}"


def entries_of(paths: CovLassoPaths, t: int) -> np.ndarray:
    """The sources of the t-th target's knots, one after the other."""
    knots = paths.target_ptr[t : t + 2]
    return paths.sources[slice(*paths.knot_ptr[knots])]


def told(count: Count, paths: CovLassoPaths, moment: np.ndarray, targets: np.ndarray) -> None:
    """The count per round and per event, and what follows for more categories."""
    n = len(moment)
    rounds = count.steps["argmin"] // 2  # one for drops and one for joins
    events = len(paths.lambdas)
    k = count.gathered / events
    print(f"{events} knots of {len(targets)} targets in {rounds} rounds")
    print(f"{sum(count.steps.values()) / rounds:.0f} steps a round; the most frequent:")
    print(
        "  "
        + ", ".join(f"{name} {times / rounds:.0f}" for name, times in count.steps.most_common(8))
    )
    wide, narrow = count.wide / events, count.narrow / events
    print(f"{k:.0f} rows of M an event, empty slots and refreshed targets included")
    print(f"{wide / n / 8:.0f} passes over n numbers, {narrow / 1e6:.2f} MB of small matrices")
    print("per event        rows of M, MB   passes, MB   small, MB   MFLOP")
    for size in SIZES:
        flops = 2 * k * size + 12 * size + k**3 + 36 * k**2
        print(f"n = {size:>7,} {8e-6 * k * size:>16.2f} {wide * size / n / 1e6:>12.2f} "
              f"{narrow / 1e6:>11.2f} {flops / 1e6:>7.2f}")  # fmt: skip


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "torch:cpu")
    parser.add_argument("--model", default="tf_efficientnet_lite0.in1k", help="a bundled network")
    parser.add_argument("--logits", metavar="FILE.npy", help="instead: logits (images, categories)")
    parser.add_argument("--targets", type=int, help="only the first so many targets (default: all)")
    parser.add_argument("--parents", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    logits = np.load(options.logits) if options.logits else bundled_logits(options.model)
    moment = second_moment(logits, options.device)
    targets = np.arange(len(moment))[: options.targets]
    print(f"{options.logits or options.model}, n = {len(moment)}, on {name_of(options.device)}")
    with Count(len(moment)) as count:
        paths = covlasso_path(moment, targets, max_parents=options.parents, device=options.device)
    told(count, paths, moment, targets)
    theirs, compiled = timed(moment, targets, options, "cpu")
    paths, seconds = timed(moment, targets, options, options.device)
    print(f"{options.device}: {seconds:.3f} s, cpu ({cpu_count()} cores): {compiled:.3f} s")
    print(f"gap {paths.duality_gap().max():.0e}; {compared(paths, theirs)}")


if __name__ == "__main__":
    main()
