"""Batches of stored logits: of one model, or of two models of an atlas joined by image."""

from collections.abc import Iterator

import numpy as np

from precompute.errors import UserError
from precompute.fitting import Batch
from precompute.schema import LOGITS, SPLITS
from precompute.store import Atlas, digest, file_digest

_ROWS = 1024


def own_batches(atlas: Atlas, model: str, split: str) -> Iterator[Batch]:
    """Logits of one model on one split, as targets and as sources; streamed."""
    for _, labels, logits in atlas.iter_logits(model, split, _ROWS):
        yield Batch(logits, logits, labels)


def joined_batches(
    atlas: Atlas, target_model: str, source_model: str, split: str
) -> Iterator[Batch]:
    """Logits of the images of one split that both models have, in the target model's order.

    `labels` are the target model's categories. The source model's logits are held in memory (float16).
    """
    ids, _, logits = atlas.logits(source_model, split)
    row_of = {image: row for row, image in enumerate(ids)}
    for target_ids, labels, targets in atlas.iter_logits(target_model, split, _ROWS):
        rows = np.array([row_of.get(image, -1) for image in target_ids])
        both = rows >= 0
        if both.any():
            yield Batch(targets[both], logits[rows[both]].astype(np.float32), labels[both])


def shared_images(atlas: Atlas, target_model: str, source_model: str) -> dict[str, int]:
    """How many images both have, by split, and how many only one has (`only_target`, `only_source`).

    Raises UserError if no image is shared.
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
        raise UserError(
            f"{target_model} and {source_model} share {counts['fit']} fit images and "
            f"{counts['holdout']} held-out images. Run both on the same images (same --images, "
            "--holdout and --seed; with --logits give --image-ids)."
        )
    return counts


def logits_digest(atlas: Atlas, model: str) -> list[str]:
    """What a computation on a model's logits was made from: the file, and the sides of its images."""
    sides = [digest(*atlas.image_ids(model, split)) for split in SPLITS]
    return [file_digest(atlas.file(LOGITS, atlas.model_folder(model))), *sides]
