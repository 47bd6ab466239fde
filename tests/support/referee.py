"""An independent judge of CovLasso solutions: it sees images, not moments, and shares nothing with the
solver. Also the bundled networks' logits, and a brute-force solver for a handful of sources."""

import itertools
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

BUNDLE = Path(__file__).parents[2] / "precompute" / "data" / "logits"


def bundled_logits(model: str, split: str = "fit") -> np.ndarray:
    """Logits (images, 1000) of a bundled network, float64."""
    table = pq.read_table(BUNDLE / f"{model}.parquet", filters=[("split", "=", split)])
    flat = table["logits"].combine_chunks().flatten().to_numpy()
    return flat.reshape(len(table), -1).astype(np.float64)


def second_moment(logits: np.ndarray) -> np.ndarray:
    """F'F / N, exactly symmetric."""
    moment = logits.T @ logits / len(logits)
    return (moment + moment.T) / 2


def objective(a: np.ndarray, sources: np.ndarray, w: np.ndarray, lam: float) -> float:
    """Mean squared residual of target logits `a` (N,) plus lam * |w|_1."""
    residual = a - sources @ w
    return residual @ residual / len(a) + lam * np.abs(w).sum()


def duality_gap(a: np.ndarray, sources: np.ndarray, w: np.ndarray, lam: float) -> float:
    """Objective less the best dual value along the residual, over the mean square of `a`.

    For primal mean((a - Bw)^2) + lam|w|_1, any nu with |2 B'nu / N| <= lam has dual value
    2 nu'a / N - nu'nu / N (Fenchel). Here nu = s * residual with the best feasible s.
    """
    n_images = len(a)
    residual = a - sources @ w
    correlation = 2 * np.abs(sources.T @ residual).max(initial=0.0) / n_images
    energy = residual @ residual
    scale = 1.0 if energy == 0 else (residual @ a) / energy
    if scale * correlation > lam:
        scale = lam / correlation
    dual = (2 * scale * (residual @ a) - scale**2 * energy) / n_images
    return (objective(a, sources, w, lam) - dual) / (a @ a / n_images)


def kkt_violation(a: np.ndarray, sources: np.ndarray, w: np.ndarray, lam: float) -> float:
    """Largest violation of the optimality conditions, relative to lambda_max."""
    gradient = 2 * sources.T @ (a - sources @ w) / len(a)
    slack = np.abs(gradient) - lam
    active = np.abs(w) > 1e-10
    off = np.abs(gradient[active] - lam * np.sign(w[active])).max(initial=0.0)
    lambda_max = 2 * np.abs(sources.T @ a).max() / len(a)
    return max(slack.max(), off, 0.0) / lambda_max


def brute_force(moment: np.ndarray, g: np.ndarray, lam: float) -> np.ndarray:
    """Minimiser of w'Mw - 2g'w + lam|w|_1 by trying all 3^n sign patterns; M must be regular."""
    n, best, best_value = len(g), np.zeros(len(g)), 0.0
    for signs in itertools.product((-1, 0, 1), repeat=n):
        s = np.array(signs)
        on = s != 0
        w = np.zeros(n)
        w[on] = np.linalg.solve(moment[np.ix_(on, on)], g[on] - lam / 2 * s[on])
        value = w @ moment @ w - 2 * g @ w + lam * np.abs(w).sum()
        if value < best_value:
            best, best_value = w, value
    return best
