"""Whether classification survives when a category's logit is replaced: the pooled curve of a network, the
counts of one category, and what both say in words."""

import numpy as np
import pandas as pd

from explorer.words.formatting import count, percent
from precompute.survival.pooled import pooled
from precompute.survival.rule import FEW, KEPT

LEVELS = (8, 32, 100, 300)  # numbers of parents that networks are compared at, beside the dense map


def curve(survival: pd.DataFrame, refit: bool) -> pd.DataFrame:
    """`precompute.survival.pooled.pooled` of a network's survival.parquet: its sparse equations with one
    kind of coefficients, and the dense map; sorted by weighting, constant and number of parents, dense
    last."""
    kinds = ["refit" if refit else "lasso", "dense"]
    found = pooled(survival[survival["kind"].isin(kinds)])
    order = ["weighting", "constant", "n_parents"]
    return found.sort_values(order, ignore_index=True, na_position="last")


def own(survival: pd.DataFrame, category: int, refit: bool) -> pd.DataFrame:
    """The rows of one category, in the order of `curve`, with `recall_kept` = hits after over hits before;
    empty where it is not in the sample."""
    rows = survival[survival["category"] == category]
    rows = rows[rows["kind"].isin(["refit" if refit else "lasso", "dense"])]
    kept = rows["hits_after"] / rows["hits_before"].where(rows["hits_before"] > 0)
    order = ["weighting", "n_parents"]
    return rows.assign(recall_kept=kept).sort_values(order, ignore_index=True, na_position="last")


def levels(curves: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Recall kept of every network (its `curve`) at LEVELS and dense: one row for each network, weighting
    and constant; NaN where a network has no such size."""
    rows = []
    for model, points in curves.items():
        for (weighting, constant), line in points.groupby(["weighting", "constant"], sort=False):
            kept = dict(zip(line["n_parents"].fillna(0), line["recall_kept"], strict=True))
            row = {"model": model, "equations": name_of(weighting, constant)}
            row |= {str(size): kept.get(size, np.nan) for size in LEVELS}
            rows.append(row | {"dense": kept.get(0, np.nan)})
    return pd.DataFrame(rows)


def name_of(weighting: float, constant: bool) -> str:
    """A line of the curve in words."""
    base = "as they are" if weighting == 0 else f"own images weigh {percent(weighting, 0)}"
    return base + (", with a constant" if constant else "")


def lines(points: pd.DataFrame) -> str:
    """From how many parents on classification survives, for each line of a network's `curve`: a list in
    Markdown."""
    said = []
    for (weighting, constant), line in points.groupby(["weighting", "constant"], sort=False):
        sparse, dense = line[line["n_parents"].notna()], line[line["n_parents"].isna()]
        holding = sparse.loc[sparse["holds"].eq(True), "n_parents"]
        if len(holding):
            found = f"with {' or '.join(map(count, holding))} parents"
        elif dense["holds"].eq(True).any():
            found = "with all categories (the dense map) only"
        else:
            found = "nowhere for certain"
        said.append(f"- {name_of(weighting, constant)}: {found}")
    return "\n".join(said)


def rule() -> str:
    """The rule of the verdict, in words."""
    return (
        f"It survives where the whole 95 % interval of the recall kept lies at {percent(KEPT, 0)} or "
        "above, and false positives at most double (plus 0.1 per 1,000 images); it does not where either "
        f"interval lies wholly on the other side. With fewer than {FEW} images neither is said."
    )


def sample(survival: pd.DataFrame) -> dict[str, int]:
    """How many categories were tried, of how many that have held-out images; how many of them with the most
    parents; and the largest number of held-out images that one category has."""
    sparse = survival[survival["kind"] != "dense"]
    longest = sparse[sparse["n_parents"] == sparse["n_parents"].max()]
    return {
        "tried": int(survival["category"].nunique()),
        "of": int(survival["n_candidates"].iat[0]),
        "deep": int(longest["category"].nunique()),
        "longest": int(sparse["n_parents"].max()),
        "images": int(survival.drop_duplicates("category")["n_images"].sum()),
        "most": int(survival["n_images"].max()),
    }
