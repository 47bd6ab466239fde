"""What the figures of one set of foreign images say about the dependency score, in a sentence."""

import pandas as pd

from precompute.ood.detection import ORDINARY
from precompute.ood.scores import CONTROLS, DEPENDENCY, LOGIT

CHANCE = 0.5  # AUROC of a score that tells nothing


def at_choice(detection: pd.DataFrame, choice: str = ORDINARY) -> pd.DataFrame:
    """The rows of detection.parquet at one choice of the sparsity, with the scores that have none, the best
    AUROC first."""
    rows = detection[detection["choice"].isin(["", choice])]
    return rows.sort_values("auroc", ascending=False, kind="stable", ignore_index=True)


def sentence(detection: pd.DataFrame, broken: pd.DataFrame, choice: str = ORDINARY) -> str:
    """Whether the dependency score tells foreign images from held-out ones, whether it does better than its
    controls, which score does best, and whether dependencies break at all; from detection.parquet and
    broken.parquet."""
    rows = at_choice(detection, choice).set_index("score")
    ours = rows.loc[DEPENDENCY]
    return (
        f"The dependency score {_tells(ours)} (AUROC {_span(ours, 'auroc', 1)}), "
        f"{_beside(rows.loc[list(CONTROLS)])}; {_best(rows.iloc[0])}. "
        f"{_how_far(broken, choice, rows.loc[LOGIT])}"
    )


def _tells(ours: pd.Series) -> str:
    if ours["auroc_low"] > CHANCE:
        return "tells these images from held-out ones"
    if ours["auroc_high"] < CHANCE:
        return "takes these images for more usual than held-out ones"
    return "does not tell these images from held-out ones"


def _beside(controls: pd.DataFrame) -> str:
    """Worse than a control, no better than one, or better than all, beyond what chance allows."""
    for which, than in (
        (controls["ahead_high"] < 0, "worse than"),
        (controls["ahead_low"] <= 0, "no better than"),
    ):
        if which.any():
            *first, last = controls.index[which]
            listed = f"{', '.join(first)} and {last}" if first else last
            return f"{than} {listed}, its control{'s' if first else ''}"
    return "better than all its controls"


def _best(best: pd.Series) -> str:
    if best.name == DEPENDENCY:
        return "no other score does better"
    clear = "" if best["ahead_high"] < 0 else ", which is no clear difference"
    return f"best is {best.name}, ahead by {_span(best, 'ahead', -1)}{clear}"


def _how_far(broken: pd.DataFrame, choice: str, logit: pd.Series) -> str:
    ratio = broken.loc[broken["choice"] == choice, "ratio"].median()
    if ratio > 1:
        return f"Equations are off by {ratio:.2f} times as much as on held-out images (median)."
    beside = (
        "only beside the largest logit, which is smaller here, do they break"
        if logit["ahead_low"] > 0
        else "the largest logit by itself tells as much"
    )
    return (
        f"In logits, equations are off by no more than on held-out images ({ratio:.2f} times as much, "
        f"median): {beside}."
    )


def _span(row: pd.Series, figure: str, sign: int) -> str:
    """Figure and interval, as "0.946, 0.930 to 0.961"; sign -1 turns them round."""
    ends = sorted(sign * float(row[f"{figure}_{end}"]) for end in ("low", "high"))
    return f"{sign * row[figure]:.3f}, {ends[0]:.3f} to {ends[1]:.3f}"
