"""A table with a row per image on its way into the atlas: finished parts in files, so that a run that was
killed goes on.

Where one part ends and the next begins depends on the clock; the joined file does not.
"""

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from precompute.atlas.files import read_metadata, replacing, stamp

SECONDS, MOST = 10.0, 4096  # a part is written after so long, or with so many images
_GROUP = 1024  # images in a row group of the joined file
_FORMAT = {"compression": "zstd", "use_dictionary": ["image_id"]}
_PART = {"compression": "none", "use_dictionary": False}  # read once, and gone

Columns = Mapping[str, np.ndarray | None]


class Parts:
    """Files `<first row>.parquet` in a folder, each telling in its metadata where the next one begins.

    Only an unbroken chain of parts made from the same counts; whatever else lies there is ignored. The
    chains of several processes make one, since none goes beyond its own rows.

    Attributes
    ----------
    rows : rows of the image list that are to be done
    stop : those before are done
    bad : reason by image, of those that could not be read
    """

    def __init__(self, folder: Path, made_from: dict, columns: dict[str, pa.DataType], rows: range):
        self._folder, self._stamp, self._schema = folder, stamp(made_from), pa.schema(columns)
        self.rows, self.stop = rows, rows.start
        self.bad: dict[str, str] = {}
        self._files: list[Path] = []
        self._begin()
        while (file := self._file(self.stop)).exists():
            found = read_metadata(file)
            stop = int(found.get("stop", 0))
            if found.get("made_from") != self._stamp["made_from"] or stop > rows.stop:
                break
            self._files.append(file)
            self.bad |= json.loads(found["bad"])
            self.stop = stop

    def skip(self, image: str, reason: str) -> None:
        """This image cannot be read."""
        self.bad[image] = self._skipped[image] = reason

    def add(self, columns: Columns) -> None:
        """All columns of the next images: values (B,), vectors (B, n), or None where there is none."""
        ids = columns["image_id"]
        assert ids is not None, "an image has a name"
        arrays = [_array(columns[field.name], field.type, len(ids)) for field in self._schema]
        self._rows.append(pa.table(arrays, self._schema))

    @property
    def is_full(self) -> bool:
        """It is time to write."""
        waited = time.monotonic() - self._since
        return waited > SECONDS or sum(map(len, self._rows)) >= MOST

    def write(self, stop: int) -> None:
        """All that was added since the last part becomes one; the next begins at row `stop`."""
        if stop == self.stop:
            return
        file = self._file(self.stop)
        told = {"stop": str(stop), "bad": json.dumps(self._skipped)}
        rows = pa.concat_tables([self._schema.empty_table(), *self._rows])
        with replacing(file) as temporary:
            pq.write_table(rows.replace_schema_metadata(self._stamp | told), temporary, **_PART)
        self._files.append(file)
        self.stop = stop
        self._begin()

    def join(self, path: Path) -> None:
        """Write all parts as one file."""
        schema = self._schema.with_metadata(self._stamp)
        with pq.ParquetWriter(path, schema, **_FORMAT) as writer:
            for group in self._groups():
                writer.write_table(group.replace_schema_metadata(self._stamp))

    def clear(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self) -> None:
        self._rows: list[pa.Table] = []
        self._skipped: dict[str, str] = {}
        self._since = time.monotonic()

    def _file(self, start: int) -> Path:
        return self._folder / f"{start:012d}.parquet"

    def _groups(self) -> Iterator[pa.Table]:
        """Row groups of _GROUP images, wherever the parts begin and end."""
        left = self._schema.empty_table()
        for file in self._files:
            rows = pa.concat_tables([left, pq.read_table(file).replace_schema_metadata()])
            whole = len(rows) // _GROUP * _GROUP
            for start in range(0, whole, _GROUP):
                yield rows.slice(start, _GROUP)
            left = rows.slice(whole).combine_chunks()
        if len(left):
            yield left


def _array(values: np.ndarray | None, kind: pa.DataType, length: int) -> pa.Array:
    if values is None:
        return pa.nulls(length, kind)
    if pa.types.is_fixed_size_list(kind):
        flat = pa.array(values.ravel(), kind.value_type)
        return pa.FixedSizeListArray.from_arrays(flat, kind.list_size)
    return pa.array(values.tolist() if values.dtype == object else values, kind)
