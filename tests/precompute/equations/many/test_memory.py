"""With very many categories there is room for two second moments, and never for a third."""

import tracemalloc

import numpy as np
import pytest

from precompute.atlas.progress import Silent
from precompute.covlasso import validation
from precompute.equations import folds, moments
from precompute.equations.batches import Batch
from precompute.equations.fit import FitOptions
from precompute.equations.many import one_matrix
from precompute.equations.network_pair import NetworkPair
from precompute.equations.yardsticks import baselines, control
from precompute.equations.yardsticks.learning import learning_table

N, IMAGES = 1500, 60
PAIRS = {"few": 0, "readable": 1, "best": 0}


def matrices(n: int = N) -> float:
    """The most memory that the tables of a network of n categories take at any time, in units of one n x n
    matrix."""
    logits = np.random.default_rng(0).normal(size=(2 * IMAGES, n)).astype(np.float32)

    def batches(split: str):
        part = logits[:IMAGES] if split == "fit" else logits[IMAGES:]
        yield Batch(part, part, np.arange(IMAGES, dtype=np.int32))

    pair = NetworkPair(batches, np.arange(n), FitOptions(max_parents=2), Silent(), "m")
    tracemalloc.start()
    try:
        pair.path_table()
        evaluation, _ = pair.evaluation_tables()
        pair.dependency_table(evaluation, PAIRS)
        learning_table(batches, pair.problem, pair.fit_moments, pair.n_images, 0)
        return tracemalloc.get_traced_memory()[1] / (8 * n**2)
    finally:
        tracemalloc.stop()


@pytest.fixture(autouse=True)
def few_targets_at_a_time(monkeypatch):
    """As few, compared to all, as of tens of thousands of categories."""
    for module, name in (
        (moments, "BLOCK"), (one_matrix, "BLOCK"), (control, "_TARGETS"), (baselines, "_TARGETS"),
        (validation, "AT_ONCE"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, 64)


def test_two_matrices_and_a_part_of_a_third_are_all_that_is_in_memory(monkeypatch):
    matrices(IMAGES)  # whatever is imported on first use is no matrix
    # The control: where every set of images has its own, there are more.
    assert matrices() > 5
    monkeypatch.setattr(folds, "MANY", 5)
    # Two matrices, and what a few targets take; beside them the solver may read a copy in float32.
    assert matrices() < 2.9
