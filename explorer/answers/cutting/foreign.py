"""Whether a cut network tells foreign images better than its control does."""

import pandas as pd

from explorer.answers.cutting.seeds import means
from explorer.tables.cut import CutTables
from precompute.ood.scores import DEPENDENCY, ENERGY, LOGIT, NAMES, SOFTMAX

ALL = "all sets"  # what the mean over all sets is called
# Those that the literature judges robustness by come first.
FIRST = (SOFTMAX, LOGIT, ENERGY, DEPENDENCY)
DRAWN = tuple(NAMES[score] for score in FIRST)  # by the names that readers know
ORDER = (*FIRST, *(score for score in NAMES if score not in FIRST))
FIGURES = ("auroc", "aupr", "fpr95")


def figures(cut: CutTables) -> pd.DataFrame:
    """One row for each set and score: set, score (in words), AUROC, AUPR and FPR at 95 % of every side
    (auroc_before, ...), means over seeds, and the gain in AUROC with its interval (nan without one); the
    means over all sets first."""
    gains = cut.gain.set_index(["set", "score"])
    together = cut.detection.assign(set="")
    rows = []
    for (each, score), group in pd.concat([together, cut.detection]).groupby(
        ["set", "score"], sort=False
    ):
        row = {"set": each, "score": score}
        for figure in FIGURES:
            row |= {f"{figure}_{side}": mean for side, mean in means(group, figure).items()}
        rows.append(row)
    found = pd.DataFrame(rows, columns=_columns())
    keys = pd.MultiIndex.from_frame(found[["set", "score"]])
    for name in ("gain", "low", "high"):
        found[name] = gains[name].reindex(keys).to_numpy(float)
    rank = {name: k for k, name in enumerate(ORDER)}
    order = found["score"].map(rank).fillna(len(rank))
    found = found.assign(order=order).sort_values(["order"], kind="stable", ignore_index=True)
    found = found.sort_values("set", key=lambda sets: sets != "", kind="stable", ignore_index=True)
    words = found["score"].map(NAMES).fillna(found["score"])
    return found.assign(set=found["set"].replace("", ALL), score=words)[
        _columns(("gain", "low", "high"))
    ]


def _columns(more: tuple[str, ...] = ()) -> list[str]:
    sides = [f"{figure}_{side}" for figure in FIGURES for side in ("before", "control", "after")]
    return ["set", "score", *more, *sides]
