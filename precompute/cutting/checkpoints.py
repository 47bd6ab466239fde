"""A fine-tuning on its way, as one safetensors file: so that one that was interrupted goes on."""

import json
import time
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from precompute.atlas.files import replacing, stamp

SECONDS = 30.0  # between two checkpoints

Tensors = dict[str, torch.Tensor]


class Checkpoint(NamedTuple):
    """`parts` are tensors by owner ("model", "optimizer" ...) and name; `told` is what JSON can hold."""

    parts: dict[str, Tensors]
    told: dict


class CheckpointFile:
    """One file; only what was made from the same is read back."""

    def __init__(self, path: Path, made_from: dict):
        self.path, self._stamp = path, stamp(made_from)
        self._written = time.monotonic()

    def read(self) -> Checkpoint | None:
        """What was last written, if it was made from the same; None if there is nothing of that kind."""
        return self.last(self._stamp)

    def last(self, stamp: dict[str, str] | None = None) -> Checkpoint | None:
        """What was last written, whatever it was made from, or under this `stamp`."""
        try:
            with safe_open(self.path, framework="pt") as file:
                told = file.metadata() or {}
                if any(told.get(key) != value for key, value in (stamp or {}).items()):
                    return None
                parts: dict[str, Tensors] = {}
                names = file.keys()
                for name in names:
                    owner, _, rest = name.partition("/")
                    parts.setdefault(owner, {})[rest] = file.get_tensor(name)
                return Checkpoint(parts, json.loads(told["told"]))
        except (OSError, SafetensorError):
            return None

    @property
    def is_due(self) -> bool:
        """It is time to write."""
        return time.monotonic() - self._written > SECONDS

    def write(self, checkpoint: Checkpoint) -> None:
        """Put this in the file's place. Raises UserError where that cannot be written."""
        tensors = {
            f"{owner}/{name}": tensor.detach().cpu().contiguous()
            for owner, part in checkpoint.parts.items()
            for name, tensor in part.items()
        }
        with replacing(self.path) as temporary:
            told = self._stamp | {"told": json.dumps(checkpoint.told)}
            temporary.write_bytes(save(tensors, told))
        self._written = time.monotonic()
