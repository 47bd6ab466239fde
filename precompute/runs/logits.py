"""First stage: run every image through the model and keep the logits, rounded to float16.

Everything that follows derives from these stored numbers, so the atlas can be checked from itself.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from precompute.atlas import schema
from precompute.atlas.files import digest
from precompute.atlas.head import Head
from precompute.atlas.labels import match
from precompute.atlas.parts import Columns
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.runs.kept import Looks, keep, rounded
from precompute.sources.protocol import FeatureSource, LogitSource, OnBad


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


def logits_made_from(source: LogitSource, head: Head | None = None) -> dict:
    """All that decides what logits.parquet of a source holds; `head` where features are kept in place of
    logits."""
    images = source.images[["image_id", "class_name"]].fillna("")
    made_from = source.fingerprint | {
        "labels": source.info.labels.name,
        "images": digest(*images.to_numpy().ravel()),
    }
    if head is None:
        return made_from
    # Logits made of them are not those that a network gives, rounded.
    kept = f"{head.n_features} features an image, rounded to float16"
    return made_from | {"kept": kept, "head": head.digest}


def has_logits(atlas: Atlas, source: LogitSource) -> bool:
    """The atlas has what this source would give, by logits or by features."""
    heads = [None, source.head() if isinstance(source, FeatureSource) else None]
    folder = atlas.model_folder(source.info.name)
    fresh = (
        atlas.stale(schema.LOGITS, {"stage": "logits"} | logits_made_from(source, head), folder)
        is None
        for head in heads
    )
    return any(fresh)


def store_logits(
    atlas: Atlas,
    source: LogitSource,
    made_from: dict,
    report: Report,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Compute logits.parquet part by part, then join the parts; `before` is called when nothing can
    go wrong any more and the old file is about to be replaced."""
    labels = match(source.images["class_name"].tolist(), source.info.labels)
    ids, name = source.images["image_id"].to_numpy(), source.info.name
    columns = {
        "image_id": pa.string(),
        "label": pa.int32(),
        "logits": pa.list_(pa.float16(), len(source.info.labels)),
    }

    def looks(rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, Columns]]:
        for seen, logits in source.batches(rows, on_bad):
            kept = rounded(logits, ids[seen], name)
            yield seen, {"image_id": ids[seen], "label": labels[seen], "logits": kept}

    def replace() -> None:
        before()
        if atlas.file(
            schema.HEAD, folder
        ).exists():  # features were kept before, in place of logits
            atlas.remove(schema.HEAD, folder)
            atlas.remove(schema.FEATURES, folder)

    folder = atlas.model_folder(name)
    target = atlas.file(schema.LOGITS, folder)
    keep(target, columns, made_from, Looks("logits", len(ids), looks), report, replace)
    tell_unlabelled(labels, report)


def tell_unlabelled(labels: np.ndarray, report: Report) -> None:
    """Say how many images have no label (-1), if any."""
    if (labels < 0).any():
        report.say(
            f"{int((labels < 0).sum())} of {len(labels)} images have no label among the model's "
            "categories and count as unlabelled"
        )
