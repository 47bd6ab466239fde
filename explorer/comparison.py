"""Two networks' dependencies side by side, joined by the names of their categories."""

import numpy as np
import pandas as pd

KINDS = ("shared", "sign flip", "only in A", "only in B")


def compare(
    a: pd.DataFrame, b: pd.DataFrame, names: set[str], *, refit: bool = False
) -> pd.DataFrame:
    """Dependencies of two networks (`queries.dependencies` each) between categories in `names`:
    target_name, source_name, coefficient_a, coefficient_b (null where absent), kind (KINDS), and
    strength, the larger absolute coefficient; strongest first. Coefficients are the lasso's, or
    those of the `refit`: a lasso coefficient, however small, stands for a residual correlation of
    lambda / 2, so its sign hardly ever differs between networks, and only the refit can tell.
    """
    ends, column = ["target_name", "source_name"], "refit" if refit else "coefficient"
    sides = [
        edges.loc[edges[ends].isin(names).all(axis=1), [*ends, column]].rename(
            columns={column: "coefficient"}
        )
        for edges in (a, b)
    ]
    joined = sides[0].merge(sides[1], on=ends, how="outer", suffixes=("_a", "_b"))
    one, other = joined["coefficient_a"], joined["coefficient_b"]
    joined["kind"] = np.select(
        [other.isna(), one.isna(), one * other < 0],
        ["only in A", "only in B", "sign flip"],
        "shared",
    )
    joined["strength"] = joined[["coefficient_a", "coefficient_b"]].abs().max(axis=1)
    return joined.sort_values("strength", ascending=False, kind="stable", ignore_index=True)


def counts(table: pd.DataFrame) -> dict[str, int]:
    """How many dependencies are of each kind."""
    found = table["kind"].value_counts()
    return {kind: int(found.get(kind, 0)) for kind in KINDS}
