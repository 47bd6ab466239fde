"""The regularizer that cuts dependencies: beta * sum over pairs of max(0, |pull| - lambda)^2.

In the spirit of Feng et al. (arXiv 2211.12339), whose exact form is not to be had; the form is that of
design.md, section 2.
"""

import numpy as np
import torch

from precompute.cutting.pull import Cuts, residual_weights


class CutPenalty:
    """The sum over the pairs of max(0, |2 E[f_j r_i]| - lambda)^2, from batches of logits.

    The expectation is a running average over batches, whose newest part alone carries a gradient. The
    equations inside r_i are those of the moment given to `refresh`, and constants for the gradient.

    Parameters
    ----------
    cuts : pairs to be cut
    keep : share of the old average that a batch leaves in place, 0 <= keep < 1
    margin : the pull is pushed below (1 - margin) * lambda, so that images that were not seen agree
    """

    def __init__(self, cuts: Cuts, keep: float = 0.9, margin: float = 0.0):
        self.cuts, self.keep = cuts, keep
        self._limit = torch.as_tensor((1.0 - margin) * cuts.lam, dtype=torch.float64)
        self._rows: torch.Tensor | None = None
        self._average: torch.Tensor | None = None

    def refresh(self, moment: np.ndarray) -> None:
        """Solve the equations anew on this second moment (n, n); the running average starts again."""
        rows = residual_weights(moment, self.cuts)
        self._rows, self._average = torch.as_tensor(rows), None

    def __call__(self, logits: torch.Tensor) -> torch.Tensor:
        """The penalty, a scalar, with the batch's logits (B, n) in the average."""
        assert self._rows is not None, "refresh comes first"
        logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
        residual = logits @ self._rows.to(logits).T
        pull = 2.0 * (logits[:, self.cuts.source] * residual).mean(dim=0)
        if self._average is not None:
            old = self._average.to(pull)
            # The value of the average, the gradient of the batch.
            value = self.keep * old + (1.0 - self.keep) * pull.detach()
            pull = pull + (value - pull).detach()
        self._average = pull.detach().cpu()
        return torch.relu(pull.abs() - self._limit.to(pull)).square().sum()

    def state(self) -> dict[str, torch.Tensor]:
        """What a fine-tuning needs to go on with the same numbers."""
        assert self._rows is not None
        average = (
            self._average if self._average is not None else torch.full_like(self._limit, torch.nan)
        )
        return {"rows": self._rows, "average": average}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Go on from `state`."""
        self._rows = state["rows"]
        self._average = None if state["average"].isnan().any() else state["average"]
