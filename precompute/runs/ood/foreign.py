"""A set of foreign images and what a network makes of them: foreign.parquet."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from precompute.atlas.contract.schema_robustness import FOREIGN
from precompute.atlas.parts import Columns
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.runs.kept import Looks, keep, rounded
from precompute.sources.foreign import ForeignRows, ForeignSource
from precompute.sources.protocol import OnBad

if TYPE_CHECKING:
    from precompute.inference.classifiers import Classifier

TELLING = 10  # logits: with fewer, two images may have the same by chance


@dataclass(frozen=True)
class Request:
    """The options of `ood`; see `python -m precompute ood --help`."""

    images: str | None = None
    set: str | None = None
    logits: Path | None = None
    weights: Path | None = None
    onnx: Path | None = None
    vim: bool = False
    images_dir: Path | None = None
    device: str = "auto"
    batch_size: int = 64
    workers: int | None = None
    seed: int = 0

    @property
    def where(self) -> str:
        """The foreign images, in the user's words."""
        return str(self.images or self.logits)


def open_foreign(
    request: Request,
    atlas: Atlas,
    info: Mapping,
    opened: Callable[[], "Classifier"],
    report: Report,
) -> ForeignSource:
    """The foreign images that a request names, for the network of a row of model.parquet.

    Raises UserError where it names none, where they cannot be read or do not fit the network, and where
    one is an image of the atlas.
    """
    if request.images is None:
        if request.logits is None:
            raise UserError(
                "Which images are foreign? Give --images (a folder, .tar, hfds/... or wds/...), or "
                "--logits with an array that you computed."
            )
        return _fitting(ForeignRows(request.logits), request, info)
    from precompute.inference.foreign import ForeignImages, refuse_own
    from precompute.inference.image_sets import open_images

    images = open_images(request.images)
    refuse_own(images, atlas, request.images_dir, report)
    if request.logits is None:
        return ForeignImages(images, info, opened, request.batch_size, request.workers)
    rows = ForeignRows(request.logits, images.ids, images.paths)
    rows.name = images.name
    return _fitting(rows, request, info)


def _fitting(rows: ForeignRows, request: Request, info: Mapping) -> ForeignRows:
    if request.vim:
        raise UserError("--vim needs features, and --logits has none: leave one of them away.")
    found, n = rows.widths()[0], info["n_categories"]
    if found != n:
        raise UserError(
            f"{request.logits} has {found} logits per image, but {info['name']} has {n} categories. Give "
            "logits of this model."
        )
    return rows


def store(
    target: Path,
    model: str,
    source: ForeignSource,
    made_from: dict,
    report: Report,
    before: Callable[[], None],
) -> None:
    """Write foreign.parquet part by part; `before` is called when the old file is about to be replaced."""
    n, d = source.widths()
    half = pa.float16()
    columns = {
        "image_id": pa.string(),
        "path": pa.string(),
        "logits": pa.list_(half, n),
        "features": pa.list_(half) if d is None else pa.list_(half, d),
    }
    assert list(columns) == FOREIGN.columns

    def looks(rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, Columns]]:
        for seen, logits, found in source.batches(rows, on_bad):
            ids = source.ids[seen]
            features = None if found is None else rounded(found, ids, model, "feature")
            kept = rounded(logits, ids, model)
            yield seen, dict(zip(columns, (ids, source.paths[seen], kept, features), strict=True))

    keep(target, columns, made_from, Looks("logits", len(source.ids), looks), report, before)


def refuse_known(ids: list[str], logits: np.ndarray, atlas: Atlas, model: str) -> None:
    """Raises UserError where a foreign image (logits (F, n) float16) has, digit by digit, the logits of one
    of the atlas's own: so they are told that are not on this machine, and arrays."""
    if logits.shape[1] < TELLING:
        return
    known_ids, _, known = atlas.logits(model)
    image_with = {row.tobytes(): image for image, row in zip(known_ids, known, strict=True)}
    for image, row in zip(ids, logits, strict=True):
        if row.tobytes() in image_with:
            raise UserError(
                f"The foreign image '{image}' has the logits of the image '{image_with[row.tobytes()]}' of "
                "the atlas. An image that the network was fitted or judged on is not foreign: take it out."
            )
