"""The moments of a network's logits while its weights change: running averages over about one epoch."""

import numpy as np
import torch


class RunningMoments:
    """Mean (n,) and second moment (n, n) of logits, float64; a batch of B images takes the place of a part
    B / `n_images` of what was there.

    Parameters
    ----------
    logits : (N, n), of the images before anything changed
    center : moments are about the mean
    """

    def __init__(self, logits: np.ndarray, center: bool):
        start = torch.as_tensor(logits, dtype=torch.float64)
        self.n_images, self.center = len(start), center
        self._mean, self._moment = start.mean(dim=0), start.T @ start / len(start)

    def share(self, n: int) -> float:
        """The part of the average that a batch of n images makes up."""
        return min(1.0, n / self.n_images)

    @torch.no_grad()
    def update(self, logits: torch.Tensor) -> None:
        """Take a batch (B, n) in."""
        batch, part = logits.detach().to(torch.float64), self.share(len(logits))
        self._mean = (1 - part) * self._mean.to(batch) + part * batch.mean(dim=0)
        self._moment = (1 - part) * self._moment.to(batch) + part * (batch.T @ batch / len(batch))

    def read(self) -> tuple[np.ndarray, np.ndarray]:
        """Second moment (n, n) and the point (n,) that it is about: the mean where centred, else 0."""
        mean, moment = self._mean.cpu().numpy(), self._moment.cpu().numpy()
        moment = (moment + moment.T) / 2
        return (
            (moment - np.outer(mean, mean), mean) if self.center else (moment, np.zeros_like(mean))
        )

    def state(self) -> dict[str, torch.Tensor]:
        """What goes on with the same numbers."""
        return {"mean": self._mean.cpu(), "moment": self._moment.cpu()}

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Go on from `state`."""
        self._mean, self._moment = state["mean"], state["moment"]
