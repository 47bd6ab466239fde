"""How well dependencies agree with each measure of compliance.parquet, and which agree with none."""

from dataclasses import dataclass
from typing import NamedTuple

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
    own, control = (_Equations.of(table[table["control"] == dealt]) for dealt in (False, True))
    return pd.DataFrame([
        {"measure": measure, "sign": sign}
        | _agreement(own.known(sign, measure), control.known(sign, measure))
        for measure in MEASURES
        for sign in SIGNS
    ])  # fmt: skip


class _Known(NamedTuple):
    """Parents of one sign that are known in one measure: their places (m, w), NaN where there is none."""

    strength: np.ndarray  # |coefficient|
    value: np.ndarray
    rank: np.ndarray


@dataclass(frozen=True)
class _Equations:
    """m equations of at most w parents: each of the `columns` as a table (m, w), NaN beyond an equation's
    end. An equation is short, so that one pass over such tables does for all what would take long one
    equation after the other."""

    columns: dict[str, np.ndarray]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> "_Equations":
        """Of rows of compliance.parquet."""
        group = rows.groupby("target")
        equation, place = group.ngroup().to_numpy(), group.cumcount().to_numpy()
        columns = {}
        for name in ("coefficient", *MEASURES, *(f"{measure}_rank" for measure in MEASURES)):
            columns[name] = np.full((group.ngroups, place.max(initial=-1) + 1), np.nan)
            columns[name][equation, place] = rows[name]
        return cls(columns)

    def known(self, sign: str, measure: str) -> _Known:
        coefficient, rank = self.columns["coefficient"], self.columns[f"{measure}_rank"]
        among = np.isfinite(rank)
        if sign != "all":
            among &= coefficient > 0 if sign == "positive" else coefficient < 0
        found = (np.abs(coefficient), self.columns[measure], rank)
        return _Known(*(np.where(among, values, np.nan) for values in found))


def _agreement(own: _Known, control: _Known) -> dict:
    aurocs = _aurocs(own)
    row: dict = {"n_targets": len(aurocs), "n_dependencies": int(np.isfinite(own.rank).sum())}
    for name, of_targets in (("auroc", _aurocs), ("spearman", _within_equations)):
        found = mean(of_targets(own))
        row |= {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
        if name == "spearman":
            row["n_equations"] = found.n
        dealt = of_targets(control)
        row[f"{name}_control"] = dealt.mean() if len(dealt) > 1 else np.nan
    return row


def _aurocs(parents: _Known) -> np.ndarray:
    """The mean rank of every equation that has a parent."""
    size = np.isfinite(parents.rank).sum(axis=1)
    return np.nansum(parents.rank, axis=1)[size > 0] / size[size > 0]


def _within_equations(parents: _Known) -> np.ndarray:
    """Spearman's correlation of |coefficient| with the measure in every equation that has enough parents,
    and not all of them alike."""
    enough = np.isfinite(parents.rank).sum(axis=1) >= FEWEST_PARENTS
    a, b = (_centred_ranks(values[enough]) for values in (parents.strength, parents.value))
    power = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return (a * b).sum(axis=1)[power > 0] / power[power > 0]


def _centred_ranks(values: np.ndarray) -> np.ndarray:
    """The midranks in every row (m, w), less their mean; 0 where a value is NaN, which has none."""
    rank = np.zeros(values.shape)
    for other in values.T[:, :, None]:
        rank += (other < values) + (other == values) / 2
    known = np.isfinite(values)
    # Half of the case itself is counted, so that ranks of k values have the mean k / 2.
    return np.where(known, rank - known.sum(axis=1, keepdims=True) / 2, 0.0)


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
