"""ViM: energy, less what the features have outside their principal space (Wang et al. 2022,
arXiv 2203.10807)."""

from dataclasses import dataclass

import numpy as np

_EXACT = 0.01  # of the logits' deviation: features and logits are stored in half precision


@dataclass(frozen=True)
class VirtualLogit:
    """The directions (d, r) that fit images' features hardly use, the point (d,) that features are
    measured from, and the scale that makes a residual a logit."""

    origin: np.ndarray
    rest: np.ndarray
    scale: float

    @classmethod
    def of(cls, features: np.ndarray, logits: np.ndarray, head: np.ndarray) -> "VirtualLogit":
        """Of fit images: features (N, d), logits (N, n), and the weights (n, d) of the last layer.

        The origin is where all logits are as near to 0 as they come (section 3.2); the principal space
        has 1000 dimensions where d >= 2048, 512 where d >= 768, and half of d below (section 4).
        """
        bias = (logits - features @ head.T).mean(axis=0)
        origin = -np.linalg.pinv(head) @ bias
        d = features.shape[1]
        kept = 1000 if d >= 2048 else 512 if d >= 768 else d // 2
        around = features - origin
        _, vectors = np.linalg.eigh(around.T @ around)
        rest = vectors[:, : d - kept]
        norm = np.linalg.norm(around @ rest, axis=1).sum()
        scale = logits.max(axis=1).sum() / norm if norm > 0 else 0.0
        return cls(origin, rest, float(scale))

    def __call__(self, features: np.ndarray, energy: np.ndarray) -> np.ndarray:
        """The score (N,) of images with these features (N, d) and energies (N,)."""
        outside = np.linalg.norm((features - self.origin) @ self.rest, axis=1)
        return energy - self.scale * outside


def last_layer(features: np.ndarray, logits: np.ndarray) -> np.ndarray | None:
    """The weights (n, d) of a linear last layer, from what it makes of N images' features (N, d): their
    logits (N, n). None where N is too small to tell, or the layer is not linear."""
    count, d = features.shape
    if count <= d + 1:
        return None
    solved, *_ = np.linalg.lstsq(np.c_[features, np.ones(count)], logits, rcond=None)
    left = logits - features @ solved[:-1] - solved[-1]
    return solved[:-1].T if left.std() <= _EXACT * logits.std() else None
