"""What cutting did to a network as a whole: accuracy, and all that was not to be cut."""

import pandas as pd

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


def robustness(cut: CutTables) -> pd.Series | None:
    """The row of gain.parquet that decides: max softmax over all sets of foreign images; None without."""
    rows = cut.gain[(cut.gain["set"] == "") & (cut.gain["score"] == SCORE)]
    return rows.iloc[0] if len(rows) else None


def auroc_of(cut: CutTables) -> dict[str, float]:
    """AUROC of max softmax of every side, mean over sets and seeds; empty without foreign images."""
    return auroc(cut.detection)
