"""A small classifier with planted dependencies, and its files as a user would give them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

N_IMAGES, N_CATEGORIES, N_PLANTED = 800, 40, 8


@dataclass(frozen=True)
class Planted:
    """Logits in which category i < N_PLANTED is a known combination of categories >= N_PLANTED."""

    logits: np.ndarray  # (N_IMAGES, N_CATEGORIES) float32
    truth: np.ndarray  # (N_IMAGES,)
    coefficients: np.ndarray  # (N_PLANTED, N_CATEGORIES)


def plant(seed: int, truth: np.ndarray | None = None, noise: float = 0.05) -> Planted:
    """Draw a classifier that is mostly right, with three parents for each planted category."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(N_PLANTED, N_CATEGORIES, N_IMAGES) if truth is None else truth
    logits = rng.normal(size=(N_IMAGES, N_CATEGORIES))
    logits[np.arange(N_IMAGES), truth] += 4
    coefficients = np.zeros((N_PLANTED, N_CATEGORIES))
    for target in range(N_PLANTED):
        parents = N_PLANTED + (3 * target + np.arange(3)) % (N_CATEGORIES - N_PLANTED)
        coefficients[target, parents] = np.array([1.0, -0.8, 0.6])
    logits[:, :N_PLANTED] = logits @ coefficients.T + noise * rng.normal(size=(N_IMAGES, N_PLANTED))
    return Planted(logits.astype(np.float32), truth, coefficients)


def save(folder: Path, planted: Planted, names: list[str]) -> dict[str, Path]:
    """Files as a user would give them to `run NAME --logits --labels --truth`."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "logits.npy", planted.logits)
    np.save(folder / "truth.npy", planted.truth)
    (folder / "names.txt").write_text("\n".join(names) + "\n", encoding="utf-8")
    return {name: folder / f"{name}.npy" for name in ("logits", "truth")} | {
        "labels": folder / "names.txt"
    }
