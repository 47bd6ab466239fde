"""What the numbers say about the paper's claims, in words; a claim that fails is said to fail."""

import math

import pandas as pd

from explorer.answers.evidence.heldout import HeldOutFigures
from explorer.answers.evidence.replaced import Replaced
from explorer.words.formatting import percent
from precompute.survival.rule import FEW


def replacement(
    figures: HeldOutFigures, found: Replaced, name: str, labelled: bool
) -> tuple[bool | None, str]:
    """Whether the category is still recognised by its equation alone (None: cannot be told), and a
    sentence that says so. Neither verdict is given on fewer images than the other needs."""
    n = found.n_images
    images = f"{n} held-out {'image' if n == 1 else 'images'}"
    kind = "of" if labelled else "that the network itself takes for"
    if n == 0:
        return None, f"No held-out image {kind} {name}, so the claim cannot be tested here."
    if math.isnan(figures.recall_before) or figures.recall_before == 0:
        return (
            None,
            f"The network itself recognises none of the {images} {kind} {name}: nothing to lose.",
        )
    change = (
        f"on {images} {kind} {name}, recall goes from {percent(figures.recall_before, 0)} to "
        f"{percent(figures.recall_after, 0)}, and false positives on other images from "
        f"{percent(figures.fpr_before, 2)} to {percent(figures.fpr_after, 2)}."
    )
    if n < FEW:
        return None, f"Too few images for either verdict, {FEW} are asked for: {change}"
    low, high = (percent(end, 0) for end in found.kept)
    change += f" Of its recall {low} to {high} is kept (95 % interval)."
    said = {
        True: "The claim holds here",
        False: "The claim that classification survives does not hold here",
        None: "Neither verdict can be given",
    }
    return found.holds, f"{said[found.holds]}: {change}"


def replacement_table(figures: HeldOutFigures) -> pd.DataFrame:
    """The same as numbers: measure, before, after (fractions). Top-1 over all images is left out: images of
    one category are so few of them that it cannot tell."""
    return pd.DataFrame(
        {
            "measure": ["Recall, images of the category", "False positives, other images"],
            "before": [figures.recall_before, figures.fpr_before],
            "after": [figures.recall_after, figures.fpr_after],
        }
    )
