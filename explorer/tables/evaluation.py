"""evaluation.parquet at the sparsity that cross-validation chose: the one place that asks for it."""

import pandas as pd

from precompute.atlas import schema
from precompute.atlas.store import Atlas


def read_chosen(atlas: Atlas, folder: str, columns: list[str] | None = None) -> pd.DataFrame:
    """One row per target that has an equation, of the network or link in a folder of the atlas.

    Raises UserError if the table is missing or outdated.
    """
    chosen = [("chosen", "==", True)]
    return atlas.read(schema.EVALUATION, folder=folder, columns=columns, filters=chosen)
