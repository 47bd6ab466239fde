"""One model's tables on redundancy."""

from dataclasses import dataclass

import pandas as pd

from explorer.tables.evaluation import read_dependencies
from precompute.atlas import schema
from precompute.atlas.store import Atlas


@dataclass(frozen=True)
class RedundancyTables:
    """spectrum.parquet, support.parquet and compliance.parquet of a model, some columns of all rows of its
    evaluation.parquet, and its readable dependencies with their stability."""

    spectrum: pd.DataFrame
    support: pd.DataFrame
    compliance: pd.DataFrame
    evaluation: pd.DataFrame
    readable: pd.DataFrame


def read_redundancy(atlas: Atlas, model: str, columns: list[str]) -> RedundancyTables:
    """Read them; `columns` are those of evaluation.parquet. Raises UserError if a table is missing or
    outdated."""
    return RedundancyTables(
        spectrum=atlas.read(schema.SPECTRUM, model),
        support=atlas.read(schema.SUPPORT, model),
        compliance=atlas.read(schema.COMPLIANCE, model),
        evaluation=atlas.read(schema.EVALUATION, model, columns=columns),
        readable=read_dependencies(
            atlas, Atlas.model_folder(model), "readable", ["target", "source", "stability"]
        ),
    )
