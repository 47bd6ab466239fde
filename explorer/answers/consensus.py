"""Which dependencies the networks of one label set share, and how many they would share by chance: pure
functions over consensus.parquet and chance.parquet."""

import numpy as np
import pandas as pd

from explorer.answers.surprising import CHANCE
from explorer.words.formatting import count

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
    """Dependencies by the number of networks that have them: n_models, n, positive (in all of them),
    negative, conflict."""
    conflict = conflicting(table)
    kind = np.select([conflict, table["n_positive"] > 0], ["conflict", "positive"], "negative")
    found = pd.crosstab(table["n_models"], kind)
    columns = ["positive", "negative", "conflict"]
    most = int(table["n_compared"].max()) if len(table) else 0
    found = found.reindex(index=range(1, most + 1), columns=columns, fill_value=0)
    found.insert(0, "n", found.sum(axis=1))
    return found.rename_axis(index="n_models", columns=None).reset_index()


def beside_chance(found: pd.DataFrame, chance: pd.DataFrame) -> pd.DataFrame:
    """`counts` with a column `chance`: as many networks share so many dependencies of shuffled targets
    (`chance`: chance.parquet of the same label set and choice); null where that is not known."""
    if chance.empty:
        return found.assign(chance=float("nan"))
    return found.assign(chance=found["n_models"].map(chance.set_index("n_models")["n_shuffled"]))


def above_chance(found: pd.DataFrame, least: int | None) -> str:
    """What `beside_chance` says, in words; `least` is from how many networks on chance explains little
    (`surprising.least_networks`)."""
    if found["chance"].isna().all():
        return "The atlas does not say what shuffled targets give."
    several = found[found["n_models"] > 1]
    seen, shuffled = (count(several[name].sum()) for name in ("n", "chance"))
    said = (
        f"Two networks or more share {seen} dependencies; where targets are shuffled, so that there is "
        f"nothing to find, {shuffled}."
    )
    if least is None:
        return f"{said} For no number of networks is agreement above chance here."
    limit = f"{100 * CHANCE:.0f} %"
    rows = several[several["n_models"] >= least]
    return (
        f"{said} From {least} networks on agreement is above chance: {count(rows['n'].sum())} against "
        f"{count(rows['chance'].sum())}, less than {limit} of them."
    )


def sign_figures(table: pd.DataFrame, chance: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """(dependencies whose signs differ, dependencies that could) among those that several networks have:
    `lasso`; `refit`, where at least two of the networks select them stably, by the refit signs there; and
    `shuffled`, by lasso, where targets were shuffled. Without `chance` only the first."""
    several = table["n_models"] > 1
    found = {"lasso": (int(conflicting(table).sum()), int(several.sum()))}
    if len(chance):
        rows = chance[chance["n_models"] > 1]
        found["refit"] = (int(rows["n_conflicts_refit"].sum()), int((table["n_stable"] > 1).sum()))
        found["shuffled"] = (int(rows["n_conflicts_shuffled"].sum()), int(rows["n_shuffled"].sum()))
    return found


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
