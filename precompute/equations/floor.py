"""How redundant each category is in the second moment: its floor, and the rank behind it."""

from dataclasses import dataclass

import numpy as np

from precompute.equations.many.factors import Factors
from precompute.equations.many.image_products import ImageProducts
from precompute.equations.moments import CentredMoments

# Logits are stored as float16, whose rounding error has a variance of (2^-10 |x|)^2 / 12.
_ROUNDING = 2.0**-20 / 12


@dataclass(frozen=True)
class Spectrum:
    """Eigenvalues of M (n,) of so many images, largest first, with the eigenvectors (n, r) of the first of
    them as columns where the floor needs them: of all but those that are zero. Eigenvalues below the
    `edge`, the largest that float16 rounding alone can make (the Marchenko-Pastur edge of its noise), count
    as zero."""

    values: np.ndarray
    vectors: np.ndarray | None
    edge: float
    n_images: int

    @property
    def rank(self) -> int:
        """Numerical rank of M."""
        return int((self.values > self.edge).sum())

    def floor(self, power: np.ndarray) -> np.ndarray:
        """err_i(0) / M_ii = 1 / ((M^-1)_ii M_ii) of every category (n,), from `power` = M_ii (n,).

        A category that has a share in the eigenvectors of zero can be written exactly in the others, and
        its floor is 0. With no more images than categories that holds whatever the network: the floor
        says nothing, and all are NaN.
        """
        if self.vectors is None:
            return np.full(len(power), np.nan)
        kept = self.values[: self.vectors.shape[1]] > self.edge
        squares = self.vectors[:, kept] ** 2
        share = 1.0 - squares.sum(axis=1)  # in the eigenvectors of zero
        inverse = (squares / self.values[: len(kept)][kept]).sum(axis=1)
        independent = (share < 1e-6) & (power > 0)
        floor = np.zeros(len(power))
        floor[independent] = 1 / (inverse[independent] * power[independent])
        return np.minimum(floor, 1.0)


def spectrum(moment: np.ndarray, n_images: int, raw_power: np.ndarray) -> Spectrum:
    """The eigenvalues of a second moment (n, n) of `n_images`, and the vectors if there are more images
    than categories. `raw_power` (n,) is E[f^2] of the logits as they are stored: where M is about their
    mean, rounding is not."""
    edge = _edge(len(moment), n_images, raw_power)
    if n_images <= len(moment):
        return Spectrum(np.linalg.eigvalsh(moment)[::-1], None, edge, n_images)
    values, vectors = np.linalg.eigh(moment)
    return Spectrum(values[::-1], vectors[:, ::-1], edge, n_images)


def spectrum_of_sample(images: ImageProducts, raw_power: np.ndarray) -> Spectrum:
    """The eigenvalues of the second moment of a sample of images, for very many categories: those of all
    would take n^3 operations. Without vectors there is no floor."""
    n = len(raw_power)
    return Spectrum(images.eigenvalues(n), None, _edge(n, len(images), raw_power), len(images))


def spectrum_of_factor(moments: Factors, fit: CentredMoments) -> Spectrum:
    """The same of a network whose features are kept, from A'A (d + 1, d + 1) of M = A A' about the point of
    `fit`. What rounding of features makes of M is W D W', with their rounding's variances D on the
    diagonal."""
    factor, sums = moments.factor(fit.source_mean), moments.sums
    n, n_images = len(factor), sums.n_images
    values, vectors = np.linalg.eigh(factor.T @ factor)
    values, vectors = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    noise = np.sqrt(_ROUNDING * np.diagonal(sums.products) / n_images) * moments.head.weights
    largest = np.linalg.eigvalsh(noise.T @ noise)[-1]
    edge = float(2 * largest * (1 + np.sqrt(noise.shape[1] / n_images)) ** 2)
    kept = values > values[0] * np.finfo(float).eps
    whole = np.r_[values, np.zeros(max(0, n - len(values)))][:n]
    if n_images <= len(values):
        return Spectrum(whole, None, edge, n_images)
    return Spectrum(whole, factor @ vectors[:, kept] / np.sqrt(values[kept]), edge, n_images)


def _edge(n: int, n_images: int, raw_power: np.ndarray) -> float:
    return float(2 * _ROUNDING * raw_power.mean() * (1 + np.sqrt(n / n_images)) ** 2)
