"""What held-out images say about the claim that networks depend on each other, in words; a pair for
which it fails is said to fail.

The rule, for both sides alike: the claim holds for a pair where the whole 95 % interval of the median
held-out R² over its categories lies at or above WANTED, it does not hold where the whole interval lies
below, and is not decided in between or on fewer than FEW images.
"""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from explorer.words.formatting import count, number

WANTED = 0.5  # median R² from which the claim holds: half of the variance explained
FEW = 30  # held-out images, with fewer of which R² says little


def judged(row: Mapping[Any, Any], refit: bool) -> bool | None:
    """Whether the claim holds for a pair: a row of `links.summary`. None: not decided."""
    median, low, high = _median(row, refit)
    if not _can_be_told(row, median):
        return None
    return True if low >= WANTED else False if high < WANTED else None


def between(row: Mapping[Any, Any], refit: bool) -> tuple[bool | None, str]:
    """`judged`, and a sentence that says why."""
    median, low, high = _median(row, refit)
    if not _can_be_told(row, median):
        return None, (
            f"This cannot be told here: the networks share {count(row['n_holdout'])} held-out images, and "
            f"at least {FEW} are asked for, on which logits differ."
        )
    holds = judged(row, refit)
    claim = "that one network's logits are combinations of the other's"
    said = {
        True: f"The claim {claim} holds for this pair",
        False: f"The claim {claim} does not hold for this pair",
        None: f"Whether the claim holds {claim} is not decided for this pair",
    }[holds]
    where = {True: "all of it at or above", False: "all of it below", None: "on both sides of"}[
        holds
    ]
    return holds, (
        f"{said}: the median held-out R² over its categories is {number(median)}, 95 % interval "
        f"{interval(low, high)}, {where} the {number(WANTED)} that is asked for. {_worth(row, refit)}"
    )


def every_pair(pairs: pd.DataFrame, refit: bool) -> str:
    """How many of an atlas's links hold, fail and are open, the best and the worst: rows of
    `links.summary`."""
    verdicts = [judged(row, refit) for row in pairs.to_dict("records")]
    held, failed, still_open = (verdicts.count(verdict) for verdict in (True, False, None))
    said = [
        f"The claim holds for {held} of {len(pairs)} links, does not hold for {failed}, and is not "
        f"decided for {still_open}."
    ]
    measure = "r2_refit" if refit else "r2"
    ranked = pairs.dropna(subset=measure).sort_values(measure, ascending=False)
    for word, row in zip(("best", "worst"), (ranked.head(1), ranked[1:].tail(1)), strict=True):
        for target, source, median in row[["target_model", "source_model", measure]].to_numpy():
            said.append(f"The {word} is {target} from {source}, median R² {number(median)}.")
    return " ".join(said)


def interval(low: float, high: float) -> str:
    """Both ends, with three digits where two would tell them apart from nothing."""
    digits = 2 if round(high, 2) - round(low, 2) > 0.015 else 3
    return f"{number(low, digits)} to {number(high, digits)}"


def _worth(row: Mapping[Any, Any], refit: bool) -> str:
    """How many categories have an equation that says something about new images."""
    found, n = row["n_explained_refit" if refit else "n_explained"], row["n_targets"]
    rest = n - found
    who = f"{count(found)} of {count(n)}" if rest else f"All {count(n)}"
    said = f"{who} categories have an R² above 0 and above the shuffled control"
    if rest:
        said += (
            f"; the equations of the other {count(rest)} say no more about a new image than the mean logit "
            "does, or than a shuffled target's equation"
        )
    return said + "."


def _median(row: Mapping[Any, Any], refit: bool) -> tuple[float, float, float]:
    name = "r2_refit" if refit else "r2"
    return row[name], row[f"{name}_low"], row[f"{name}_high"]


def _can_be_told(row: Mapping[Any, Any], median: float) -> bool:
    return row["n_holdout"] >= FEW and math.isfinite(median)
