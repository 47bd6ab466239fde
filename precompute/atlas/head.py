"""A linear last layer: with it, a model keeps the features of its images, and logits are made of them."""

import hashlib
from dataclasses import dataclass

import numpy as np

# What is made at a time, in float64 whatever it is rounded to: so many categories of so many images.
_CATEGORIES, _IMAGES = 4096, 1024


@dataclass(frozen=True)
class Head:
    """Logits are weights @ features + bias: weights (n, d) and bias (n,), float32."""

    weights: np.ndarray
    bias: np.ndarray

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def n_features(self) -> int:
        return self.weights.shape[1]

    @property
    def digest(self) -> str:
        """SHA-256 of its numbers."""
        return hashlib.sha256(self.weights.tobytes() + self.bias.tobytes()).hexdigest()

    def logits(self, features: np.ndarray, kind: type = np.float64) -> np.ndarray:
        """Logits (B, n) of features (B, d), computed in float64 and rounded to `kind`."""
        exact = np.asarray(features, dtype=np.float64)
        result: np.ndarray = np.empty((len(exact), len(self)), kind)
        for first in range(0, len(self), _CATEGORIES):
            part = slice(first, first + _CATEGORIES)
            weights = self.weights[part].astype(np.float64).T
            for start in range(0, len(exact), _IMAGES):
                rows = slice(start, start + _IMAGES)
                result[rows, part] = exact[rows] @ weights + self.bias[part]
        return result
