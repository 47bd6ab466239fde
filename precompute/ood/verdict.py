"""What the figures of one set of foreign images say about the dependency score, in a sentence."""

import pandas as pd

from precompute.ood.detection import ORDINARY
from precompute.ood.scores import CONTROLS, DEPENDENCY


def at_choice(detection: pd.DataFrame, choice: str = ORDINARY) -> pd.DataFrame:
    """The rows of detection.parquet at one choice of the sparsity, with the scores that have none, the best
    AUROC first."""
    rows = detection[detection["choice"].isin(["", choice])]
    return rows.sort_values("auroc", ascending=False, kind="stable", ignore_index=True)


def sentence(detection: pd.DataFrame, choice: str = ORDINARY) -> str:
    """Whether broken dependencies give foreign images away, whether they do better than their controls, and
    which score does best; from detection.parquet."""
    rows = at_choice(detection, choice).set_index("score")
    ours, best = rows.loc[DEPENDENCY], rows.iloc[0]
    level = [name for name in CONTROLS if rows.at[name, "ahead_low"] <= 0]
    figure = f"AUROC {_span(ours, 'auroc', 1)}"
    if ours["auroc_low"] <= 0.5:
        said = f"Broken dependencies do not give these images away ({figure})"
    else:
        said = f"Broken dependencies give these images away ({figure})"
    said += (
        f", no better than {_listed(level)}, from which the dependencies were taken out"
        if level
        else ", better than with the dependencies taken out"
    )
    if best.name == DEPENDENCY:
        return f"{said}; no other score does better."
    clear = "" if best["ahead_high"] < 0 else ", which is no clear difference"
    return f"{said}; best is {best.name}, ahead by {_span(best, 'ahead', -1)}{clear}."


def _span(row: pd.Series, figure: str, sign: int) -> str:
    """Figure and interval, as ".946 (.930 to .961)"; sign -1 turns them round."""
    ends = sorted(sign * float(row[f"{figure}_{end}"]) for end in ("low", "high"))
    return f"{sign * row[figure]:.3f} ({ends[0]:.3f} to {ends[1]:.3f})"


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
