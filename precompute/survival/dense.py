"""The dense ridge map of one category after another, each with weight of its own, from one inverse.

With A = M_i + penalty I and G = A^-1, the ridge map of category i from all others is `w_j = -G_ji / G_ii`
(the theta with theta_i = -1 that makes theta' A theta smallest). M_i differs from (1 - s) M by the m own
images, a matrix of rank m, so Woodbury's identity gives its column of G from that of (1 - s) M + penalty I.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.blas import dtrsm
from scipy.linalg.lapack import dpotrf, dpotri

# Of the mean power of a category. A fixed rule, as in the first measurement of this map: nothing is chosen.
PENALTY = 1e-3


@dataclass(frozen=True)
class DenseMap:
    """Weights (n,), 0 for the target itself, and what they make of images left out of the fit (S,)."""

    weights: np.ndarray
    left_out: np.ndarray


class DenseMaps:
    """Ridge maps at one share of weight. `moment` (n, n) is M and `logits` (S, n) are some of its
    `n_images` images, both about one point."""

    def __init__(self, moment: np.ndarray, share: float, logits: np.ndarray, n_images: int):
        self.share, self.weight, self.logits = share, (1.0 - share) / n_images, logits
        penalty = max(PENALTY * float(np.diagonal(moment).mean()), np.finfo(float).tiny)
        regular = (1.0 - share) * moment
        regular[np.diag_indices(len(moment))] += penalty
        lower, _ = dpotrf(regular, lower=True, overwrite_a=True)  # positive definite by the penalty
        # Half of a solution is enough, as x' (LL')^-1 x is the square of L^-1 x.
        half = dtrsm(1.0, lower, logits, side=1, lower=True, trans_a=True)
        self.leverage = np.einsum("ij,ij->i", half, half)
        inverse = np.tril(dpotri(lower, lower=True)[0])
        self.inverse = inverse + np.tril(inverse, -1).T

    def of(self, target: int, own: np.ndarray) -> DenseMap:
        """The map of one target, whose own images (m, n), about the same point, have the share."""
        column, leverage = self.inverse[:, target], self.leverage
        turned = self.logits @ column
        if self.share and len(own):
            spread = self.inverse @ own.T  # (n, m)
            middle = np.linalg.inv(np.eye(len(own)) * (len(own) / self.share) + own @ spread)
            tied = self.logits @ spread  # (S, m)
            column = column - spread @ (middle @ spread[target])
            turned = turned - tied @ (middle @ spread[target])
            leverage = leverage - np.einsum("ij,ij->i", tied @ middle, tied)
        pivot = column[target]
        weights = -column / pivot
        weights[target] = 0.0
        truth = self.logits[:, target]
        leverage = leverage - turned**2 / pivot  # of the sources alone, the target left out
        return DenseMap(weights, truth - turned / pivot / spared(self.weight * leverage))


def spared(leverage: np.ndarray) -> np.ndarray:
    """1 - leverage, and never so little that an image which alone decides its own fit gives an infinity.

    A residual over this is the residual of the same least squares without the image.
    """
    return np.maximum(1.0 - leverage, 1e-6)
