"""What is usual for a network: how well its dependencies hold on the held-out images of its atlas."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.ood.learned import stored_map
from precompute.ood.scores import LinearMap, dependency_score

BROKEN = (
    0.99  # of the held-out images have larger scores than an image whose dependencies are broken
)


@dataclass(frozen=True)
class Usual:
    """The refit equations of one choice; the root mean square (n,) of each one's residual on fit images, in
    logits; and the dependency scores (H,) of held-out images, in rising order."""

    equations: LinearMap
    scale: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(
        cls,
        dependencies: pd.DataFrame,
        fit_error: np.ndarray,
        power: np.ndarray,
        logits: np.ndarray,
    ) -> "Usual":
        """Of one choice's rows of dependencies.parquet; fit_error_refit (n,) of evaluation.parquet in its
        rows, nan without an equation; power (n,) of categories.parquet; held-out logits (H, n)."""
        equations = stored_map(dependencies, len(power))
        scale = np.sqrt(np.where(np.isfinite(fit_error), fit_error, 1.0) * power)
        scores = dependency_score(logits.astype(np.float64), equations)
        return cls(equations, np.where(scale > 0, scale, 1.0), np.sort(scores))

    def score(self, logits: np.ndarray) -> np.ndarray:
        """The dependency score (N,) of logits (N, n)."""
        return dependency_score(logits.astype(np.float64), self.equations)

    def percentile(self, scores: np.ndarray) -> np.ndarray:
        """Share (N,) of the held-out images on which dependencies hold less well, by their scores (N,);
        equal ones count half."""
        below, upto = (np.searchsorted(self.held_out, scores, side) for side in ("left", "right"))
        return (below + upto) / (2 * len(self.held_out))

    def breaks(self, logits: np.ndarray) -> np.ndarray:
        """How far every equation is off on images with logits (N, n): (N, n), in units of its scale."""
        return self.equations.residuals(logits.astype(np.float64)) / self.scale
