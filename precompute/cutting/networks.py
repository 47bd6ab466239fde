"""What can be fine-tuned: the last layer over features that were kept, or a whole network over its images.

Both look at *parts*: "fit", "holdout", or the name of a set of foreign images.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch.utils.data import DataLoader

from precompute.cutting.fine_tuning import Trainable
from precompute.errors import UserError
from precompute.inference.classifiers import Classifier
from precompute.inference.images import ImageSet
from precompute.inference.stream import Pixels, stream_looks
from precompute.inference.timm_models import TimmNetwork, the_head

FIT, HOLDOUT = "fit", "holdout"


class Look(NamedTuple):
    """What a network makes of a part: logits (N, n) float16, as an atlas keeps them, and the features
    (N, d) that the last layer makes them of, float32."""

    logits: np.ndarray
    features: np.ndarray


class Network(Protocol):
    """A network that can be fine-tuned, and put back to where it began."""

    trainable: Trainable

    def reset(self) -> None:
        """Be the network as it was before any fine-tuning."""
        ...

    def look(self, part: str) -> Look:
        """At a part, with the weights of now."""
        ...

    def head(self) -> np.ndarray:
        """Weights (n, d) of the last layer of now."""
        ...

    def changed(self) -> dict[str, torch.Tensor]:
        """Tensors that differ from those of before, by their name in the timm model."""
        ...


class HeadNetwork:
    """The last layer of a timm classifier, over the `features` (N, d) of every part."""

    def __init__(self, classifier: Classifier, features: dict[str, np.ndarray]):
        self._name, layer = the_head(_model(classifier))
        self._features = {
            part: torch.tensor(rows, dtype=torch.float32) for part, rows in features.items()
        }
        self._before = {
            key: value.detach().cpu().float().clone() for key, value in layer.state_dict().items()
        }
        n, d = self._before["weight"].shape
        self._layer = torch.nn.Linear(d, n, bias="bias" in self._before).to(classifier.device)
        self.reset()
        self.trainable = Trainable(self._layer, self._inputs, classifier.device)

    def reset(self) -> None:
        """See Network."""
        self._layer.load_state_dict(self._before)

    @torch.inference_mode()
    def look(self, part: str) -> Look:
        """See Network."""
        features = self._features[part]
        device = next(self._layer.parameters()).device
        logits = [self._layer(rows.to(device)).cpu().numpy() for rows in features.split(1024)]
        return Look(np.concatenate(logits).astype(np.float16), features.numpy())

    def head(self) -> np.ndarray:
        """See Network."""
        return self._layer.weight.detach().cpu().numpy()

    def changed(self) -> dict[str, torch.Tensor]:
        """See Network."""
        return {f"{self._name}.{key}": value for key, value in self._layer.state_dict().items()}

    def _inputs(self, batches: Sequence[np.ndarray]) -> Iterator[torch.Tensor]:
        for rows in batches:
            yield self._features[FIT][torch.as_tensor(rows)]


class WholeNetwork:
    """All weights of a timm classifier, over the images of every part."""

    def __init__(
        self,
        classifier: Classifier,
        images: dict[str, ImageSet],
        *,
        batch_size: int = 64,
        workers: int | None = None,
    ):
        self._classifier, self._images = classifier, images
        self._batch_size, self._workers = batch_size, workers
        self._model = _model(classifier)
        self._before = {key: value.clone() for key, value in self._model.state_dict().items()}
        mixed = classifier.device.type == "cuda"
        self.trainable = Trainable(self._model, self._inputs, classifier.device, mixed)

    def reset(self) -> None:
        """See Network."""
        self._model.load_state_dict(self._before)

    def look(self, part: str) -> Look:
        """See Network. Raises `UserError` for an image that cannot be read any more."""
        images = self._images[part]

        def on_bad(image_id: str, reason: str) -> None:
            raise UserError(f"Image {image_id} could be read before, now not: {reason}.")

        logits, features = [], []
        for _, some, seen in stream_looks(
            self._classifier, images, range(len(images)),
            batch_size=self._batch_size, workers=self._workers, on_bad=on_bad,
        ):  # fmt: skip
            assert seen is not None, "a linear last layer shows its features"
            logits.append(some.astype(np.float16))
            features.append(seen)
        return Look(np.concatenate(logits), np.concatenate(features))

    def head(self) -> np.ndarray:
        """See Network."""
        _, layer = the_head(self._model)
        return layer.state_dict()["weight"].float().cpu().numpy()

    def changed(self) -> dict[str, torch.Tensor]:
        """See Network."""
        state = self._model.state_dict()
        return {
            key: value for key, value in state.items() if not torch.equal(value, self._before[key])
        }

    def _inputs(self, batches: Sequence[np.ndarray]) -> Iterator[torch.Tensor]:
        """Pixels of the rows of every batch."""
        images = self._images[FIT]
        pixels = Pixels(images, range(len(images)), self._classifier.transform)
        loader = DataLoader(
            pixels, batch_sampler=[rows.tolist() for rows in batches], num_workers=self._workers or 0,
            collate_fn=_all_readable, pin_memory=self._classifier.device.type == "cuda",
        )  # fmt: skip
        for batch in loader:
            yield self._classifier.enter(batch).contiguous(memory_format=torch.channels_last)


def _all_readable(samples: list[tuple]) -> torch.Tensor:
    for index, pixels, reason in samples:
        if pixels is None:
            raise UserError(f"Image number {index} could be read before, now not: {reason}.")
    return torch.stack([pixels for _, pixels, _ in samples])


def _model(classifier: Classifier) -> torch.nn.Module:
    """A timm classifier's network. Raises `UserError` for others, and for one whose last layer is
    no linear one."""
    if not isinstance(classifier.forward, TimmNetwork) or classifier.head is None:
        raise UserError(
            f"{classifier.name} cannot be fine-tuned: that needs a timm network whose last layer is linear."
        )
    return classifier.forward.model
