"""First stage: run every image through the model and keep the logits, rounded to float16.

Everything that follows derives from these stored numbers, so the atlas can be checked from itself.
Images are done in parts of a few thousand; a run that was killed goes on at the first missing part.
"""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from precompute import schema
from precompute.errors import UserError
from precompute.labels import match
from precompute.progress import Report
from precompute.sources import LogitSource
from precompute.store import Atlas, read_metadata, replacing, stamp

PART = 4096
MOST_BAD = 0.10


def add_images(atlas: Atlas, images: pd.DataFrame, model: str) -> None:
    """Merge a model's images into images.parquet, sorted by id.

    Raises UserError if an image would be fitted on by one model and held out by another.
    """
    if images["image_id"].duplicated().any():
        twice = images["image_id"][images["image_id"].duplicated()].iloc[0]
        raise UserError(f"Image {twice} is there twice. Give every image a name of its own.")
    merged = images
    if atlas.file(schema.IMAGES).exists():
        before = atlas.read(schema.IMAGES)
        others = before[before["image_id"].isin(_images_of_others(atlas, model))]
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
    merged = merged.sort_values("image_id", ignore_index=True)
    if not atlas.file(schema.IMAGES).exists() or not merged.equals(before):
        atlas.write(schema.IMAGES, merged, {"stage": "images"})


def sides_of_others(atlas: Atlas, model: str) -> dict[str, str]:
    """The split of every image that another model of the atlas has seen."""
    if not atlas.file(schema.IMAGES).exists():
        return {}
    images, others = atlas.read(schema.IMAGES), _images_of_others(atlas, model)
    known = images[images["image_id"].isin(others)]
    return dict(zip(known["image_id"], known["split"], strict=True))


def _images_of_others(atlas: Atlas, model: str) -> set[str]:
    used: set[str] = set()
    for file in atlas.root.glob(f"models/*/{schema.LOGITS.file}"):
        if file != atlas.file(schema.LOGITS, atlas.model_folder(model)):
            used.update(pq.read_table(file, columns=["image_id"])["image_id"].to_pylist())
    return used


def store_logits(atlas: Atlas, source: LogitSource, made_from: dict, report: Report) -> None:
    """Compute logits.parquet part by part, then join the parts."""
    folder = atlas.model_folder(source.info.name)
    target = atlas.file(schema.LOGITS, folder)
    parts = target.with_suffix(".parts")
    labels = match(source.images["class_name"].tolist(), source.info.labels)
    total, bad = len(source.images), []
    for start in range(0, total, PART):
        rows = range(start, min(start + PART, total))
        file = parts / f"{start:012d}.parquet"
        if not _is_part(file, made_from):
            _write_part(file, source, rows, labels, made_from, report)
        bad += json.loads(read_metadata(file)["bad"])
        if len(bad) > MOST_BAD * rows.stop:
            raise UserError(
                f"{len(bad)} of the first {rows.stop} images cannot be read, more than "
                f"{MOST_BAD:.0%}. The first: {bad[0]}. Check the image set."
            )
        report.progress("logits", rows.stop, total)
    files = sorted(parts.glob("*.parquet"))
    with replacing(target) as temporary:
        with pq.ParquetWriter(
            temporary, pq.read_schema(files[0]).with_metadata(stamp(made_from)), **_FORMAT
        ) as writer:
            for file in files:
                for group in pq.ParquetFile(file).iter_batches(1024):
                    writer.write_table(pa.Table.from_batches([group]))
    shutil.rmtree(parts)
    _tell(report, bad, labels)


_FORMAT = {"compression": "zstd", "use_dictionary": ["image_id"]}


def _is_part(file: Path, made_from: dict) -> bool:
    return file.exists() and read_metadata(file).get("made_from") == stamp(made_from)["made_from"]


def _write_part(file, source: LogitSource, rows: range, labels, made_from, report: Report) -> None:
    ids, kept, logits, bad = source.images["image_id"].to_numpy(), [], [], []
    for batch_rows, batch in source.batches(rows, lambda image, why: bad.append(f"{image}: {why}")):
        kept.append(batch_rows)
        logits.append(_rounded(batch, ids[batch_rows], source.info.name))
        report.progress("logits", int(batch_rows[-1]) + 1, len(ids))
    n = len(source.info.labels)
    kept = np.concatenate(kept) if kept else np.array([], dtype=int)
    values = np.concatenate(logits).ravel() if logits else np.array([], dtype=np.float16)
    table = pa.table(
        {
            "image_id": pa.array(ids[kept].tolist(), pa.string()),
            "label": pa.array(labels[kept], pa.int32()),
            "logits": pa.FixedSizeListArray.from_arrays(pa.array(values, pa.float16()), n),
        }
    )
    with replacing(file) as temporary:
        pq.write_table(
            table.replace_schema_metadata(stamp(made_from) | {"bad": json.dumps(bad)}),
            temporary,
            **_FORMAT,
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


def _tell(report: Report, bad: list[str], labels: np.ndarray) -> None:
    for line in bad[:10]:
        report.say(f"skipped {line}")
    if len(bad) > 10:
        report.say(f"... and {len(bad) - 10} more unreadable images")
    if (labels < 0).any():
        report.say(
            f"{int((labels < 0).sum())} of {len(labels)} images have no label among the model's "
            "categories and count as unlabelled"
        )
