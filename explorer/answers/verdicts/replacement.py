"""What the numbers say about the paper's claims, in words; a claim that fails is said to fail."""

import math

import pandas as pd

from explorer.answers.evidence.heldout import HeldOutFigures
from explorer.words.formatting import percent

FEW = 10  # images, with fewer of which a part of KEPT cannot be told from less
KEPT = 0.9  # share of its recall that a category must keep for its classification to survive


def replacement(figures: HeldOutFigures, name: str, labelled: bool) -> tuple[bool | None, str]:
    """Whether the category is still recognised by its equation alone (None: cannot be told), and a
    sentence that says so."""
    images = f"{figures.n_of_target} held-out {'image' if figures.n_of_target == 1 else 'images'}"
    kind = "of" if labelled else "that the network itself takes for"
    if figures.n_of_target == 0:
        return None, f"No held-out image {kind} {name}, so the claim cannot be tested here."
    if math.isnan(figures.recall_before) or figures.recall_before == 0:
        return (
            None,
            f"The network itself recognises none of the {images} {kind} {name}: nothing to lose.",
        )
    survived = figures.recall_after >= KEPT * figures.recall_before
    change = (
        f"on {images} {kind} {name}, recall goes from {percent(figures.recall_before, 0)} to "
        f"{percent(figures.recall_after, 0)}; top-1 over all images from {percent(figures.top1_before)} to "
        f"{percent(figures.top1_after)}."
    )
    if survived and figures.n_of_target < FEW:
        return None, f"Too few images to say that the claim holds: {change}"
    if survived:
        return True, f"The claim holds here: {change}"
    return False, f"The claim that classification survives does not hold here: {change}"


def replacement_table(figures: HeldOutFigures) -> pd.DataFrame:
    """The same as numbers: measure, before, after (fractions)."""
    return pd.DataFrame(
        {
            "measure": [
                "Top-1, all images",
                "Recall, images of the category",
                "False positives, other images",
            ],
            "before": [figures.top1_before, figures.recall_before, figures.fpr_before],
            "after": [figures.top1_after, figures.recall_after, figures.fpr_after],
        }
    )
