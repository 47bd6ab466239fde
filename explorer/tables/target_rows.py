"""The rows of one target, read from the file when they are asked for.

path.parquet of 21,841 categories holds more than ten million rows, of which a page shows some hundred.
"""

from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import pandas as pd
import pyarrow.parquet as pq


class TargetRows:
    """A parquet file sorted by its column `target`; the file that was opened stays the one that is read."""

    KEPT = 64  # targets whose rows stay in memory

    def __init__(self, file: Path, columns: list[str] | None = None):
        self._file, self._columns, self._lock = pq.ParquetFile(file), columns, Lock()
        groups = self._file.metadata
        at = groups.schema.names.index("target")
        self._groups = [k for k in range(groups.num_row_groups) if groups.row_group(k).num_rows]
        ends = [groups.row_group(k).column(at).statistics for k in self._groups]
        self._first = np.array([found.min for found in ends])
        self._last = np.array([found.max for found in ends])
        self._kept = lru_cache(self.KEPT)(self._read)

    def __getitem__(self, target: int) -> pd.DataFrame:
        """Its rows in file order, none for a target that the file lacks. Not to be changed."""
        return self._kept(int(target))

    def _read(self, target: int) -> pd.DataFrame:
        places = np.flatnonzero((self._first <= target) & (target <= self._last))
        groups = [self._groups[k] for k in places]
        with self._lock:  # one reader has one place in its file
            rows = self._file.read_row_groups(groups, columns=self._columns)
        found = rows["target"].to_numpy()
        start, end = np.searchsorted(found, [target, target + 1])
        return rows.slice(start, end - start).to_pandas()
