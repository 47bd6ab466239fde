"""Photographs -> logits, as a stream: read and decode in workers, run in batches, keep the order.

The last digit of what a network makes of an image depends on how many others stand beside it. So images
always come in the same batches, whichever of them are asked for: a run that goes on, and several that share
the images, see what one run does.
"""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from joblib import cpu_count
from torch.utils.data import DataLoader, Dataset

from precompute.errors import UserError
from precompute.inference.classifiers import Classifier
from precompute.inference.images import ImageSet
from precompute.sources.decode import BadImage, decode
from precompute.sources.protocol import OnBad


def stream_logits(
    classifier: Classifier,
    images: ImageSet,
    indices: range,
    *,
    batch_size: int = 64,
    workers: int | None = None,
    on_bad: OnBad | None = None,
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(indices (B,), logits (B, n) float32) of the images at `indices`, in that order.

    Images that cannot be read or decoded are left out and told to `on_bad(image_id, reason)`. Where
    `indices` begin or end within a batch (of `batch_size` images, counted from the first of all), the rest
    of that batch is looked at, too.

    Parameters
    ----------
    workers : processes that decode while the network runs; by default up to 16 for a GPU, and for a CPU,
        whose cores the network needs, one in four up to 4, but one at least

    Raises `UserError` if a logit is not finite, naming the model and the first image.
    """
    for kept, pixels, asked in _batches(classifier, images, indices, batch_size, workers, on_bad):
        logits = classifier(pixels)[asked]
        yield kept, _finite(logits, classifier, images, kept)


def stream_looks(
    classifier: Classifier,
    images: ImageSet,
    indices: range,
    *,
    batch_size: int = 64,
    workers: int | None = None,
    on_bad: OnBad | None = None,
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
    """As `stream_logits`, and the features (B, d) float32, or None where the network does not show them."""
    for kept, pixels, asked in _batches(classifier, images, indices, batch_size, workers, on_bad):
        logits, features = classifier.look(pixels)
        logits = _finite(logits[asked], classifier, images, kept)
        yield kept, logits, None if features is None else features[asked]


def _batches(
    classifier: Classifier,
    images: ImageSet,
    indices: range,
    batch_size: int,
    workers: int | None,
    on_bad: OnBad | None,
) -> Iterator[tuple[np.ndarray, torch.Tensor, np.ndarray]]:
    """Indices (B,) of images that can be read; pixels (A, C, H, W) of them and of others in their batch;
    and which of these they are (A,) bool."""
    if workers is None:
        cores = cpu_count()
        workers = min(cores // 4, 4) if classifier.device.type == "cpu" else min(cores, 16)
        # At least one, so that images are decoded while the network is busy; none for a single batch.
        workers = max(workers, int(cores > 1)) if len(indices) > batch_size else 0
    loader = DataLoader(
        Pixels(images, whole_batches(indices, batch_size, len(images)), classifier.transform),
        batch_size=batch_size,
        num_workers=workers,
        collate_fn=_collate,
        pin_memory=classifier.device.type == "cuda",
    )
    for kept, pixels, bad in loader:
        for index, reason in bad:
            if on_bad is not None and index in indices:
                on_bad(images.ids[index], reason)
        asked = np.array([index in indices for index in kept], dtype=bool)
        if asked.any():
            yield np.array(kept)[asked], pixels, asked


def whole_batches(indices: range, batch_size: int, n_images: int) -> range:
    """All batches of `n_images` images that some of these are in."""
    start, stop = indices.start // batch_size, -(-indices.stop // batch_size)
    return range(start * batch_size, min(stop * batch_size, n_images)) if indices else indices


class Pixels(Dataset):
    """(index, pixels or None, reason or None) of one image after the other."""

    def __init__(self, images: ImageSet, indices: range, transform: Callable):
        self.images, self.indices, self.transform = images, indices, transform

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, row: int) -> tuple[int, torch.Tensor | None, str | None]:
        index = int(self.indices[row])
        try:
            return index, self.transform(decode(self.images.read(index))), None
        except (BadImage, OSError) as error:
            return index, None, str(error)


def _collate(samples: list[tuple]) -> tuple[list[int], torch.Tensor | None, list[tuple[int, str]]]:
    good = [(index, pixels) for index, pixels, _ in samples if pixels is not None]
    bad = [(index, reason) for index, pixels, reason in samples if pixels is None]
    stacked = torch.stack([pixels for _, pixels in good]) if good else None
    return [index for index, _ in good], stacked, bad


def _finite(
    logits: np.ndarray, classifier: Classifier, images: ImageSet, kept: np.ndarray
) -> np.ndarray:
    good = np.isfinite(logits).all(axis=1)
    if not good.all():
        row = int(np.argmin(good))
        value = logits[row][~np.isfinite(logits[row])][0]
        raise UserError(
            f"Model '{classifier.name}' gives the logit {value} for image '{images.ids[kept[row]]}'. Check "
            "its weights and how images enter it."
        )
    return logits
