"""Runs as each process of a team: moments of the same images, of which every process sees its share.

The leader writes what it has to the file of the first argument.
"""

import sys
from functools import partial

import numpy as np

from precompute.atlas.head import Head
from precompute.equations import folds
from precompute.equations.batches import Batch, FeatureBatch
from precompute.equations.moments import SecondMoments
from precompute.team.current import current
from precompute.team.torchrun import joined

N, D, COUNT, SIZE = 24, 7, 101, 16
rng = np.random.default_rng(0)
FEATURES = rng.exponential(size=(COUNT, D)).astype(np.float32)
HEAD = Head(rng.normal(size=(N, D)).astype(np.float32), rng.normal(size=N).astype(np.float32))
FOLD = rng.integers(0, 3, COUNT)


def batches(by_features: bool):
    for start in range(0, COUNT, SIZE):
        some = FEATURES[start : start + SIZE]
        logits, labels = HEAD.logits(some), np.arange(len(some))
        yield FeatureBatch(some, HEAD, labels) if by_features else Batch(logits, logits, labels)


def shares() -> np.ndarray:
    """How many images each process has seen, in the order of the processes."""
    part = FOLD[current().share(COUNT)]
    return np.array(current().gather(len(part)))


def told(moments: SecondMoments) -> np.ndarray:
    """All numbers of some moments, (n + 2, n)."""
    seen = moments.centred(on_mean=True)
    return np.vstack([seen.moment, seen.power, moments.source_sum])


def every_kind() -> dict[str, np.ndarray]:
    """The moments of all images and of all but one fold's, in each way to keep them."""
    found = {}
    for name, most, by_features in (
        ("separate", N, False), ("one matrix", N - 1, False), ("factors", N - 1, True),
    ):  # fmt: skip
        folds.MANY = most
        kept = folds.folded(partial(batches, by_features), FOLD)
        found[name] = told(kept.whole)
        for number, rest in enumerate(kept.each_without()):
            found[f"{name} without {number}"] = told(rest)
        found[f"{name} again"] = told(kept.whole)
        found[f"{name} at once"] = told(folds.moments_of(batches(by_features), COUNT))
    return found


if __name__ == "__main__":
    with joined() as team:
        found = every_kind() | {"shares": shares()}
        if team.leads:
            np.savez(sys.argv[1], **found)
