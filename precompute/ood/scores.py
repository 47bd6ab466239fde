"""Scores of images by their logits alone: large where an image is like those that the network knows.

All that a score needs beyond the logits is learned from fit images; held-out and foreign images only judge.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

DEPENDENCY = "dependency"
PERMUTED, RANDOM, PER_SD = "permuted_sources", "random_equations", "max_per_sd"
CONTROLS = (PERMUTED, RANDOM, PER_SD)  # the dependency score with its dependencies taken out
WITH_EQUATIONS = (DEPENDENCY, PERMUTED, RANDOM)  # other scores are the same whatever the sparsity
SOFTMAX, LOGIT, ENERGY = "max_softmax", "max_logit", "energy"
PCA, PER_PCA, VIM = "pca_residual", "max_per_pca", "vim"
PEERS = (SOFTMAX, LOGIT, ENERGY, PCA, PER_PCA, VIM)
NAMES = {
    DEPENDENCY: "dependency score",
    PERMUTED: "permuted sources",
    RANDOM: "random equations",
    PER_SD: "max / sd",
    SOFTMAX: "max softmax",
    LOGIT: "max logit",
    ENERGY: "energy",
    PCA: "PCA residual",
    PER_PCA: "max / PCA residual",
    VIM: "ViM",
}
DENSE = (PCA, PER_PCA, VIM)  # yardsticks that use all logits or features, and no equations
KEPT = 0.95  # of the fit images' variance lies in the components of PCA


@dataclass(frozen=True)
class LinearMap:
    """Every logit by others: `logits @ weights.T + intercept`; the weights (n, n) are sparse."""

    weights: csr_array
    intercept: np.ndarray

    def residual_rms(self, logits: np.ndarray) -> np.ndarray:
        """Root mean square over the categories (N,) of logit - its equation, of logits (N, n)."""
        return rms(self.residuals(logits))

    def residuals(self, logits: np.ndarray) -> np.ndarray:
        """logit - its equation (N, n), in logits."""
        return logits - ((self.weights @ logits.T).T + self.intercept)

    @classmethod
    def of(
        cls, n: int, target: np.ndarray, source: np.ndarray, coefficient: np.ndarray,
        intercept: np.ndarray,
    ) -> "LinearMap":  # fmt: skip
        """Of the terms of all equations (target, source, coefficient), and constants (n,)."""
        weights = csr_array((coefficient.astype(np.float64), (target, source)), shape=(n, n))
        return cls(weights, intercept)


@dataclass(frozen=True)
class PrincipalSpace:
    """The mean (n,) of fit images' logits, and the components (k, n) that hold KEPT of their variance."""

    mean: np.ndarray
    components: np.ndarray

    @classmethod
    def of(cls, mean: np.ndarray, covariance: np.ndarray) -> "PrincipalSpace":
        """Of moments of the fit images."""
        variance, vectors = np.linalg.eigh(covariance)
        share = np.cumsum(variance[::-1]) / max(variance.sum(), np.finfo(float).tiny)
        k = min(int(np.searchsorted(share, KEPT)) + 1, len(mean) - 1)
        return cls(mean, vectors[:, ::-1][:, :k].T)

    def residual_rms(self, logits: np.ndarray) -> np.ndarray:
        """Root mean square over the categories (N,) of what the components do not reach."""
        centred = logits - self.mean
        return rms(centred - (centred @ self.components.T) @ self.components)


@dataclass(frozen=True)
class Scores:
    """The scores of one network, all learned from fit images."""

    equations: LinearMap
    permuted: LinearMap
    random: LinearMap
    space: PrincipalSpace

    def __call__(self, logits: np.ndarray) -> dict[str, np.ndarray]:
        """Every score (N,) of logits (N, n), by name."""
        logits = logits.astype(np.float64)
        highest = logits.max(axis=1)
        outside = self.space.residual_rms(logits)
        shifted = np.exp(logits - highest[:, None]).sum(axis=1)
        return {
            SOFTMAX: 1 / shifted,
            LOGIT: highest,
            ENERGY: highest + np.log(shifted),
            PCA: -outside,
            PER_PCA: per(highest, outside),
            DEPENDENCY: dependency_score(logits, self.equations),
            PERMUTED: dependency_score(logits, self.permuted),
            RANDOM: dependency_score(logits, self.random),
            PER_SD: per(highest, logits.std(axis=1)),
        }


def dependency_score(logits: np.ndarray, equations: LinearMap) -> np.ndarray:
    """max_i f_i / rms_i (f_i - its equation) of logits (N, n): large where the dependencies hold (N,)."""
    return per(logits.max(axis=1), equations.residual_rms(logits))


def rms(values: np.ndarray) -> np.ndarray:
    """Root mean square over the last axis."""
    return np.sqrt(np.mean(np.square(values), axis=-1))


def per(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """part / whole; where nothing is left of the whole, as if as much were left as float32 can tell."""
    least = np.finfo(np.float32).eps * np.abs(part) + np.finfo(np.float64).tiny
    return part / np.maximum(whole, least)
