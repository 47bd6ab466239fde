"""Whether the dependencies hold on an image as they usually do: beside the network's held-out images."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from explorer.words.formatting import count, ordinal, percent, signed
from precompute.ood.usual import BROKEN, Usual

USUAL, UNUSUAL, GONE, OPEN = "as usual", "unusual", "broken", "not decided"
RARE = 0.95  # of the held-out images hold better than an image that is unusual


class Holding(NamedTuple):
    """How dependencies hold on an image: one of the four words above, and the sentence that begins so."""

    kind: str
    said: str


def holding(usual: Usual, score: float) -> Holding:
    """Of an image with this dependency score. H held-out images can show no share beyond 1 - 1 / H: who has
    fewer than 100 says "broken" of nothing, and with fewer than 20 nothing is decided."""
    if not has_equations(usual).any():
        return Holding(OPEN, "not decided: no category has an equation")
    n = len(usual.held_out)
    better = n - int(np.searchsorted(usual.held_out, score, "right"))
    if n < round(1 / (1 - RARE)):
        said = f"only {count(n)} held-out images, of which {count(better)} hold better"
        return Holding(OPEN, f"not decided: {said}")
    if n >= round(1 / (1 - BROKEN)) and better > BROKEN * n:
        share = percent(BROKEN, 0)
        return Holding(GONE, f"broken: more than {share} of its held-out images hold better")
    if better > RARE * n:
        which = f"all its {count(n)}" if better == n else f"{count(better)} of its {count(n)}"
        return Holding(UNUSUAL, f"unusual: {which} held-out images hold better")
    place = float(usual.percentile(np.array([score]))[0])
    return Holding(USUAL, f"as usual for this network: {percentile(place)} of its held-out images")


def percentile(share: float) -> str:
    """A share of images in words."""
    at = round(100 * share)
    if at < 1:
        return "below the 1st percentile"
    return "above the 99th percentile" if at > 99 else f"{ordinal(at)} percentile"


def has_equations(usual: Usual) -> np.ndarray:
    """Whether each category has an equation (n,)."""
    return np.diff(usual.equations.weights.indptr) > 0


def breaks(usual: Usual, logits: np.ndarray) -> np.ndarray:
    """How far every equation is off on images with logits (N, n), in its root mean square residuals on fit
    images; 0 for a category without an equation."""
    return np.where(has_equations(usual), usual.breaks(logits), 0.0)


def broken_on(usual: Usual, names: np.ndarray, logits: np.ndarray, k: int) -> pd.DataFrame:
    """The k equations that break most on one image with logits (n,): category, logit, equation, off."""
    off = breaks(usual, logits[None])[0]
    at = np.argsort(-np.abs(off), kind="stable")[: min(k, int(has_equations(usual).sum()))]
    promised = logits.astype(float) - usual.equations.residuals(logits[None].astype(float))[0]
    return pd.DataFrame({
        "category": names[at], "logit": logits[at].astype(float), "equation": promised[at],
        "off": off[at],
    })  # fmt: skip


def image_table(
    usual: Usual, names: np.ndarray, image_ids: list[str], logits: np.ndarray,
    labels: np.ndarray | None = None, k: int = 3,
) -> pd.DataFrame:  # fmt: skip
    """Images, those first on which dependencies hold least: image_id, shows (null where no label is known,
    -1), top1, score, percentile (share of the held-out images that hold less well), breaks (the k
    categories whose equations are off most, with how far)."""
    scores, off = usual.score(logits), breaks(usual, logits)
    worst = np.argsort(-np.abs(off), axis=1, kind="stable")[:, :k]
    shows = pd.Series([None] * len(logits), dtype=object)
    if labels is not None:
        shows[labels >= 0] = names[labels[labels >= 0]]
    table = pd.DataFrame({
        "image_id": image_ids, "shows": shows, "top1": names[logits.argmax(axis=1)],
        "score": scores, "percentile": usual.percentile(scores),
        "breaks": [
            ", ".join(f"{names[c]} {signed(value)}" for c, value in zip(at, row[at], strict=True))
            for at, row in zip(worst, off, strict=True)
        ],
    })  # fmt: skip
    return table.sort_values("score", ignore_index=True, kind="stable")
