"""Fine-tuning with the penalty, or without it as the control; one loop for a head and for a whole network.

SGD with momentum, a gradient of bounded length, a learning rate that falls along half a cosine, mixed
precision on a GPU. (Adam moves every weight as far as those that matter, and so loses three of four other
dependencies on the way, with the penalty and without.) The network stays in its evaluation mode (no
dropout, batch norms as they are), and every image is shown as it will be judged: so the moments inside the
penalty are those of the network as it is used.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from precompute.cutting.checkpoints import Checkpoint, CheckpointFile, Tensors
from precompute.cutting.penalty import CutPenalty
from precompute.cutting.pull import Cuts
from precompute.cutting.running import RunningMoments

NO_LABEL = -1
MOMENTUM = 0.9
LEAST_STEPS = 4  # of an epoch: with a single batch all seeds would be one
LONGEST = 1.0  # norm of a gradient: the penalty is steep, and its pulls are averages that lag

Tell = Callable[[int, int], None]  # steps done, steps in all


@dataclass(frozen=True)
class Schedule:
    """How long and how: beta 0 is the control. Equations inside the penalty are solved anew every `refresh`
    steps."""

    epochs: int
    learning_rate: float
    batch_size: int
    beta: float
    margin: float
    refresh: int
    seed: int


@dataclass(frozen=True)
class Trainable:
    """What is fine-tuned: `module` makes logits (B, n) of what `inputs` yields for batches of fit images,
    each by their rows; on `device`, in bfloat16 where `mixed`."""

    module: torch.nn.Module
    inputs: Callable[[Sequence[np.ndarray]], Iterator[torch.Tensor]]
    device: torch.device
    mixed: bool = False


def steps_of_epoch(n_images: int, batch_size: int) -> int:
    """So many batches of at most `batch_size` images, smaller ones where there would be too few."""
    return max(math.ceil(n_images / batch_size), min(LEAST_STEPS, n_images))


class FineTuning:
    """One fine-tuning of a network on fit images.

    Parameters
    ----------
    labels : (N,) true categories, -1 where unknown: such images count in the moments alone
    logits : (N, n) of the fit images before
    center : the equations are centred
    file : where it is kept; what lies there from the same fine-tuning is gone on from
    """

    def __init__(
        self,
        network: Trainable,
        labels: np.ndarray,
        logits: np.ndarray,
        cuts: Cuts,
        schedule: Schedule,
        file: CheckpointFile,
        *,
        center: bool = False,
    ):
        self.network, self.schedule, self.file = network, schedule, file
        self.labels = torch.as_tensor(labels.astype(np.int64))
        self.running = RunningMoments(logits, center)
        self.per_epoch = steps_of_epoch(len(labels), schedule.batch_size)
        keep = 1.0 - self.running.share(math.ceil(len(labels) / self.per_epoch))
        self.penalty = CutPenalty(cuts, keep, schedule.margin)
        self.parameters = [p for p in network.module.parameters() if p.requires_grad]
        self.optimizer = torch.optim.SGD(self.parameters, schedule.learning_rate, MOMENTUM)
        self.steps = schedule.epochs * self.per_epoch
        self.step = 0
        self.history: list[dict] = []
        self._sums = [0.0, 0.0, 0.0]  # of the epoch: cross-entropy, labelled images, penalty

    def run(self, tell: Tell = lambda done, total: None) -> list[dict]:
        """Train to the end, from where the file stopped; epoch, cross_entropy, penalty of every epoch."""
        self._resume()
        self.network.module.eval()
        while self.step < self.steps:
            batches = self._batches()[self.step % self.per_epoch :]
            for rows, inputs in zip(batches, self.network.inputs(batches), strict=True):
                self._one_step(rows, inputs)
                if self.step % self.per_epoch == 0:
                    self._close_epoch()
                if self.file.is_due or self.step == self.steps:
                    self._write()
                tell(self.step, self.steps)
        return self.history

    def _batches(self) -> list[np.ndarray]:
        """The rows of every batch of the epoch that the next step lies in."""
        epoch = self.step // self.per_epoch
        order = np.random.default_rng([self.schedule.seed, epoch]).permutation(len(self.labels))
        return np.array_split(order, self.per_epoch)

    def _one_step(self, rows: np.ndarray, inputs: torch.Tensor) -> None:
        schedule, device = self.schedule, self.network.device
        if schedule.beta and self.step % schedule.refresh == 0:
            self.penalty.refresh(*self.running.read())
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=self.network.mixed):
            logits = self.network.module(inputs.to(device)).float()
        labels = self.labels[rows].to(device)
        known = int((labels != NO_LABEL).sum())
        loss = cross_entropy(logits, labels, ignore_index=NO_LABEL, reduction="sum") / max(known, 1)
        self._sums[0] += float(loss.detach()) * known
        self._sums[1] += known
        if schedule.beta:
            cost = self.penalty(logits)
            self._sums[2] += float(cost.detach())
            loss = loss + schedule.beta * cost
            self.running.update(logits)
        for group in self.optimizer.param_groups:
            group["lr"] = (
                schedule.learning_rate * (1 + math.cos(math.pi * self.step / self.steps)) / 2
            )
        self.optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, LONGEST)
        self.optimizer.step()
        self.step += 1

    def _close_epoch(self) -> None:
        crossed, known, cost = self._sums
        self.history.append(
            {
                "epoch": len(self.history) + 1,
                "cross_entropy": crossed / max(known, 1.0),
                "penalty": cost / self.per_epoch if self.schedule.beta else None,
            }
        )
        self._sums = [0.0, 0.0, 0.0]

    def _write(self) -> None:
        parts: dict[str, Tensors] = {"model": dict(self.network.module.state_dict())}
        if self.step < self.steps:
            state = self.optimizer.state_dict()["state"]
            parts["optimizer"] = {
                f"{i} {key}": v for i, part in state.items() for key, v in part.items()
            }
            if self.schedule.beta:
                parts |= {"running": self.running.state(), "penalty": self.penalty.state()}
        self.file.write(
            Checkpoint(parts, {"step": self.step, "history": self.history, "sums": self._sums})
        )

    def _resume(self) -> None:
        found = self.file.read()
        if found is None:
            return
        self.step, self.history = found.told["step"], found.told["history"]
        self._sums = found.told["sums"]
        self.network.module.load_state_dict(found.parts["model"])
        if self.step == self.steps:
            return
        state: dict[int, dict] = {}
        for name, tensor in found.parts["optimizer"].items():
            number, _, key = name.partition(" ")
            state.setdefault(int(number), {})[key] = tensor
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": state})
        if self.schedule.beta:
            self.running.restore(found.parts["running"])
            self.penalty.restore(found.parts["penalty"])
