"""Tables of the atlas with a vector in every row, as matrices."""

import numpy as np
import pyarrow.parquet as pq

from precompute.atlas.schema import Table
from precompute.atlas.store import Atlas


def read_vectors(
    atlas: Atlas, table: Table, column: str, folder: str
) -> tuple[list[str], np.ndarray | None]:
    """image_ids and the vectors (N, n) float16 of one column of a table; None where it has none.

    Raises UserError if the table is missing or of another schema version.
    """
    atlas.check(table, folder)
    rows = pq.read_table(atlas.file(table, folder), columns=["image_id", column])
    vectors = rows[column].combine_chunks()
    if vectors.null_count:
        return rows["image_id"].to_pylist(), None
    flat = vectors.flatten().to_numpy(zero_copy_only=False)
    return rows["image_id"].to_pylist(), flat.reshape(len(rows), -1)
