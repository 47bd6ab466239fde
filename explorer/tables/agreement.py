"""What the networks of a label set share: rows of consensus.parquet and chance.parquet."""

import pandas as pd

from precompute.atlas import schema
from precompute.atlas.store import Atlas


def read_of_label_set(
    atlas: Atlas, table: schema.Table, label_set: str, choice: str
) -> pd.DataFrame:
    """The rows of one label set at a choice of the sparsity, empty where the atlas has none. Raises
    UserError if the table is of another schema version."""
    if not atlas.file(table).exists():
        return pd.DataFrame()
    return atlas.read(table, filters=[("label_set", "==", label_set), ("choice", "==", choice)])
