"""What became of every dependency that was to be cut, and whether it came back by another way."""

import pandas as pd

from explorer.words.formatting import weight_text
from precompute.atlas.contract.schema_robustness import SIDES

NO_DETOUR = -1
_FIGURES = ("pull", "coefficient", "coefficient_scaled", "coefficient_holdout")


def each(pairs: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """One row for each pair of pairs.parquet, the one pulled hardest before first: target, source, their
    names (`names` of the categories, in logit order), lambda; means over seeds of `pull`, `coefficient`,
    `coefficient_scaled` and `coefficient_holdout` in every network, as pull_before, pull_control ...; in
    how many of n_seeds it is still `selected` after; and the category of the `detour` that most seeds take
    after cutting (null for none), with the mean `detour_coefficient` of all seeds, and `detour_control`,
    that of the control, which may have detours of its own."""
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
    control = pairs[pairs["side"] == "control"].groupby(ends)["detour_coefficient"].mean()
    found["detour_control"] = control.reindex(pd.MultiIndex.from_frame(found[ends])).to_numpy()
    found.insert(0, "source_name", names.to_numpy()[found["source"]])
    found.insert(0, "target_name", names.to_numpy()[found["target"]])
    return found.sort_values("pull_before", ascending=False, kind="stable", ignore_index=True)


def _detours(after: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    rows: list[tuple[int, int, str | None, float]] = []
    for (target, source), group in after.groupby(["target", "source"]):
        taken = group.loc[group["detour"] != NO_DETOUR, "detour"]
        most = None if taken.empty else str(names.iat[int(taken.mode().iat[0])])
        rows.append((target, source, most, float(group["detour_coefficient"].mean())))
    columns = ["target", "source", "detour", "detour_coefficient"]
    return pd.DataFrame(rows, columns=columns)


def said(found: pd.DataFrame) -> str:
    """Whether they are gone on other images and penalties, too, and how many come back; of `each`."""
    n = len(found)
    scaled = int((found["coefficient_scaled_after"] != 0).sum())
    held_out = int((found["coefficient_holdout_after"] != 0).sum())
    text = (
        f"After cutting, at least one seed still selects {scaled} of {n} at the same λ / λ max, where "
        f"smaller logits alone take nothing away, and {held_out} of {n} in equations of held-out images."
    )
    back = found.dropna(subset="detour")
    if back.empty:
        return f"{text} None comes back through a third category."
    size, control = (found[name].abs().mean() for name in ("detour_coefficient", "detour_control"))
    largest = back.loc[back["detour_coefficient"].abs().idxmax()]
    return (
        f"{text} {len(back)} of {n} come back in part through a third category, by a coefficient of "
        f"{weight_text(size)} on average (control {weight_text(control)}); the largest such detour leads "
        f"from {largest['source_name']} through {largest['detour']} into {largest['target_name']}."
    )
