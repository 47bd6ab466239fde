"""One measure of accuracy for every solver of the benchmark; numpy only, so that any Python can run it."""

import numpy as np


def relative_gap(moment: np.ndarray, target: int, b: np.ndarray, mu: np.ndarray) -> float:
    """Largest duality gap of the rows of b (n_mu, n), b[:, target] = 0, over half the target's power.

    For min 1/2 E[(a - b'f)^2] + mu*|b|_1 with a = f[target]; mu (n_mu,) is lambda / 2.
    """
    g, power = moment[target], moment[target, target]
    c = g - b @ moment
    c[:, target] = 0.0
    with_target = power - b @ g
    residual = np.maximum(with_target - np.einsum("kj,kj->k", b, c), np.finfo(float).tiny)
    largest = np.maximum(np.abs(c).max(axis=1), np.finfo(float).tiny)
    scale = np.minimum(mu / largest, with_target / residual)
    primal = residual / 2 + mu * np.abs(b).sum(axis=1)
    dual = scale * with_target - scale**2 * residual / 2
    return float((primal - dual).max() / (power / 2))
