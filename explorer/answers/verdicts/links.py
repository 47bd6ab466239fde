"""What held-out images say about the claim that networks depend on each other, in words; a pair for
which it fails is said to fail."""

import math

import pandas as pd

from explorer.words.formatting import count, number

WANTED = 0.5  # median R² from which the claim holds: half of the variance explained
FEW = 30  # held-out images, with fewer of which R² says little


def between(summary: dict, n_images: int, refit: bool) -> tuple[bool | None, str]:
    """Whether one network's logits are combinations of the other's (None: cannot be told), and a
    sentence that says so. `summary` is that of `links.summary`, `n_images` the held-out ones."""
    suffix = "_refit" if refit else ""
    median = summary[f"r2{suffix}"]
    if n_images < FEW or not math.isfinite(median):
        return None, (
            f"This cannot be told here: the networks share {count(n_images)} held-out images, and at "
            f"least {FEW} are asked for, on which logits differ."
        )
    found, n = summary[f"n_explained{suffix}"], summary["n_targets"]
    rest = n - found
    who = f"{count(found)} of {count(n)}" if rest else f"All {count(n)}"
    worth = f"{who} categories have an R² above 0 and above the shuffled control"
    if rest:
        worth += f"; for the other {count(rest)} the equation is worth nothing"
    holds = bool(median >= WANTED)
    return holds, (
        "The claim that one network's logits are combinations of the other's "
        f"{'holds' if holds else 'does not hold'} for this pair: the median held-out R² is "
        f"{number(median)}, and at least {number(WANTED)} is asked for. {worth}."
    )


def every_pair(pairs: pd.DataFrame, refit: bool) -> str:
    """How many of an atlas's links hold, the best and the worst: rows of `links.summary`."""
    measure = "r2_refit" if refit else "r2"
    ranked = pairs.dropna(subset=measure).sort_values(measure, ascending=False)
    n_holding = int((ranked[measure] >= WANTED).sum())
    said = [f"The claim holds for {n_holding} of {len(pairs)} links."]
    for word, row in zip(("best", "worst"), (ranked.head(1), ranked[1:].tail(1)), strict=True):
        for target, source, median in row[["target_model", "source_model", measure]].to_numpy():
            said.append(f"The {word} is {target} from {source}, median R² {number(median)}.")
    return " ".join(said)
