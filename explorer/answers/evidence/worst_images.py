"""The held-out images of one equation: those that show the category, and those on which it fails worst.

Pure functions from arrays to frames: pictures, table and download come from them, so that what is shown
and what is saved cannot differ.
"""

import numpy as np
import pandas as pd

from explorer.answers.evidence.heldout import Holdout

SIDES = ("both", "too much", "too little")


def image_table(
    images: Holdout, target: int, predicted: np.ndarray, sd: float, names: np.ndarray
) -> pd.DataFrame:
    """Every held-out image, in their order: image_id, `shows` (name of its category, null where it has
    no label), `top1` (what the network takes it for), `logit` (the network's), `predicted` (the
    equation's), `off` (the difference in standard deviations of the logit, positive where the equation
    says too much), `of_category` (whether it shows the target, or is taken for it without a label)."""
    logit = images.logits[:, target].astype(np.float64)
    known = images.labels >= 0
    own = np.where(known, images.labels, images.top1)
    return pd.DataFrame(
        {
            "image_id": images.image_ids,
            "shows": pd.Series(names[images.labels], dtype="str").where(known, None),
            "top1": names[images.top1],
            "logit": logit,
            "predicted": predicted,
            "off": (predicted - logit) / sd if sd > 0 else np.nan,
            "of_category": own == target,
        }
    )


def worst(images: pd.DataFrame, side: str = "both") -> pd.DataFrame:
    """Rows of `image_table`, the largest miss first; `side` is one of SIDES."""
    if side == "too much":
        images = images[images["off"] > 0]
    elif side == "too little":
        images = images[images["off"] < 0]
    return images.sort_values("off", key=np.abs, ascending=False, ignore_index=True, kind="stable")


def examples(images: pd.DataFrame, count: int) -> tuple[pd.DataFrame, bool]:
    """At most `count` rows of `image_table` that belong to the category, the network's largest logit first;
    and whether there are any. If not, these are just the images with its largest logits."""
    ordered = images.sort_values("logit", ascending=False, ignore_index=True, kind="stable")
    own = ordered[ordered["of_category"]]
    return (own if len(own) else ordered).head(count).reset_index(drop=True), len(own) > 0
