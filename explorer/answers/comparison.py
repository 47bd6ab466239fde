"""Two networks' dependencies side by side, joined by the names of their categories."""

import numpy as np
import pandas as pd

from explorer.answers.surprising import STABLE
from explorer.words.formatting import count, percent

KINDS = ("shared", "sign flip", "only in A", "only in B")
IN_BOTH = KINDS[:2]


def compare(
    a: pd.DataFrame, b: pd.DataFrame, names: set[str] | None = None, *, refit: bool = False
) -> pd.DataFrame:
    """Dependencies of two networks (`edge_table` each), between categories in `names`:
    target_name, source_name, coefficient_a, coefficient_b (null where absent), stability_a,
    stability_b (null where it was not measured), row_a, row_b (their rows in `a` and `b`, likewise),
    kind (KINDS), and strength, the larger absolute coefficient; strongest first. Coefficients are the
    lasso's, or those of the `refit`: a lasso coefficient, however small, stands for a residual
    correlation of lambda / 2, so its sign hardly ever differs between networks, and only the refit can
    tell.
    """
    ends = ["target_name", "source_name"]
    sides = []
    for edges in (a, b):
        side = fitted(edges, refit).reindex(columns=[*ends, "coefficient", "stability"])
        side["row"] = np.arange(len(edges))
        sides.append(side if names is None else side[side[ends].isin(names).all(axis=1)])
    joined = sides[0].merge(sides[1], on=ends, how="outer", suffixes=("_a", "_b"))
    one, other = joined["coefficient_a"], joined["coefficient_b"]
    joined["kind"] = np.select(
        [other.isna(), one.isna(), one * other < 0],
        ["only in A", "only in B", "sign flip"],
        "shared",
    )
    joined["strength"] = joined[["coefficient_a", "coefficient_b"]].abs().max(axis=1)
    return joined.sort_values("strength", ascending=False, kind="stable", ignore_index=True)


def fitted(edges: pd.DataFrame, refit: bool) -> pd.DataFrame:
    """`edge_table`, row for row, whose coefficient, strength and sign are those of the fit that
    the reader chose."""
    if not refit:
        return edges
    chosen = edges["refit"]
    return edges.assign(
        coefficient=chosen, strength=chosen.abs(), sign=np.sign(chosen).astype(np.int8)
    )


def edges(table: pd.DataFrame, index: pd.Series) -> pd.DataFrame:
    """Rows of `compare` as edges that `export` can write: target and source by the `index` of names in a
    network, and as coefficient the larger of both, beside either."""
    one, other = table["coefficient_a"], table["coefficient_b"]
    larger = one.where(other.isna() | (one.abs() >= other.abs()), other)
    ends = {end: index[table[f"{end}_name"]].to_numpy() for end in ("target", "source")}
    return table.drop(columns=["row_a", "row_b"]).assign(**ends, coefficient=larger)


def counts(table: pd.DataFrame) -> dict[str, int]:
    """How many dependencies are of each kind."""
    found = table["kind"].value_counts()
    return {kind: int(found.get(kind, 0)) for kind in KINDS}


def said(found: dict[str, int], chance: dict[str, int]) -> str:
    """What `counts` says beside that of shuffled targets, in words."""
    both, shuffled = (sum(kinds[kind] for kind in IN_BOTH) for kinds in (found, chance))
    text = (
        f"Both networks have {count(both)} dependencies in common; where the targets of both are shuffled, "
        f"so that there is nothing to find, {count(shuffled)}."
    )
    if both and shuffled:
        flips = (
            percent(kinds[IN_BOTH[1]] / n, 0) for kinds, n in ((found, both), (chance, shuffled))
        )
        text += " Signs differ in {}, by chance in {}.".format(*flips)
    return text


def stable_flips(table: pd.DataFrame) -> tuple[int, int]:
    """(how many have opposite signs, how many there are) of the dependencies that both networks have and
    select in at least 80 % of the half-samples. `table` is a `compare` by refit coefficients."""
    both = (table[["stability_a", "stability_b"]] >= STABLE).all(axis=1)
    kinds = table.loc[both & table["kind"].isin(IN_BOTH), "kind"]
    return int((kinds == "sign flip").sum()), len(kinds)


def of_kinds(table: pd.DataFrame, kinds: list[str]) -> pd.DataFrame:
    """The rows of `compare` of these kinds; no kind at all means every kind."""
    return table[table["kind"].isin(kinds)].reset_index(drop=True) if kinds else table


def mask(rows: pd.Series, length: int) -> np.ndarray:
    """Which dependencies of one network (length,) bool a column row_a or row_b of `compare` names."""
    found = np.zeros(length, dtype=bool)
    found[rows.dropna().to_numpy(int)] = True
    return found


def equations(
    a: pd.DataFrame, b: pd.DataFrame, target: str, *, refit: bool = False
) -> pd.DataFrame:
    """`compare` for one target and all of its sources, by kind and then by strength: the order in
    which both networks' equations are drawn, so that a source has one place in both."""
    own = [edges[edges["target_name"] == target] for edges in (a, b)]
    table = compare(*own, refit=refit)
    return table.sort_values(
        "kind", key=lambda kind: kind.map(KINDS.index), kind="stable", ignore_index=True
    )
