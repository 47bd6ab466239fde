"""What became of every dependency that was to be cut, and whether it came back by another way."""

import pandas as pd

from explorer.words.formatting import percent
from precompute.atlas.contract.schema_robustness import SIDES

NO_DETOUR = -1
MATTERS = 0.1  # share of the coefficient before, from which on a detour counts as coming back
_FIGURES = ("pull", "coefficient", "coefficient_scaled", "coefficient_holdout")


def each(pairs: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """One row for each pair of pairs.parquet, the one pulled hardest before first: target, source, their
    names (`names` of the categories, in logit order), lambda; means over seeds of `pull`, `coefficient`,
    `coefficient_scaled` and `coefficient_holdout` in every network, as pull_before, pull_control ...; in
    how many of n_seeds it is still `selected` after; and the category of the `detour` that most seeds take
    after cutting (null for none), with the mean size of the detour over all seeds, `detour_after`, beside
    `detour_before` and `detour_control`, which have detours of their own: each as a share of the
    coefficient before (nan where that is 0)."""
    ends = ["target", "source"]
    found = pairs.groupby(ends, as_index=False).agg(**{"lambda": ("lambda", "first")})
    for side in SIDES:
        means = pairs[pairs["side"] == side].groupby(ends, as_index=False)[list(_FIGURES)].mean()
        renamed = means.rename(columns={name: f"{name}_{side}" for name in _FIGURES})
        found = found.merge(renamed, "left", ends)
    after = pairs[pairs["side"] == "after"]
    counted = after.groupby(ends, as_index=False).agg(
        selected=("coefficient", lambda values: int((values != 0).sum())),
        n_seeds=("seed", "nunique"),
    )
    found = found.merge(counted, "left", ends).merge(_detours(after, names), "left", ends)
    # Seeds that come back with different signs do not cancel each other.
    sizes = pairs.assign(size=pairs["detour_coefficient"].abs()).pivot_table("size", ends, "side")
    whole = found["coefficient_before"].abs().where(found["coefficient_before"] != 0).to_numpy()
    for side in SIDES:
        size = sizes.get(side, pd.Series(dtype=float, index=sizes.index))
        found[f"detour_{side}"] = (
            size.reindex(pd.MultiIndex.from_frame(found[ends])).to_numpy() / whole
        )
    found.insert(0, "source_name", names.to_numpy()[found["source"]])
    found.insert(0, "target_name", names.to_numpy()[found["target"]])
    return found.sort_values("pull_before", ascending=False, kind="stable", ignore_index=True)


def _detours(after: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """The category that most seeds go through, of every pair of the rows after cutting."""
    rows: list[tuple[int, int, str | None]] = []
    for (target, source), group in after.groupby(["target", "source"]):
        taken = group.loc[group["detour"] != NO_DETOUR, "detour"]
        most = None if taken.empty else str(names.iat[int(taken.mode().iat[0])])
        rows.append((target, source, most))
    return pd.DataFrame(rows, columns=["target", "source", "detour"])


def returning(found: pd.DataFrame, side: str = "after") -> pd.DataFrame:
    """The rows of `each` whose detour in this network is large enough to matter."""
    return found[found[f"detour_{side}"] >= MATTERS]


def said(found: pd.DataFrame) -> str:
    """Whether they are gone on other images and penalties, too, and how many come back; of `each`."""
    n = len(found)
    scaled = int((found["coefficient_scaled_after"] != 0).sum())
    held_out = int((found["coefficient_holdout_after"] != 0).sum())
    return (
        f"After cutting, at least one seed still selects {scaled} of {n} at the same λ / λ max, where "
        f"smaller logits alone take nothing away, and {held_out} of {n} in equations of held-out images. "
        f"{_back(found)}"
    )


def _back(found: pd.DataFrame) -> str:
    """How many come back through a third category, beside the control, where nothing was cut."""
    back, beside = returning(found), len(returning(found, "control"))
    least = f"by at least {percent(MATTERS, 0)} of the coefficient before"
    average = (
        f"on average the detour makes up {percent(found['detour_after'].mean())} of it "
        f"(control {percent(found['detour_control'].mean())})"
    )
    if back.empty:
        return f"None comes back through a third category {least} (control {beside}); {average}."
    largest = back.loc[back["detour_after"].idxmax()]
    verb, size = "comes" if len(back) == 1 else "come", percent(largest["detour_after"], 0)
    return (
        f"{len(back)} of {len(found)} {verb} back through a third category {least} (control {beside}); "
        f"{average}. The largest detour, {size}, leads from {largest['source_name']} through "
        f"{largest['detour']} into {largest['target_name']}."
    )
