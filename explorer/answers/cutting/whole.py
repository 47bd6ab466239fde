"""What cutting did to a network as a whole: accuracy, and all that was not to be cut."""

import pandas as pd

from explorer.answers.cutting import dependencies
from explorer.answers.cutting.seeds import after_less_control, means
from explorer.tables.cut import CutTables
from precompute.claims.rules.cutting import SCORE, auroc

# Column of sides.parquet: its name, and whether it is a share.
MEASURES = {
    "top1_holdout": ("Top-1, held-out images", True),
    "top1_fit": ("Top-1, fit images", True),
    "still_selected": ("Cut dependencies still selected", True),
    "kept": ("Other dependencies kept", True),
    "coefficient_change": ("Change of other coefficients", True),
    "r2": ("Median held-out R²", False),
    "power": ("Median power, over that before", False),
}
CHANGES = "measure", "share", "before", "control", "after", "difference", "low", "high"


def changes(cut: CutTables) -> pd.DataFrame:
    """CHANGES, one row of each of MEASURES: means over seeds, and after less control with its interval."""
    rows = []
    for column, (name, share) in MEASURES.items():
        found = after_less_control(cut.sides, column)
        rows.append(
            {"measure": name, "share": share, **means(cut.sides, column)}
            | {"difference": found.mean, "low": found.low, "high": found.high}
        )
    return pd.DataFrame(rows, columns=list(CHANGES))


def beside_each_other(cuts: list[CutTables], names: pd.Series) -> pd.DataFrame:
    """One row for each network that was cut from one, the one with the fewest pairs first: what was asked
    for, and what came out; `names` of the categories, in logit order."""
    rows = []
    for cut in cuts:
        top1 = after_less_control(cut.sides, "top1_holdout")
        gain, mean = robustness(cut), auroc(cut.detection)
        found = dependencies.each(cut.pairs, names)
        rows.append({
            "cut_model": cut.name,
            "pairs": cut.info["pairs"],
            "n_pairs": int(cut.info["n_pairs"]),
            "still_selected": means(cut.sides, "still_selected")["after"],
            "top1": top1.mean, "top1_low": top1.low, "top1_high": top1.high,
            "kept": means(cut.sides, "kept")["after"],
            "gain": None if gain is None else float(gain["gain"]),
            "gain_low": None if gain is None else float(gain["low"]),
            "gain_high": None if gain is None else float(gain["high"]),
            "over_before": mean["after"] - mean["before"] if mean else None,
            "back": len(dependencies.returning(found)) / len(found),
            "detour": float(found["detour_after"].mean()),
            "detour_control": float(found["detour_control"].mean()),
        })  # fmt: skip
    return pd.DataFrame(rows).sort_values("n_pairs", kind="stable", ignore_index=True)


def robustness(cut: CutTables) -> pd.Series | None:
    """The row of gain.parquet that decides: max softmax over all sets of foreign images; None without."""
    rows = cut.gain[(cut.gain["set"] == "") & (cut.gain["score"] == SCORE)]
    return rows.iloc[0] if len(rows) else None
