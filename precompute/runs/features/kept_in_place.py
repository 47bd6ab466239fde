"""First stage of a model with a linear last layer: its features and that layer in place of logits.

With very many categories features are far fewer numbers than logits, which are made of them when they are
asked for, and second moments of them are small (`equations/many/factors.py`).
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
import pyarrow as pa

from precompute.atlas import schema
from precompute.atlas.files import file_digest
from precompute.atlas.head import Head
from precompute.atlas.labels import match
from precompute.atlas.parts import Columns
from precompute.atlas.progress import Report
from precompute.atlas.store import HEAD_DIGEST, Atlas
from precompute.equations.folds import many
from precompute.errors import UserError
from precompute.runs.kept import Looks, keep, rounded
from precompute.runs.logits import tell_unlabelled
from precompute.sources.protocol import FeatureSource, LogitSource, OnBad
from precompute.team.current import current

TABLES = [schema.LOGITS, schema.FEATURES, schema.HEAD]
# Part of their length by which rounding of features may move an image's logits. Features of a network move
# them by a thousandth; those too small for float16 by anything.
MOST_MOVED = 1e-2


def head_to_keep(source: LogitSource, asked: bool | None, report: Report) -> Head | None:
    """The head of a source whose features are to be kept; None where its logits are.

    `asked` is what the user wants; by itself features are kept of very many categories, where they are
    fewer. Raises UserError where they are asked for and there is no linear head.
    """
    n, name = len(source.info.labels), source.info.name
    if asked is False or (asked is None and not many(n)):
        return None
    head = source.head() if isinstance(source, FeatureSource) else None
    if head is None and asked:
        raise UserError(
            f"'{name}' shows no linear last layer, of which logits could be made: leave --keep-features "
            "away, and it keeps logits."
        )
    if head is None:
        report.say(f"{name}: no linear head was found: keeps {n} logits an image")
    elif asked is None and head.n_features + 1 >= n:
        return None
    else:
        report.say(f"{name}: keeps {head.n_features} features an image in place of {n} logits")
    return head


def store_features(
    atlas: Atlas,
    source: FeatureSource,
    head: Head,
    made_from: dict,
    report: Report,
    before: Callable[[], None] = lambda: None,
) -> None:
    """Make features.parquet part by part, head.parquet, and logits.parquet without logits, which comes last
    and says that the others are there; `before` is called before the first of them is replaced."""
    labels = match(source.images["class_name"].tolist(), source.info.labels)
    ids, name = source.images["image_id"].to_numpy(), source.info.name
    folder = atlas.model_folder(name)
    columns = {"image_id": pa.string(), "features": pa.list_(pa.float16(), head.n_features)}

    def looks(rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, Columns]]:
        for seen, features in source.features(rows, on_bad):
            kept = rounded(features, ids[seen], name, "feature")
            _refuse_moved(head, features, kept, name)
            yield seen, {"image_id": ids[seen], "features": kept}

    if atlas.stale(schema.FEATURES, made_from, folder):
        target = atlas.file(schema.FEATURES, folder)
        keep(target, columns, made_from, Looks("features", len(ids), looks), report, before)
    if not current().leads:
        return
    before()
    layer = {"category": np.arange(len(head)), "weights": list(head.weights), "bias": head.bias}
    atlas.write(schema.HEAD, pd.DataFrame(layer), made_from, folder)
    rows = atlas.read(schema.FEATURES, folder=folder, columns=["image_id"])
    rows["label"] = pd.Series(labels, ids)[rows["image_id"]].to_numpy()
    told = {
        HEAD_DIGEST: file_digest(atlas.file(schema.HEAD, folder)),
        "features": file_digest(atlas.file(schema.FEATURES, folder)),
    }
    atlas.write(schema.LOGITS, rows.assign(logits=None), made_from, folder, told)
    tell_unlabelled(labels, report)


def _refuse_moved(head: Head, exact: np.ndarray, kept: np.ndarray, model: str) -> None:
    """Raises UserError where rounded features make other logits."""
    logits = head.logits(exact)
    moved = np.linalg.norm(head.logits(kept) - logits, axis=1)
    share = moved / np.maximum(np.linalg.norm(logits, axis=1), np.finfo(float).tiny)
    if share.max() > MOST_MOVED:
        raise UserError(
            f"Features of '{model}' cannot be kept as float16: rounding them moves an image's logits by "
            f"{share.max():.1%}. Give --no-features, and logits are kept."
        )
