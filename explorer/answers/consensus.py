"""Which dependencies the networks of one label set share: pure functions over consensus.parquet."""

import numpy as np
import pandas as pd

SHARED = ("all networks", "several", "one network")


def shared_by(table: pd.DataFrame, which: str) -> pd.DataFrame:
    """The dependencies that all networks have, more than one but not all, or exactly one (SHARED)."""
    n, compared = table["n_models"], table["n_compared"]
    keep = {
        SHARED[0]: n == compared,
        SHARED[1]: (n > 1) & (n < compared),
        SHARED[2]: n == 1,
    }
    return table[keep[which]]


def conflicting(table: pd.DataFrame) -> pd.Series:
    """Whether the networks that have a dependency disagree about its sign (m,) bool."""
    return (table["n_positive"] > 0) & (table["n_negative"] > 0)


def counts(table: pd.DataFrame) -> pd.DataFrame:
    """Dependencies by the number of networks that have them: n_models, positive (in all of them),
    negative, conflict."""
    conflict = conflicting(table)
    kind = np.select([conflict, table["n_positive"] > 0], ["conflict", "positive"], "negative")
    found = pd.crosstab(table["n_models"], kind)
    columns = ["positive", "negative", "conflict"]
    most = int(table["n_compared"].max()) if len(table) else 0
    found = found.reindex(index=range(1, most + 1), columns=columns, fill_value=0)
    return found.rename_axis(index="n_models", columns=None).reset_index()


def named(table: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """The table with names of both ends, `strength` = |mean coefficient|, `conflict`, and the
    networks as text; strongest first."""
    names = categories["name"].to_numpy()
    rows = table.assign(
        target_name=names[table["target"]],
        source_name=names[table["source"]],
        strength=table["mean_coefficient"].abs(),
        conflict=conflicting(table),
        networks=[", ".join(models) for models in table["models"]],
    )
    rows = rows.sort_values("strength", ascending=False, kind="stable", ignore_index=True)
    return rows.drop(columns=["models", "coefficients", "label_set"])


def by_model(table: pd.DataFrame, target: int, models: list[str]) -> pd.DataFrame:
    """One category's sources in every network: indexed by source, one column of coefficients per
    model (null where it takes no part); most shared first, then strongest."""
    rows = table[table["target"] == target]
    rows = rows.assign(strength=rows["mean_coefficient"].abs())
    rows = rows.sort_values(["n_models", "strength"], ascending=False, kind="stable")
    found = [
        dict(zip(row.models, map(float, row.coefficients), strict=True))
        for row in rows.itertuples()
    ]
    return pd.DataFrame(found, index=rows["source"].to_numpy(), columns=models, dtype=float)
