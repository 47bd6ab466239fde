"""One model's tables as the pages, and `precompute export`, use them; nothing here knows Streamlit."""

from dataclasses import dataclass

import pandas as pd

from explorer.answers import dependencies
from precompute.atlas import schema
from precompute.atlas.store import Atlas


@dataclass(frozen=True)
class Tables:
    """Categories in logit order, every dependency (`queries.dependencies`), and the evaluation of every
    target at its chosen sparsity."""

    categories: pd.DataFrame
    edges: pd.DataFrame
    evaluation: pd.DataFrame


def read_tables(atlas: Atlas, model: str) -> Tables:
    """Read them. Raises UserError if one is missing or of another schema version."""
    categories = _aligned(atlas, model, atlas.read(schema.CATEGORIES, model=model))
    evaluation = atlas.read(schema.EVALUATION, model=model, filters=[("chosen", "==", True)])
    table = atlas.read(schema.DEPENDENCIES, model=model)
    return Tables(categories, dependencies.dependencies(categories, table, evaluation), evaluation)


def _aligned(atlas: Atlas, model: str, categories: pd.DataFrame) -> pd.DataFrame:
    """Places and communities comparable with the other models', where alignment.parquet has them."""
    if not atlas.file(schema.ALIGNMENT).exists():
        return categories
    found = atlas.read(schema.ALIGNMENT)
    own = found[found["model"] == model].sort_values("category")
    if len(own) != len(categories):
        return categories
    columns = ["x", "y", "community"]
    return categories.assign(**{column: own[column].to_numpy() for column in columns})
