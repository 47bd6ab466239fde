"""evaluation.parquet at one named choice of the sparsity: the one place that asks for it."""

import pandas as pd

from precompute.atlas import schema
from precompute.atlas.store import Atlas


def read_chosen(
    atlas: Atlas, folder: str, choice: str, columns: list[str] | None = None
) -> pd.DataFrame:
    """One row per target that has an equation, of the network or link in a folder of the atlas, at a
    choice of schema.CHOICES.

    Raises ValueError for an unknown choice, UserError if the table is missing or outdated.
    """
    chosen = [(checked(choice), "==", True)]
    return atlas.read(schema.EVALUATION, folder=folder, columns=columns, filters=chosen)


def read_dependencies(
    atlas: Atlas, folder: str, choice: str, columns: list[str] | None = None
) -> pd.DataFrame:
    """The rows of dependencies.parquet of a choice, without the column that names it.

    Raises ValueError for an unknown choice, UserError if the table is missing or outdated.
    """
    of_choice = [("choice", "==", checked(choice))]
    rows = atlas.read(schema.DEPENDENCIES, folder=folder, columns=columns, filters=of_choice)
    return rows.drop(columns="choice", errors="ignore")


def checked(choice: str) -> str:
    """The choice itself. Raises ValueError for one that an atlas does not have."""
    if choice not in schema.CHOICES:
        raise ValueError(f"there is no choice {choice!r}; there are {', '.join(schema.CHOICES)}")
    return choice
