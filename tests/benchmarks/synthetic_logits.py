"""Logits of a network that nobody trained, with as many categories as wanted: for runs at full size.

    python tests/benchmarks/synthetic_logits.py CATEGORIES IMAGES FOLDER

Writes logits.npy (float16), truth.npy, labels.txt, features.npy and head.npz. Categories come in families
of 20, and families in superfamilies: the head of a category is that of its superfamily, of its family and
its own, so that its logit is nearly one in the logits of its family. Features are ReLUs, as of a real
network.
"""

import sys
from pathlib import Path

import numpy as np

N_FEATURES, FAMILY, SUPERFAMILIES = 768, 20, 60


def write_logits(n: int, n_images: int, folder: Path, seed: int = 0) -> None:
    """The files above, `n` categories and `n_images` images."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    head = _head(rng, n)
    bias = rng.normal(scale=0.3, size=n).astype(np.float32)
    truth = rng.integers(n, size=n_images)
    logits = np.lib.format.open_memmap(
        folder / "logits.npy", "w+", dtype=np.float16, shape=(n_images, n)
    )
    features = np.empty((n_images, N_FEATURES), np.float16)
    for start in range(0, n_images, 1024):
        rows = slice(start, start + 1024)
        signal = 1.5 * head[truth[rows]] + rng.normal(size=(len(truth[rows]), N_FEATURES))
        features[rows] = np.maximum(signal, 0)
        logits[rows] = features[rows].astype(np.float32) @ head.T + bias
    logits.flush()
    np.save(folder / "truth.npy", truth.astype(np.int64))
    (folder / "labels.txt").write_text("".join(f"category {i}\n" for i in range(n)))
    np.save(folder / "features.npy", features)
    np.savez(folder / "head.npz", weight=head, bias=bias)


def _head(rng: np.random.Generator, n: int) -> np.ndarray:
    """Weights (n, N_FEATURES) float32 of about unit length."""
    family = np.arange(n) // FAMILY
    above = rng.integers(SUPERFAMILIES, size=family.max() + 1)
    parts = (
        0.5 * rng.normal(size=(SUPERFAMILIES, N_FEATURES))[above[family]],
        0.6 * rng.normal(size=(family.max() + 1, N_FEATURES))[family],
        0.6 * rng.normal(size=(n, N_FEATURES)),
    )
    return (sum(parts) / np.sqrt(N_FEATURES)).astype(np.float32)


if __name__ == "__main__":
    write_logits(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
