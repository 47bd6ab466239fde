"""The regularizer that cuts dependencies: the sum over pairs of max(0, |pull| / lambda - 1)^2.

In the spirit of Feng et al. (arXiv 2211.12339), whose exact form is not to be had. The form is that of
design.md, section 2, with every pull measured in its own lambda: so a weight beta means the same for any
scale of logits, which a pull grows with the square of.
"""

import numpy as np
import torch

from precompute.cutting.pull import Cuts, pulls, residual_weights


class CutPenalty:
    """The sum over the pairs of max(0, |2 E[f_j r_i]| / lambda - (1 - margin))^2, from batches of logits.

    The expectation is a running average over batches, whose newest part alone carries a gradient. The
    equations inside r_i are those of the moment given to `refresh`, and constants for the gradient.

    Parameters
    ----------
    cuts : pairs to be cut
    keep : share of the old average that a batch leaves in place, 0 <= keep < 1
    margin : pulls are pushed below (1 - margin) * lambda, so that images that were not seen agree
    """

    def __init__(self, cuts: Cuts, keep: float, margin: float = 0.0):
        self.cuts, self.keep, self.margin = cuts, keep, margin
        self._source, self._lam = torch.tensor(cuts.source.astype(int)), torch.tensor(cuts.lam)
        self._rows = torch.empty(0)  # (P, n): logits to residuals
        self._mean = torch.empty(0)  # (n,): what logits are measured from
        self._average = torch.empty(0)  # (P,) of pulls

    def refresh(self, moment: np.ndarray, mean: np.ndarray) -> None:
        """Solve the equations anew on this second moment (n, n) about `mean` (n,), 0 in the paper; the
        running average goes on from its pulls."""
        rows = residual_weights(moment, self.cuts)
        self._rows, self._mean = torch.tensor(rows), torch.tensor(mean)
        self._average = torch.tensor(pulls(moment, self.cuts, rows))

    def __call__(self, logits: torch.Tensor) -> torch.Tensor:
        """The penalty, a scalar, with the batch's logits (B, n) in the average."""
        kind = torch.promote_types(logits.dtype, torch.float32)
        logits = logits.to(kind) - self._mean.to(logits.device, kind)
        residual = logits @ self._rows.to(logits).T
        pull = 2.0 * (logits[:, self._source] * residual).mean(dim=0)
        average = self.keep * self._average.to(pull) + (1.0 - self.keep) * pull.detach()
        self._average = average.cpu().to(torch.float64)
        # The value of the average, the gradient of the batch.
        pull = pull + (average - pull).detach()
        return torch.relu(pull.abs() / self._lam.to(pull) - (1.0 - self.margin)).square().sum()

    def state(self) -> dict[str, torch.Tensor]:
        """What a fine-tuning needs to go on with the same numbers."""
        return {"rows": self._rows, "mean": self._mean, "average": self._average}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Go on from `state`."""
        self._rows, self._mean, self._average = state["rows"], state["mean"], state["average"]
