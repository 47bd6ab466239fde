"""More logits than memory has room for, asked for again and again."""

from pathlib import Path
from tempfile import TemporaryFile
from weakref import finalize

import numpy as np


class PlainFile:
    """Rows of float16 on disk, beside the atlas, in a file without a name that goes with this object.

    A table of them has to be unpacked each time: that takes ten times as long.
    """

    def __init__(self, folder: Path):
        self._file = TemporaryFile(dir=folder)
        finalize(self, self._file.close)
        self._width = 0

    def append(self, rows: np.ndarray) -> None:
        """Write rows (B, n), of numbers that float16 holds, after those that are there."""
        self._width = rows.shape[1]
        self._file.write(rows.astype(np.float16).tobytes())

    def __getitem__(self, rows: slice) -> np.ndarray:
        """Rows start to stop, (stop - start, n) float16."""
        size = 2 * self._width
        self._file.seek(rows.start * size)
        data = self._file.read((rows.stop - rows.start) * size)
        return np.frombuffer(data, np.float16).reshape(-1, self._width)
