"""How well dependencies agree with each measure of compliance.parquet, and which agree with none."""

from dataclasses import asdict

import numpy as np
import pandas as pd

from precompute.redundancy.intervals import mean

MEASURES = ("confusion", "head_cosine", "wordnet")
SIGNS = ("all", "positive", "negative")
STABLE = 0.8  # share of half-samples
EXPLAINED = 0.5  # rank: more like the target than half of what its equation does not use
FEWEST_PARENTS = 3  # of one sign in an equation whose parents are ranked


def agreement(table: pd.DataFrame) -> pd.DataFrame:
    """For every measure and sign of the coefficient, means over the targets, which count alike:

    - `auroc`: chance that a parent is more like its target than one of the target's non-parents; 1/2 if
      the measure knows nothing
    - `spearman`: correlation over the parents of one equation between |coefficient| and the measure; 0 if
      it knows nothing

    each with `_low` and `_high`, the ends of the 95 % bootstrap interval over targets, and `_control`, the
    same for parents dealt from another target. `n_targets` and `n_dependencies` have the measure;
    `n_equations` have FEWEST_PARENTS of the sign, and a correlation.
    """
    return pd.DataFrame([
        {"measure": measure, "sign": sign} | _agreement(_signed(table, sign), measure)
        for measure in MEASURES
        for sign in SIGNS
    ])  # fmt: skip


def _signed(table: pd.DataFrame, sign: str) -> pd.DataFrame:
    if sign == "all":
        return table
    return table[table["coefficient"] > 0 if sign == "positive" else table["coefficient"] < 0]


def _agreement(table: pd.DataFrame, measure: str) -> dict:
    known = table[table[f"{measure}_rank"].notna()]
    own, control = known[~known["control"]], known[known["control"]]
    row: dict = {"n_targets": own["target"].nunique(), "n_dependencies": len(own)}
    for name, of_targets in (("auroc", _aurocs), ("spearman", _within_equations)):
        found = asdict(mean(of_targets(own, measure)))
        row[name], row[f"{name}_low"], row[f"{name}_high"] = (
            found[end] for end in ("value", "low", "high")
        )
        if name == "spearman":
            row["n_equations"] = found["n"]
        row[f"{name}_control"] = mean(of_targets(control, measure)).value
    return row


def _aurocs(rows: pd.DataFrame, measure: str) -> np.ndarray:
    return rows.groupby("target")[f"{measure}_rank"].mean().to_numpy()


def _within_equations(rows: pd.DataFrame, measure: str) -> np.ndarray:
    """Spearman's correlation of |coefficient| with the measure in every equation that has enough parents,
    and not all of them alike."""
    rows = rows.assign(strength=rows["coefficient"].abs())
    rows = rows[rows.groupby("target")["source"].transform("size") >= FEWEST_PARENTS]
    group = rows["target"]
    a, b = (rows.groupby("target")[name].rank() for name in ("strength", measure))
    a, b = (rank - rank.groupby(group).transform("mean") for rank in (a, b))
    power = np.sqrt((a * a).groupby(group).sum() * (b * b).groupby(group).sum())
    both = (a * b).groupby(group).sum()
    return (both[power > 0] / power[power > 0]).to_numpy()


def least_explained(table: pd.DataFrame, stability: pd.Series) -> pd.DataFrame:
    """Strong and stable dependencies, the least explained first: `alike` is the largest of their ranks, and
    below EXPLAINED none of the three measures explains one (`unexplained`).

    Strong: the coefficient is positive and at least the median of the network's positive ones. Stable:
    CovLasso finds it again in at least 80 % of the half-samples (`stability`, by target and source). At
    least two measures are known. Negative ones are left out: categories that speak against each other need
    not be alike. Empty where stability was not measured.
    """
    own = table[~table["control"]].join(stability.rename("stability"), on=["target", "source"])
    positive = own[own["coefficient"] > 0]
    rank = positive[[f"{measure}_rank" for measure in MEASURES]]
    strong = positive["coefficient"] >= positive["coefficient"].median()
    stable = positive["stability"] >= STABLE
    alike = rank.max(axis=1)
    found = positive.assign(alike=alike, unexplained=alike < EXPLAINED)
    found = found[strong & stable & (rank.notna().sum(axis=1) >= 2)]
    return found.sort_values(["alike", "coefficient"], ascending=[True, False], ignore_index=True)
