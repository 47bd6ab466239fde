"""Which dependencies break: residuals of equations on foreign images, beside those on held-out ones."""

import numpy as np
import pandas as pd

from precompute.ood.scores import LinearMap, rms


def residual_scale(equations: LinearMap, fit: np.ndarray) -> np.ndarray:
    """Root mean square over fit images (N, n) of every equation's residual (n,), logits; 1 where an
    equation is exact on them, so that a residual stays in logits."""
    scale = rms(equations.residuals(fit).T)
    return np.where(scale > 0, scale, 1.0)


def broken_table(
    equations: LinearMap, scale: np.ndarray, held_out: np.ndarray, foreign: np.ndarray
) -> pd.DataFrame:
    """One row per target: target, held_out, foreign (root mean square residual, in units of that on fit
    images), ratio (the second over the first), bias (mean residual on foreign images, same unit: negative
    where the equation promises a larger logit than the network gives)."""
    inside, outside = (equations.residuals(logits) / scale for logits in (held_out, foreign))
    known, other = rms(inside.T), rms(outside.T)
    return pd.DataFrame(
        {
            "target": np.arange(len(scale)),
            "held_out": known,
            "foreign": other,
            "ratio": np.divide(other, known, out=np.ones_like(other), where=known > 0),
            "bias": outside.mean(axis=0),
        }
    )


def most_broken(
    equations: LinearMap, scale: np.ndarray, logits: np.ndarray, k: int = 3
) -> np.ndarray:
    """The k targets whose equations break most on each image (N, k), most first."""
    size = np.abs(equations.residuals(logits)) / scale
    return np.argsort(-size, axis=1, kind="stable")[:, :k]
