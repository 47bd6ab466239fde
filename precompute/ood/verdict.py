"""Do broken dependencies give foreign images away? The verdict of one set, and the sentence that says it.

Dependencies do where the dependency score is ahead of each of its controls, which have its form without the
dependencies. The terminal and the page say it in the same words.
"""

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from precompute.ood.detection import ORDINARY
from precompute.ood.scores import CONTROLS, DENSE, DEPENDENCY, LOGIT, NAMES

BETTER, LEVEL, WORSE = (f"{than} than its controls" for than in ("better", "no better", "worse"))
UNDECIDED = "not decided"
CHANCE = 0.5  # AUROC of a score that tells nothing
LEAST = 20  # images of either kind, with fewer of which nothing is decided


class Verdict(NamedTuple):
    """How the dependency score stands beside its controls (one of the four words above); whether broken
    dependencies give the images away, None where that is open; and the sentence."""

    beside: str
    holds: bool | None
    said: str


def at_choice(table: pd.DataFrame, choice: str = ORDINARY) -> pd.DataFrame:
    """The rows of detection.parquet or broken.parquet at one choice of the sparsity, with those of scores
    that have none."""
    return table[table["choice"].isin(["", choice])]


def verdict(scores: pd.DataFrame, broken: pd.DataFrame, n_foreign: int, n_holdout: int) -> Verdict:
    """Of the rows of detection.parquet and of broken.parquet `at_choice`, and the images of either kind."""
    if min(n_foreign, n_holdout) < LEAST:
        return Verdict(
            UNDECIDED, None,
            f"The dependency score is not judged: {_images(n_foreign)} and {n_holdout} held-out "
            f"{'one is' if n_holdout == 1 else 'ones are'} too few; {LEAST} of each are needed.",
        )  # fmt: skip
    rows = scores.sort_values("auroc", ascending=False, kind="stable").set_index("score")
    ours, controls = rows.loc[DEPENDENCY], rows.loc[list(CONTROLS)]
    beside = _beside(controls)
    said = (
        f"The dependency score {_tells(ours, f'{_images(n_foreign)} and {n_holdout} held-out ones')} "
        f"(AUROC {_span(ours, 'auroc', 1)}), {_in_words(controls)}; {_best(rows)}. "
        f"{_how_far(broken, rows.loc[LOGIT])}"
    )
    return Verdict(beside, _holds(ours, beside), said)


def _beside(controls: pd.DataFrame) -> str:
    """Worse than a control, no better than one, or better than all, beyond what chance allows."""
    if (controls["ahead_high"] < 0).any():
        return WORSE
    return LEVEL if (controls["ahead_low"] <= 0).any() else BETTER


def _holds(ours: pd.Series, beside: str) -> bool | None:
    if beside == WORSE or ours["auroc_high"] < CHANCE:
        return False
    return True if beside == BETTER and ours["auroc_low"] > CHANCE else None


def _tells(ours: pd.Series, images: str) -> str:
    if ours["auroc_low"] > CHANCE:
        return f"tells {images} apart"
    if ours["auroc_high"] < CHANCE:
        return f"takes the foreign for the more usual ones of {images}"
    return f"does not tell {images} apart"


def _in_words(controls: pd.DataFrame) -> str:
    """Which controls it is worse than, and which no better than; all where it is better than those."""
    behind = controls["ahead_high"] < 0
    level = ~behind & (controls["ahead_low"] <= 0)
    said = [
        f"{than} {_of(controls[which], 'control')} {_list(controls[which])}"
        for which, than in ((behind, "worse than its"), (level, "no better than its"))
        if which.any()
    ]
    if not said:
        return f"better than all its controls, {_list(controls)}"
    return f"{' and '.join(said)}, so that dependencies add nothing that shows"


def _best(rows: pd.DataFrame) -> str:
    best = rows.iloc[0]
    if best.name == DEPENDENCY:
        return "no other score does better"
    clear = "" if best["ahead_high"] < 0 else ", which is no clear difference"
    return f"best is {_name(str(best.name))}, ahead by {_span(best, 'ahead', -1)}{clear}"


def _how_far(broken: pd.DataFrame, logit: pd.Series) -> str:
    ratio = broken["ratio"].median()
    if ratio > 1:
        return f"Equations are off by {ratio:.2f} times as much as on held-out images (median)."
    beside = (
        "they break only beside the largest logit, which is smaller here"
        if logit["ahead_low"] > 0
        else "the largest logit by itself tells as much"
    )
    return (
        f"In logits, equations are off by no more than on held-out images ({ratio:.2f} times as much, "
        f"median): {beside}."
    )


def _name(score: str) -> str:
    return f"{NAMES[score]} (dense)" if score in DENSE else NAMES[score]


def _list(rows: pd.DataFrame) -> str:
    return _joined(f"{NAMES[str(row.Index)]} {row.auroc:.3f}" for row in rows.itertuples())


def _joined(parts: Iterable[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last


def _of(rows: pd.DataFrame, word: str) -> str:
    return word if len(rows) == 1 else f"{word}s"


def _images(n_foreign: int) -> str:
    return f"{n_foreign} foreign {'image' if n_foreign == 1 else 'images'}"


def _span(row: pd.Series, figure: str, sign: int) -> str:
    """Figure and interval, as "0.946, 0.930 to 0.961"; sign -1 turns them round."""
    ends = sorted(sign * float(row[f"{figure}_{end}"]) for end in ("low", "high"))
    return f"{sign * row[figure]:z.3f}, {ends[0]:z.3f} to {ends[1]:z.3f}".replace("-", "−")
