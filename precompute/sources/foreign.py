"""Foreign images as a source of logits: the protocol, and the array that needs no network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np

from precompute.atlas.files import digest, file_digest
from precompute.errors import UserError
from precompute.sources.arrays import load_array
from precompute.sources.protocol import OnBad

Looked = tuple[np.ndarray, np.ndarray, np.ndarray | None]

_BLOCK = 1024  # rows of an array that are read at once


class ForeignSource(Protocol):
    """Foreign images: their set's name, their ids and paths (F,) of texts (a path may be None), and a
    `fingerprint` of all that decides their logits. Some may turn out to be unreadable."""

    name: str
    ids: np.ndarray
    paths: np.ndarray
    fingerprint: dict

    def widths(self) -> tuple[int, int | None]:
        """Number of logits n, and of features d, None where they are not seen."""
        ...

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[Looked]:
        """(numbers (B,), logits (B, n) float32, features (B, d) float32 or None) of the readable images
        among `rows`, in order; `on_bad(image_id, reason)` hears of the others."""
        ...


class ForeignRows:
    """Logits that somebody computed, a .npy file (F, n); see ForeignSource.

    Raises `UserError` for an array that cannot be read, or has another number of rows than there are ids.
    """

    def __init__(self, file: Path, ids: list[str] | None = None, paths: list | None = None):
        self._logits = load_array(file, "logits", 2)
        count = len(self._logits)
        if ids is not None and len(ids) != count:
            raise UserError(
                f"{file} has {count} rows, but there are {len(ids)} images. Give one row per image, in the "
                "order of their names."
            )
        self.name = file.stem
        self.ids = np.array(ids or [f"{file.stem}/row {row}" for row in range(count)], dtype=object)
        self.paths = np.array(paths or [None] * count, dtype=object)
        self.fingerprint = {"images": digest(*self.ids), "logits_file": file_digest(file)}

    def widths(self) -> tuple[int, None]:
        """See ForeignSource."""
        return self._logits.shape[1], None

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[Looked]:
        """See ForeignSource; an array has no unreadable images."""
        for start in range(rows.start, rows.stop, _BLOCK):
            stop = min(start + _BLOCK, rows.stop)
            yield np.arange(start, stop), np.asarray(self._logits[start:stop], np.float32), None
