"""What an image is taken for, and what would follow: enough to replace any one logit at once."""

import numpy as np

from precompute.equations.batches import Batch


def reference_of(batch: Batch, by_label: bool) -> np.ndarray:
    """Whose each image is (B,) int32: its label (-1 where unknown), or the target network's own top-1."""
    return batch.labels if by_label else batch.targets.argmax(axis=1).astype(np.int32)


def two_best(logits: np.ndarray) -> np.ndarray:
    """Best category, its logit, second category, its logit of each image (B, 4), float64."""
    rows = np.arange(len(logits))
    best = logits.argmax(axis=1)
    if logits.shape[1] == 1:
        lonely = np.full(len(logits), -np.inf)
        return np.column_stack([best, logits[:, 0], best, lonely]).astype(float)
    rest = np.array(logits, dtype=np.float32)
    rest[rows, best] = -np.inf
    second = rest.argmax(axis=1)
    return np.column_stack([best, logits[rows, best], second, rest[rows, second]]).astype(float)


def rivals(best: np.ndarray, target: int) -> np.ndarray:
    """The logit that the target's has to beat on each image (B,), from `two_best`: the largest of
    others."""
    return np.where(best[:, 0] == target, best[:, 3], best[:, 1])
