"""First stage: run every image through the model and keep the logits, rounded to float16.

Everything that follows derives from these stored numbers, so the atlas can be checked from itself.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from precompute.atlas import schema
from precompute.atlas.labels import match
from precompute.atlas.logit_parts import Parts
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas, digest, replacing
from precompute.errors import UserError
from precompute.sources.protocol import LogitSource

MOST_BAD = 0.10


def merged_images(atlas: Atlas, images: pd.DataFrame, model: str) -> pd.DataFrame:
    """images.parquet with a model's images in it, sorted by id.

    Raises UserError if an image would be fitted on by one model and held out by another.
    """
    if images["image_id"].duplicated().any():
        twice = images["image_id"][images["image_id"].duplicated()].iloc[0]
        raise UserError(f"Image {twice} is there twice. Give every image a name of its own.")
    others = _of_others(atlas, model)
    both = others.merge(images, on="image_id", suffixes=("_before", ""))
    clash = both[both["split_before"] != both["split"]]
    if len(clash):
        row = clash.iloc[0]
        raise UserError(
            f"Image {row['image_id']} is {row['split_before']} for another model of {atlas.root}, "
            f"but {row['split']} here ({len(clash)} such images). Use the same --holdout and --seed, "
            "or another folder with --atlas."
        )
    merged = pd.concat([others[~others["image_id"].isin(images["image_id"])], images])
    return merged.sort_values("image_id", ignore_index=True)


def sides_of_others(atlas: Atlas, model: str) -> dict[str, str]:
    """The split of every image that another model of the atlas has seen."""
    known = _of_others(atlas, model)
    return dict(zip(known["image_id"], known["split"], strict=True))


def _of_others(atlas: Atlas, model: str) -> pd.DataFrame:
    """The rows of images.parquet that other models have seen."""
    if not atlas.file(schema.IMAGES).exists():
        return pd.DataFrame(columns=schema.IMAGES.columns)
    used: set[str] = set()
    for file in atlas.root.glob(f"models/*/{schema.LOGITS.file}"):
        if file != atlas.file(schema.LOGITS, atlas.model_folder(model)):
            used.update(pq.read_table(file, columns=["image_id"])["image_id"].to_pylist())
    images = atlas.read(schema.IMAGES)
    return images[images["image_id"].isin(used)]


def logits_made_from(source: LogitSource) -> dict:
    """All that decides what logits.parquet of a source holds."""
    images = source.images[["image_id", "class_name"]].fillna("")
    return source.fingerprint | {
        "labels": source.info.labels.name,
        "images": digest(*images.to_numpy().ravel()),
    }


def store_logits(
    atlas: Atlas,
    source: LogitSource,
    made_from: dict,
    report: Report,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Compute logits.parquet part by part, then join the parts; `before` is called when nothing can
    go wrong any more and the old file is about to be replaced."""
    target = atlas.file(schema.LOGITS, atlas.model_folder(source.info.name))
    parts = Parts(target.with_suffix(".parts"), made_from, len(source.info.labels))
    labels = match(source.images["class_name"].tolist(), source.info.labels)
    _compute(parts, source, labels, report)
    before()
    with replacing(target) as temporary:
        parts.join(temporary)
    parts.clear()
    _tell(report, parts.bad, labels)


def _compute(parts: Parts, source: LogitSource, labels: np.ndarray, report: Report) -> None:
    """Run the images that no part holds yet; in between, whatever is finished becomes a part."""
    ids, total = source.images["image_id"].to_numpy(), len(source.images)
    report.progress("logits", parts.stop, total)
    rest = range(parts.stop, total)
    for rows, logits in source.batches(rest, parts.skip) if rest else ():
        parts.add(ids[rows], labels[rows], _rounded(logits, ids[rows], source.info.name))
        _few_enough(parts.bad, total)
        if parts.is_full:
            parts.write(int(rows[-1]) + 1)
        report.progress("logits", int(rows[-1]) + 1, total)
    _few_enough(parts.bad, total)
    parts.write(total)
    report.progress("logits", total, total)


def _few_enough(bad: dict[str, str], total: int) -> None:
    if len(bad) > MOST_BAD * total:
        image, reason = next(iter(bad.items()))
        raise UserError(
            f"{len(bad)} of {total} images cannot be read, more than {MOST_BAD:.0%}. "
            f"The first: {image}: {reason}. Check the image set."
        )


def _rounded(logits: np.ndarray, ids: np.ndarray, model: str) -> np.ndarray:
    with np.errstate(over="ignore"):
        rounded = logits.astype(np.float16)
    if not np.isfinite(rounded).all():
        row = np.flatnonzero(~np.isfinite(rounded).all(axis=1))[0]
        value = logits[row][~np.isfinite(rounded[row])][0]
        raise UserError(
            f"Model '{model}' gives the logit {value} for image {ids[row]}; logits must be finite and "
            "below 65504 (float16). Check the weights and the input configuration."
        )
    return rounded


def _tell(report: Report, bad: dict[str, str], labels: np.ndarray) -> None:
    for image, reason in list(bad.items())[:10]:
        report.say(f"skipped {image}: {reason}")
    if len(bad) > 10:
        report.say(f"... and {len(bad) - 10} more unreadable images")
    if (labels < 0).any():
        report.say(
            f"{int((labels < 0).sum())} of {len(labels)} images have no label among the model's "
            "categories and count as unlabelled"
        )
