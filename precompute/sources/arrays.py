"""An array of logits as a source: any classifier at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from precompute.atlas.files import file_digest
from precompute.atlas.labels import LabelSet
from precompute.errors import UserError
from precompute.sources.protocol import ModelInfo, OnBad, split_at_random


@dataclass(frozen=True)
class Rows:
    """What is known of the rows of an array. `truth` (.npy) has their categories, `sides` says which images
    are fit and which holdout already; the others are split at random."""

    labels: LabelSet
    truth: Path | None = None
    image_ids: list[str] | None = None
    holdout: float = 0.2
    seed: int = 0
    sides: Mapping[str, str] = field(default_factory=dict)

    def images(self, file: Path, count: int) -> pd.DataFrame:
        """images.parquet of the `count` rows of a file. Raises UserError for names or categories
        that do not fit them."""
        true = None if self.truth is None else _truth(self.truth, count, len(self.labels))
        ids = [f"row {r}" for r in range(count)] if self.image_ids is None else self.image_ids
        if len(ids) != count or len(set(ids)) != count:
            raise UserError(
                f"--image-ids has {len(ids)} lines ({len(set(ids))} different ones) for {count} rows "
                f"of {file}. Give one name per row."
            )
        categories = self.labels.categories
        names = categories["synset"].fillna(categories["name"]).to_numpy()
        drawn = split_at_random(ids, self.holdout, self.seed)
        return pd.DataFrame(
            {
                "image_id": ids,
                "split": [self.sides.get(i, side) for i, side in zip(ids, drawn, strict=True)],
                "class_name": None
                if true is None
                else [names[t] if t >= 0 else None for t in true],
                "path": None,
            }
        )


class ArraySource:
    """The logits of any classifier at all, from a .npy file (N, n); the file is read by memory map."""

    def __init__(
        self,
        name: str,
        file: Path,
        labels: LabelSet,
        *,
        truth: Path | None = None,
        image_ids: list[str] | None = None,
        holdout: float = 0.2,
        seed: int = 0,
        sides: Mapping[str, str] | None = None,
    ):
        """`sides` says which images are fit and which holdout already; the others are split at random."""
        self._file = file
        count, n = load_array(file, "logits", ndim=2).shape
        if n != len(labels):
            raise UserError(
                f"{file} has {n} logits per image, but there are {len(labels)} category names. "
                "Give --labels a file with one name per logit."
            )
        rows = Rows(labels, truth, image_ids, holdout, seed, sides or {})
        self.images = rows.images(file, count)
        sha256 = file_digest(file)
        self.info = ModelInfo(name, "logits", str(file.name), sha256, labels, None, None, {})
        self.fingerprint = {"logits_file": sha256}

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See LogitSource; an array has no unreadable images."""
        # Mapped anew: what is read of a map stays in memory as long as the map does.
        logits = load_array(self._file, "logits", ndim=2)
        for start in range(rows.start, rows.stop, 1024):
            stop = min(start + 1024, rows.stop)
            yield np.arange(start, stop), np.asarray(logits[start:stop], dtype=np.float32)

    def head_cosines(self) -> None:
        """See LogitSource; an array of logits shows no layer."""


def load_array(file: Path, what: str, ndim: int) -> np.ndarray:
    """Numbers of a .npy file, by memory map; `what` they are called. Raises UserError for anything else."""
    try:
        array = np.load(file, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise UserError(
            f"Cannot read {what} from {file}: it is no .npy file of numbers. Save an array with numpy.save."
        ) from error
    except OSError as error:
        raise UserError(
            f"Cannot read {what} from {file}: {error}. It must be a .npy file."
        ) from error
    if not isinstance(array, np.ndarray) or array.ndim != ndim or array.size == 0:
        shape = getattr(array, "shape", "an archive")
        raise UserError(f"{what} in {file} must have {ndim} dimension(s) and rows; found {shape}.")
    if not (np.issubdtype(array.dtype, np.floating) or np.issubdtype(array.dtype, np.integer)):
        raise UserError(f"{what} in {file} must be numbers, found {array.dtype}.")
    return array


def _truth(file: Path, count: int, n: int) -> np.ndarray:
    true = load_array(file, "labels", ndim=1)
    if len(true) != count:
        raise UserError(
            f"{file} has {len(true)} labels for {count} rows of logits. Give one per row."
        )
    if not np.issubdtype(true.dtype, np.integer):
        raise UserError(f"{file} must hold whole numbers (category indices), found {true.dtype}.")
    if true.min() < -1:
        raise UserError(
            f"{file} holds label {true.min()}. Use -1 for an image whose label is unknown."
        )
    if true.max() >= n:
        raise UserError(
            f"{file} holds label {true.max()}, but there are only {n} categories (0..{n - 1})."
        )
    return true
