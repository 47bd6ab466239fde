"""A classifier: everything that turns a photograph into one logit per category, and what it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from PIL.Image import Image

from precompute.atlas.head import Head
from precompute.atlas.labels import LabelSet
from precompute.errors import UserError

# Part of their length that logits may differ by from what their own last layer makes of the features: they
# were computed in another order, on a GPU perhaps with fewer digits.
_SAME = 1e-2


@dataclass(frozen=True)
class Classifier:
    """A network with its categories and its way of looking at an image.

    Parameters
    ----------
    name, architecture : timm's `arch.tag` and `arch`; for other networks a free name and "onnx"
    weights : where they came from
    weights_sha256 : of their file, or of all tensors where timm downloaded them
    labels : categories in the order of the logits
    n_features : width d of the layer before the logits
    input_config : input_size (C, H, W), crop_pct, crop_mode, interpolation, mean and std
    transform : RGB image -> tensor (C, H, W): bytes, which `enter` makes a network's numbers of, or such
        numbers
    forward : tensor (B, C, H, W) -> logits (B, n), float32, on the CPU
    device : where `forward` runs
    with_features : the same, and the features (B, d) that the last layer makes logits of, float32; None
        where they cannot be seen
    head : the last layer, where it is linear and can be seen
    warning : what the user should know about it, if anything
    """

    name: str
    architecture: str
    weights: str
    weights_sha256: str
    labels: LabelSet
    n_features: int | None
    n_parameters: int | None
    input_config: dict
    transform: Callable[[Image], torch.Tensor]
    forward: Callable[[torch.Tensor], np.ndarray]
    device: torch.device
    with_features: Callable[[torch.Tensor], tuple[np.ndarray, np.ndarray]] | None = None
    head: Head | None = None
    warning: str | None = None

    def __call__(self, images: torch.Tensor) -> np.ndarray:
        """Logits (B, n) float32 of transformed images (B, C, H, W).

        Raises `UserError` where the batch does not fit into the accelerator's memory.
        """
        with self._memory(images):
            return self.forward(self.enter(images))

    def look(self, images: torch.Tensor) -> tuple[np.ndarray, np.ndarray | None]:
        """The same, and their features (B, d) float32, or None where they cannot be seen."""
        if self.with_features is None:
            return self(images), None
        with self._memory(images):
            return self.with_features(self.enter(images))

    def enter(self, images: torch.Tensor) -> torch.Tensor:
        """Transformed images (B, C, H, W) as numbers on the network's device: bytes are divided by 255,
        less `mean`, over `std`, as torchvision does it.

        Here rather than in the workers, from which bytes come in a quarter of the time.
        """
        images = images.to(self.device, non_blocking=True)
        if images.dtype != torch.uint8:
            return images
        mean, std = (
            torch.tensor(self.input_config[key], device=self.device)[:, None, None]
            for key in ("mean", "std")
        )
        return images.to(torch.float32).div_(255).sub_(mean).div_(std)

    @contextmanager
    def _memory(self, images: torch.Tensor) -> Iterator[None]:
        try:
            yield
        except torch.OutOfMemoryError as error:
            raise UserError(
                f"{len(images)} images at a time are too many for the memory of {self.device}. "
                "Give a smaller --batch-size."
            ) from error


def proven_head(classifier: Classifier) -> Head | None:
    """The last layer of a classifier, tried on two images of noise: None where it has none, or where the
    logits are not what it makes of the features, as something follows it."""
    head, size = classifier.head, classifier.input_config["input_size"]
    if head is None or classifier.with_features is None:
        return None
    noise = torch.randn(2, *size, generator=torch.Generator().manual_seed(0))
    logits, features = classifier.look(noise)
    if features is None or features.shape != (2, head.n_features):
        return None
    off = np.linalg.norm(head.logits(features) - logits)
    return head if off <= _SAME * np.linalg.norm(logits) else None


def pick_device(device: str) -> torch.device:
    """The device of that name; "auto" is a CUDA GPU if there is one, else the CPU.

    Raises `UserError` for a device that this machine lacks.
    """
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        picked = torch.device(device)
        torch.empty(0, device=picked)
    # torch answers with another exception for each kind of device that it lacks.
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise UserError(
            f"Device '{device}' is not usable here ({reason}). Use --device cpu, cuda or auto."
        ) from error
    return picked


def named(labels: LabelSet, n: int, model: str) -> LabelSet:
    """The label set if it names all `n` categories. Raises `UserError` otherwise."""
    if len(labels) != n:
        raise UserError(
            f"Model '{model}' has {n} categories, but {len(labels)} names were given. "
            "Give one name per category, in the order of the logits."
        )
    return labels
