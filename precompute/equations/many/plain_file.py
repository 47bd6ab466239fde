"""More logits than memory has room for, asked for again and again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from weakref import finalize

import numpy as np

from precompute.errors import UserError


class PlainFile:
    """Rows of float16 on disk, beside the atlas, in a file without a name that goes with this object.

    A table of them has to be unpacked each time: that takes ten times as long.
    """

    def __init__(self, folder: Path):
        self._folder = folder
        with self._writing():
            # Without a buffer, in which numbers that found no room would wait to be written again.
            self._file = TemporaryFile(dir=folder, buffering=0)
        finalize(self, self._file.close)
        self._width = 0

    def append(self, rows: np.ndarray) -> None:
        """Write rows (B, n), of numbers that float16 holds, after those that are there. Raises UserError
        where there is no room."""
        self._width = rows.shape[1]
        with self._writing():
            left = memoryview(rows.astype(np.float16).tobytes())
            while left:
                left = left[self._file.write(left) :]

    def __getitem__(self, rows: slice) -> np.ndarray:
        """Rows start to stop, (stop - start, n) float16."""
        size = 2 * self._width
        self._file.seek(rows.start * size)
        data = self._file.read((rows.stop - rows.start) * size)
        return np.frombuffer(data, np.float16).reshape(-1, self._width)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UserError(
                f"Cannot keep logits in a file in {self._folder} while they are needed: "
                f"{error.strerror or error}. It takes 2 bytes a logit; choose another folder with --atlas."
            ) from error
