"""Batches of logits as equations need them: of one model, or of two models joined by image."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from precompute.atlas.files import digest, file_digest
from precompute.atlas.head import Head
from precompute.atlas.matching import joined_rows
from precompute.atlas.schema import LOGITS, SPLITS
from precompute.atlas.store import Atlas
from precompute.equations.many.plain_file import PlainFile
from precompute.errors import NothingShared
from precompute.team.current import current

_ROWS = 1024
_MEMORY = 2**29  # bytes of a file of logits that are kept


@dataclass(frozen=True)
class Batch:
    """Logits of some images: targets (B, n_targets), sources (B, n_sources) and the true category of
    the target model, -1 where unknown. Within one network targets and sources are the same array.

    `weighs` (B, 2) is there where images weigh more in the equation of their own category: that category
    (-1: none) and the number of the image in its split.
    """

    targets: np.ndarray
    sources: np.ndarray
    labels: np.ndarray
    weighs: np.ndarray | None = None

    @property
    def within(self) -> bool:
        return self.targets is self.sources

    def take(self, rows: np.ndarray | slice) -> "Batch":
        """Some of its images, by mask, number or range."""
        targets = self.targets[rows]
        sources = targets if self.within else self.sources[rows]
        weighs = None if self.weighs is None else self.weighs[rows]
        return Batch(targets, sources, self.labels[rows], weighs)

    def and_then(self, others: Sequence["Batch"]) -> "Batch":
        """Its images and those of others, as one batch."""
        every = [self, *others]
        targets = np.concatenate([batch.targets for batch in every])
        sources = targets if self.within else np.concatenate([batch.sources for batch in every])
        labels = np.concatenate([batch.labels for batch in every])
        weighs = [batch.weighs for batch in every if batch.weighs is not None]
        return Batch(targets, sources, labels, np.concatenate(weighs) if weighs else None)


class FeatureBatch(Batch):
    """Images of one network by their features (B, d) and its head: their logits (B, n) float64 are made
    when somebody asks for them."""

    within = True

    def __init__(self, features: np.ndarray, head: Head, labels: np.ndarray):
        vars(self).update(features=features, head=head, labels=labels, weighs=None)

    features: np.ndarray
    head: Head

    @cached_property
    def targets(self) -> np.ndarray:
        return self.head.logits(self.features)

    @property
    def sources(self) -> np.ndarray:
        return self.targets

    def take(self, rows: np.ndarray | slice) -> "FeatureBatch":
        """See `Batch`."""
        return FeatureBatch(self.features[rows], self.head, self.labels[rows])

    def and_then(self, others: Sequence[Batch]) -> "FeatureBatch":
        """See `Batch`."""
        every = [self, *(batch for batch in others if isinstance(batch, FeatureBatch))]
        features = np.concatenate([batch.features for batch in every])
        return FeatureBatch(features, self.head, np.concatenate([batch.labels for batch in every]))


def chosen(batches: Iterable[Batch], mask: np.ndarray) -> Iterator[Batch]:
    """The images of a mask (n_images,), which is in the order of the batches; few of many batches come
    together, as a product of few images takes as long as one of many."""
    start, waiting, n_waiting = 0, [], 0
    for batch in batches:
        rows = mask[start : start + len(batch.labels)]
        start += len(batch.labels)
        if rows.any():
            waiting.append(batch.take(rows))
            n_waiting += int(rows.sum())
        if n_waiting >= _ROWS:
            yield waiting[0].and_then(waiting[1:])
            waiting, n_waiting = [], 0
    if waiting:
        yield waiting[0].and_then(waiting[1:])


def shared(batches: Iterable[Batch], n_images: int) -> Iterator[tuple[Batch, slice]]:
    """This process's share of `n_images` images, with the place of each batch among them all."""
    mine, start = current().share(n_images), 0
    for batch in batches:
        stop = start + len(batch.labels)
        rows = slice(max(start, mine.start), min(stop, mine.stop))
        if rows == slice(start, stop):
            yield batch, rows
        elif rows.start < rows.stop:
            yield batch.take(slice(rows.start - start, rows.stop - start)), rows
        start = stop


def own_batches(atlas: Atlas, model: str, split: str) -> Iterator[Batch]:
    """Logits of one model on one split, as targets and as sources; streamed."""
    head = atlas.head(model)
    if head is not None:
        for _, labels, features in atlas.iter_features(model, split, _ROWS):
            yield FeatureBatch(features, head, labels)
        return
    for _, labels, logits in atlas.iter_logits(model, split, _ROWS):
        yield Batch(logits, logits, labels)


class OwnLogits:
    """Logits of one model, as targets and as sources, that are asked for again and again: from the first
    call on in memory, as they are stored (float16), or, where they are too many, in a file of plain
    numbers (see `PlainFile`). What is made of features is made each time."""

    def __init__(self, atlas: Atlas, model: str):
        self._atlas, self._model = atlas, model
        self._kept: dict[str, tuple[np.ndarray, np.ndarray | PlainFile]] = {}
        self._made = atlas.head(model) is not None
        size = atlas.file(LOGITS, atlas.model_folder(model)).stat().st_size
        self._few = size < _MEMORY

    def batches(self, split: str) -> Iterator[Batch]:
        """The images of one split as batches of float32 logits."""
        if self._made:
            yield from own_batches(self._atlas, self._model, split)
            return
        if split not in self._kept:
            self._kept[split] = self._in_memory(split) if self._few else self._in_file(split)
        labels, logits = self._kept[split]
        for start in range(0, len(labels), _ROWS):
            rows = slice(start, min(start + _ROWS, len(labels)))
            part = logits[rows].astype(np.float32)
            yield Batch(part, part, labels[rows])

    def _in_memory(self, split: str) -> tuple[np.ndarray, np.ndarray]:
        return self._atlas.logits(self._model, split)[1:]

    def _in_file(self, split: str) -> tuple[np.ndarray, PlainFile]:
        labels, file = [], PlainFile(self._atlas.root)
        for _, known, logits in self._atlas.iter_logits(self._model, split, _ROWS):
            labels.append(known)
            file.append(logits)
        return np.concatenate([np.empty(0, np.int32), *labels]), file


class JoinedLogits:
    """Logits of the images that two models both have, in the target model's order.

    `batches(split)` may be called again and again: both models' logits stay in memory from the first call
    on, very many as they are stored (float16). Labels are the target model's categories.
    """

    def __init__(self, atlas: Atlas, target_model: str, source_model: str):
        self._atlas, self._models = atlas, (target_model, source_model)
        self._joined: dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

    def batches(self, split: str) -> Iterator[Batch]:
        """The images of one split as batches of float32 logits."""
        if split not in self._joined:
            self._joined[split] = self._read(split)
        targets, sources, labels = self._joined[split]
        for start in range(0, len(labels), _ROWS):
            rows = slice(start, start + _ROWS)
            yield Batch(
                targets[rows].astype(np.float32, copy=False),
                sources[rows].astype(np.float32, copy=False),
                labels[rows],
            )

    def _read(self, split: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        (ids, labels, targets), (source_ids, _, sources) = (
            self._atlas.logits(model, split) for model in self._models
        )
        rows, partners = joined_rows(ids, source_ids)
        targets, sources = targets[rows], sources[partners]
        if (
            4 * max(targets.size, sources.size) <= _MEMORY // 2
        ):  # converted once, not a hundred times
            targets, sources = targets.astype(np.float32), sources.astype(np.float32)
        return targets, sources, labels[rows]


def joined_batches(
    atlas: Atlas, target_model: str, source_model: str, split: str
) -> Iterator[Batch]:
    """One pass over the joined logits of two models; see JoinedLogits."""
    return JoinedLogits(atlas, target_model, source_model).batches(split)


def shared_images(atlas: Atlas, target_model: str, source_model: str) -> dict[str, int]:
    """How many images both have, by split, and how many only one has (`only_target`, `only_source`).

    Raises NothingShared if no fit image is shared, or no held-out one.
    """
    ids = {
        model: {split: set(atlas.image_ids(model, split)) for split in SPLITS}
        for model in (target_model, source_model)
    }
    a, b = ids[target_model], ids[source_model]
    counts = {split: len(a[split] & b[split]) for split in SPLITS}
    counts["only_target"] = sum(len(a[split] - b[split]) for split in SPLITS)
    counts["only_source"] = sum(len(b[split] - a[split]) for split in SPLITS)
    if not counts["fit"] or not counts["holdout"]:
        raise NothingShared(
            f"{target_model} and {source_model} share {counts['fit']} fit images and "
            f"{counts['holdout']} held-out images. Run both on the same images (same --images, "
            "--holdout and --seed; with --logits give --image-ids)."
        )
    return counts


def logits_digest(atlas: Atlas, model: str) -> list[str]:
    """What a computation on a model's logits was made from: the file, and the sides of its images."""
    sides = [digest(*atlas.image_ids(model, split)) for split in SPLITS]
    return [file_digest(atlas.file(LOGITS, atlas.model_folder(model))), *sides]
