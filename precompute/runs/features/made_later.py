"""Features of a network on the atlas's own images, for those who ask for them: the images go through the
network once more."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from precompute.atlas import schema
from precompute.atlas.files import file_digest
from precompute.atlas.parts import Columns
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas
from precompute.atlas.vectors import read_vectors
from precompute.errors import UserError
from precompute.runs.kept import Looks, keep, rounded
from precompute.sources.decode import DECODER
from precompute.sources.protocol import OnBad

if TYPE_CHECKING:
    from precompute.inference.classifiers import Classifier

OTHER = 0.2  # of the length of an image's logits: further off, it is another image than it was


def fresh_features(atlas: Atlas, model: str) -> np.ndarray | None:
    """Features (N, d) float16 in the order of the model's logits; None where they are missing, or not those
    of its logits."""
    folder = atlas.model_folder(model)
    if _stale(atlas, model):
        return None
    return read_vectors(atlas, schema.FEATURES, "features", folder)[1]


def features(
    atlas: Atlas,
    model: str,
    classifier: "Classifier",
    report: Report,
    *,
    images_dir: Path | None = None,
    batch_size: int = 64,
    workers: int | None = None,
) -> None:
    """Make features.parquet of a model if it is missing or stale.

    Parameters
    ----------
    classifier : the network itself, see `reopen`
    images_dir : where the user has the atlas's images, if they are not where they were

    Raises UserError where the network does not show features, where images are gone, and where one gives
    other logits than the atlas stores.
    """
    from precompute.inference.atlas_images import AtlasImages
    from precompute.inference.stream import stream_looks

    made_from, folder = _made_from(atlas, model), atlas.model_folder(model)
    reason = _stale(atlas, model)
    if reason is None:
        report.say(f"{model}: features is up to date")
        return
    images, width = AtlasImages(atlas, model, images_dir), _width(classifier)
    images.refuse_missing()
    stored = read_vectors(atlas, schema.LOGITS, "logits", folder)[1]
    assert stored is not None, "every image has logits"
    ids = np.array(images.ids, dtype=object)

    def looks(rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, Columns]]:
        for seen, logits, found in stream_looks(
            classifier, images, rows, batch_size=batch_size, workers=workers, on_bad=on_bad
        ):
            assert found is not None, "the network shows its features"
            _same(logits, stored[seen], ids[seen], model)
            kept = rounded(found, ids[seen], model, "feature")
            yield seen, {"image_id": ids[seen], "features": kept}

    report.say(f"{model}: features ({reason})")
    columns = {"image_id": pa.string(), "features": pa.list_(pa.float16(), width)}
    target = atlas.file(schema.FEATURES, folder)
    keep(target, columns, made_from, Looks("features", len(ids), looks), report)


def _stale(atlas: Atlas, model: str) -> str | None:
    """Why they must be made; None where they are there, kept in place of logits or made before."""
    if atlas.head(model) is not None:
        return None
    return atlas.stale(schema.FEATURES, _made_from(atlas, model), atlas.model_folder(model))


def _made_from(atlas: Atlas, model: str) -> dict:
    logits = atlas.file(schema.LOGITS, atlas.model_folder(model))
    return {"stage": "features", "logits": file_digest(logits), "decoder": DECODER}


def _width(classifier: "Classifier") -> int:
    if classifier.with_features is None or classifier.n_features is None:
        raise UserError(
            f"{classifier.name} does not show its features. A timm network with one linear last layer "
            "does, and an ONNX file with an output 'features'."
        )
    return classifier.n_features


def _same(logits: np.ndarray, stored: np.ndarray, ids: np.ndarray, model: str) -> None:
    """Raises UserError for an image that is not the one that the atlas knows by that name."""
    before = stored.astype(np.float32)
    off = np.linalg.norm(logits - before, axis=1) > OTHER * np.linalg.norm(before, axis=1)
    if off.any():
        raise UserError(
            f"'{ids[off][0]}' is another image than it was: {model} gives it other logits than the atlas "
            "stores. Give the folder of the atlas's own images with --images-dir."
        )
