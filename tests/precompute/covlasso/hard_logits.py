"""Logits whose second moments are hard to solve: ties, twins, sums, too few images, scales far apart."""

import numpy as np


def mixed(rng, n_images, n, rank=None) -> np.ndarray:
    """Correlated random logits."""
    rank = n if rank is None else rank
    return rng.normal(size=(n_images, rank)) @ rng.normal(size=(rank, n))


def hard_logits() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(0)
    z = mixed(rng, 300, 40)
    near = z[:, :20] + 1e-5 * rng.normal(size=(300, 20))
    wide = np.random.default_rng(1).normal(size=(300, 5))
    return {
        "regular": z,
        "duplicates": np.c_[z, z[:, :10]],
        "negative duplicates": np.c_[z, -z[:, :10], z[:, 3:6]],
        "sums": np.c_[z, z[:, :10] + z[:, 10:20], z.sum(axis=1)],
        "near-duplicates": np.c_[z, near],
        "rank 5 of 50": mixed(rng, 300, 50, rank=5),
        "fewer images than categories": rng.normal(size=(20, 60)),
        "all-zero category": np.c_[z[:, :10], np.zeros(300), z[:, 10:]],
        "scales from 1e-3 to 1e3": z * 10 ** rng.uniform(-3, 3, 40),
        "ties everywhere": np.sign(rng.normal(size=(16, 40))),
        "ties, square": np.sign(rng.normal(size=(12, 12))),
        "equal correlations": np.linalg.cholesky(np.full((12, 12), 0.5) + 0.5 * np.eye(12)).T,
        "constant, centred": np.c_[wide, np.full(300, 0.1)]
        - np.c_[wide, np.full(300, 0.1)].mean(0),
        "one category": z[:, :1],
        "two categories": z[:, :2],
    }


def twins(noise: float) -> np.ndarray:
    """(300, 60), the last 20 are the first 20 but for noise."""
    rng = np.random.default_rng(2)
    z = mixed(rng, 300, 40)
    return np.c_[z, z[:, :20] + noise * rng.normal(size=(300, 20))]
