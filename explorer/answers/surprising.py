"""Dependencies that people would not expect and that are there all the same: a sieve of criteria.

What chance, one network, or a word of another sense could have made is left out, criterion by criterion,
and every row says why it is in the list.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from precompute.kinship import senses
from precompute.kinship.wordnet_steps import WordNetSteps

STABLE = 0.8  # share of the half-samples in which a dependency comes back
CHANCE = 0.05  # largest share that shuffled targets may reach of what is found
COLUMNS = ("stability", "n_models", "n_compared", "place", "n_terms", "distance", "sense", "reason")


@dataclass(frozen=True)
class Sieved:
    """What is left, the most distant first; how many each criterion took out, in turn; and the criteria
    that this atlas cannot ask, with the reason."""

    found: pd.DataFrame  # edge_table with COLUMNS
    steps: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]


def least_networks(chance: pd.DataFrame) -> int | None:
    """The smallest number of networks such that shuffled targets give less than 5 % of the dependencies
    that so many networks or more share; None where no number does. `chance` are rows of chance.parquet of
    one label set and choice."""
    if chance.empty:
        return None
    rows = chance.sort_values("n_models", ascending=False)
    found, shuffled = rows["n_dependencies"].cumsum(), rows["n_shuffled"].cumsum()
    enough = (rows["n_models"] > 1) & (found > 0) & (shuffled < CHANCE * found)
    return int(rows.loc[enough, "n_models"].min()) if enough.any() else None


def surprising(
    edges: pd.DataFrame,
    categories: pd.DataFrame,
    consensus: pd.DataFrame,
    least: int | None,
    control: pd.DataFrame | None = None,
    passes: np.ndarray | None = None,
    count: int = 50,
) -> Sieved:
    """`edges` are a network's (`edge_table`) at the reader's choice of sparsity, `consensus` the rows of
    consensus.parquet at that choice, `least` from how many networks on agreement is above chance
    (`least_networks`), `control` the rows of control.parquet at the choice (None: not known). `passes` (m,)
    bool are those that the reader's filters let through: places in equations are told among all."""
    steps = WordNetSteps(categories)
    rows = _described(edges, consensus)
    missing, taken = [], []
    if passes is not None:
        rows = rows[passes]

    def keep(criterion: str, mask: pd.Series) -> None:
        nonlocal rows
        taken.append((criterion, int((~mask).sum())))
        rows = rows[mask]

    if rows["stability"].notna().any():
        keep(f"stable in at least {STABLE:.0%} of the half-samples".replace("%", " %"),
             rows["stability"] >= STABLE)  # fmt: skip
    else:
        missing.append("stability was not measured at this choice of sparsity")
    if least is not None and rows["n_models"].notna().any():
        keep(f"in at least {least} networks, more than chance agrees on", rows["n_models"] >= least)
    else:
        missing.append("no number of networks is above chance here, or there is one network only")
    if control is not None and len(control):
        takes = control.groupby("source")["target"].nunique() / control["target"].nunique()
        keep("its source not in more than 5 % of the equations of shuffled targets, for which any will do",
             ~rows["source"].isin(takes.index[takes > CHANCE]))  # fmt: skip
    else:
        missing.append("which sources shuffled targets take is not known here")
    keep("in the first half of its equation", rows["place"] <= np.ceil(rows["n_terms"] / 2))
    community = categories["community"].to_numpy()
    keep("in another community of the map",
         pd.Series(community[rows["target"]] != community[rows["source"]], rows.index))  # fmt: skip
    keep("not named in each other's name or meaning",
         ~senses.named_in_each_other(categories, rows["target"], rows["source"]))  # fmt: skip
    far = steps.quartile()
    rows = rows.assign(sense=senses.sense(edges, steps, rows))
    if np.isfinite(far):
        keep(f"at least {far:g} steps apart in WordNet, also by the company that both keep",
             rows["sense"] >= far)  # fmt: skip
    else:
        keep("with a place in WordNet", rows["sense"].notna())
    found = rows.sort_values(["sense", "n_models", "strength"], ascending=False).head(count)
    found = found.assign(reason=[reason(row) for row in found.itertuples()])
    return Sieved(found.reset_index(drop=True), tuple(taken), tuple(missing))


def reason(row) -> str:
    """Why a row of `Sieved.found` is in the list, in words."""
    said = []
    if pd.notna(row.stability) and row.n_half_samples:
        said.append(
            f"stable in {round(row.stability * row.n_half_samples)} of {row.n_half_samples}"
        )
    if pd.notna(row.n_models) and row.n_compared > 1:
        said.append(f"in {row.n_models:.0f} of {row.n_compared:.0f} networks")
    said.append(f"{ordinal(int(row.place))} of {row.n_terms} parents")
    said.append(f"{row.distance:.0f} steps apart")
    return ", ".join(said)


def ordinal(place: int) -> str:
    """first, second ... tenth, 11th, 12th, 13th, 21st ..."""
    words = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
    if place <= len(words):
        return words[place - 1]
    teen = 10 <= place % 100 < 20
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def _described(edges: pd.DataFrame, consensus: pd.DataFrame) -> pd.DataFrame:
    """With stability (null where not measured), place in the equation of the target (1 is the largest
    coefficient) of how many terms, and in how many of how many networks."""
    rows = edges.copy()
    for column, nothing in (("stability", np.nan), ("n_half_samples", 0)):
        if column not in rows:
            rows[column] = nothing
    by_target = rows.groupby("target")["strength"]
    rows["place"] = by_target.rank(ascending=False, method="first").astype(int)
    rows["n_terms"] = by_target.transform("size").astype(int)
    if consensus.empty:
        return rows.assign(n_models=np.nan, n_compared=np.nan)
    known = consensus.set_index(["target", "source"])[["n_models", "n_compared"]]
    ends = pd.MultiIndex.from_frame(rows[["target", "source"]])
    return rows.assign(**{name: known[name].reindex(ends).to_numpy() for name in known})
