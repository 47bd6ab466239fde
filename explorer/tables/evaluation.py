"""Tables at one named choice of the sparsity: the one place that asks for it."""

import numpy as np
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


def read_control(atlas: Atlas, folder: str, choice: str, names: np.ndarray) -> pd.DataFrame:
    """The rows of control.parquet of a choice, the equations of shuffled targets: target, source, their
    `names` (one of each category) as target_name and source_name, coefficient, refit.

    Raises ValueError for an unknown choice, UserError if the table is missing or outdated.
    """
    of_choice = [("choice", "==", checked(choice))]
    rows = atlas.read(schema.CONTROL, folder=folder, filters=of_choice).drop(columns="choice")
    return rows.assign(target_name=names[rows["target"]], source_name=names[rows["source"]])


def read_median(atlas: Atlas, folder: str, choice: str) -> pd.Series:
    """The row of median.parquet of a choice: a link's median R² with its interval.

    Raises ValueError for an unknown choice, UserError if the table is missing or outdated.
    """
    of_choice = [("choice", "==", checked(choice))]
    return atlas.read(schema.MEDIAN, folder=folder, filters=of_choice).iloc[0]


def checked(choice: str) -> str:
    """The choice itself. Raises ValueError for one that an atlas does not have."""
    if choice not in schema.CHOICES:
        raise ValueError(f"there is no choice {choice!r}; there are {', '.join(schema.CHOICES)}")
    return choice
