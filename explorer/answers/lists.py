"""Where to look first: the dependencies and categories at either end of a scale."""

import numpy as np
import pandas as pd


def strongest(edges: pd.DataFrame, count: int = 50) -> pd.DataFrame:
    """The dependencies with the largest |coefficient|."""
    return edges.nlargest(count, "strength")


def most_depended_on(
    categories: pd.DataFrame, edges: pd.DataFrame, count: int = 50
) -> pd.DataFrame:
    """The categories that most targets use as a source; `n_children` and `n_parents` count in these
    `edges`, and who is no source in them is left out."""
    among = {"n_children": "source", "n_parents": "target"}
    tallies = {
        column: np.bincount(edges[end], minlength=len(categories)) for column, end in among.items()
    }
    found = categories.assign(**tallies).nlargest(count, "n_children")
    return found[found["n_children"] > 0]


def worst_explained(
    categories: pd.DataFrame,
    chosen: pd.DataFrame,
    count: int = 50,
    *,
    among: np.ndarray | None = None,
) -> pd.DataFrame:
    """The categories whose chosen equation has the lowest held-out R^2 (the `chosen` rows of
    evaluation.parquet); only targets `among`."""
    chosen = chosen[["target", "r2", "holdout_error"]]
    if among is not None:
        chosen = chosen[chosen["target"].isin(among)]
    joined = categories.merge(chosen, left_on="category", right_on="target")
    return joined.drop(columns="target").nsmallest(count, "r2")
