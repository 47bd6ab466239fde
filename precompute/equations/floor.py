"""How redundant each category is in the second moment: its floor, and the rank behind it."""

import numpy as np

# Logits are stored as float16, whose rounding error has a variance of (2^-10 |x|)^2 / 12.
_ROUNDING = 2.0**-20 / 12


def rank_and_floor(
    moment: np.ndarray, n_images: int, raw_power: np.ndarray
) -> tuple[int, np.ndarray]:
    """Numerical rank of M, and err_i(0) / M_ii = 1 / ((M^-1)_ii M_ii) of every category (n,).

    `raw_power` (n,) is E[f^2] of the logits as they are stored: where M is about their mean, rounding is
    not. Eigenvalues below the largest that float16 rounding alone can make (the Marchenko-Pastur edge of
    its noise) count as zero; a category that has a share in their eigenvectors can be written exactly
    in the others, and its floor is 0. With n_images <= n that holds whatever the network: the floor
    says nothing, and all are NaN.
    """
    n, power = len(moment), np.diagonal(moment)
    edge = 2 * _ROUNDING * raw_power.mean() * (1 + np.sqrt(n / n_images)) ** 2
    if n_images <= n:
        return int((np.linalg.eigvalsh(moment) > edge).sum()), np.full(n, np.nan)
    values, vectors = np.linalg.eigh(moment)
    kept = values > edge
    share = (vectors[:, ~kept] ** 2).sum(axis=1)
    inverse = (vectors[:, kept] ** 2 / values[kept]).sum(axis=1)
    independent = (share < 1e-6) & (power > 0)
    floor = np.zeros(n)
    floor[independent] = 1 / (inverse[independent] * power[independent])
    return int(kept.sum()), np.minimum(floor, 1.0)
