"""How well a score tells foreign images from held-out ones: AUROC, AUPR and FPR at 95%, with intervals.

A score is large where an image is like those that the network knows. AUROC: how often a held-out image
has a larger score than a foreign one (ties count half); AUPR: average precision of finding the foreign
images by small scores; FPR: share of the foreign images that pass where 95% of the held-out ones do
(Hendrycks and Gimpel 2017, arXiv 1610.02136).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from precompute.atlas.schema import CHOICES
from precompute.ood.scores import DEPENDENCY
from precompute.resamples import LEVEL, draws

PASSING = 0.95  # share of the held-out images that pass the threshold of the FPR
FIGURES = ("auroc", "aupr", "fpr95")
ORDINARY = (
    "readable"  # the choice whose dependency score others without equations are compared with
)
_CELLS = 2**22  # numbers of one block of resamples


class Ranking(NamedTuple):
    """Images of both kinds in rising order of a score; equal scores make one place of the P places."""

    place: np.ndarray  # (H + F,) of every image, held-out ones first
    n_held_out: int

    @classmethod
    def of(cls, held_out: np.ndarray, foreign: np.ndarray) -> "Ranking":
        """Of scores (H,) and (F,)."""
        _, place = np.unique(np.r_[held_out, foreign], return_inverse=True)
        return cls(place, len(held_out))

    def figures(self, held_out: np.ndarray, foreign: np.ndarray) -> np.ndarray:
        """FIGURES (D, 3) of images that count as often as D resamples say, (D, H) and (D, F)."""
        held, other = (
            self._by_place(held_out, self.place[: self.n_held_out]),
            self._by_place(foreign, self.place[self.n_held_out :]),
        )
        below_held, below_other = np.cumsum(held, axis=1), np.cumsum(other, axis=1)
        n_held, n_other = below_held[:, -1:], below_other[:, -1:]
        auroc = (held * (below_other - other / 2)).sum(axis=1) / (n_held * n_other)[:, 0]
        found = below_other + below_held
        precision = np.divide(below_other, found, out=np.zeros_like(found), where=found > 0)
        aupr = (precision * other).sum(axis=1) / n_other[:, 0]
        passing = n_held - (below_held - held) >= PASSING * n_held * (1 - 1e-12)
        threshold = passing.sum(axis=1) - 1  # the highest place that so many reach
        refused = np.take_along_axis(below_other - other, threshold[:, None], axis=1)
        fpr = ((n_other - refused) / n_other)[:, 0]
        return np.stack([auroc, aupr, fpr], axis=1)

    def _by_place(self, counts: np.ndarray, place: np.ndarray) -> np.ndarray:
        """Sums (D, P) of counts (D, images) that share a place."""
        order = np.argsort(place, kind="stable")
        starts = np.flatnonzero(np.diff(place[order], prepend=-1))
        summed = np.zeros((len(counts), self.place.max() + 1))
        summed[:, place[order][starts]] = np.add.reduceat(counts[:, order], starts, axis=1)
        return summed


def resampled(held_out: np.ndarray, foreign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """FIGURES (3,) of scores (H,) and (F,), and those of every bootstrap resample of the images of both
    kinds (N_DRAWS, 3); the resamples are the same for every score, so that their differences are paired."""
    ranking = Ranking.of(held_out, foreign)
    (found,) = ranking.figures(np.ones((1, len(held_out))), np.ones((1, len(foreign))))
    kinds = [draws(len(held_out), 0), draws(len(foreign), 1)]
    step = max(1, _CELLS // (len(held_out) + len(foreign)))
    parts = []
    for start in range(0, len(kinds[0].counts), step):
        counts = [kind.counts[start : start + step][:, kind.groups()] for kind in kinds]
        parts.append(ranking.figures(*counts))
    return found, np.concatenate(parts)


def interval(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of the percentile interval of resamples (N_DRAWS, ...)."""
    low, high = np.quantile(values, LEVEL, axis=0)
    return low, high


def detection_table(scores: pd.DataFrame) -> pd.DataFrame:
    """detection.parquet, of scores.parquet: every score's figures with their intervals, and how far the
    dependency score is ahead, on the same resamples."""
    found = {
        (choice, name): resampled(
            *(rows["value"].to_numpy()[rows["foreign"] == f] for f in (False, True))
        )
        for (choice, name), rows in scores.groupby(["choice", "score"])
    }
    table = []
    for (choice, name), (figures, drawn) in found.items():
        ours, ours_drawn = found[choice if choice in CHOICES else ORDINARY, DEPENDENCY]
        ahead, ahead_drawn = ours[:1] - figures[:1], ours_drawn[:, :1] - drawn[:, :1]
        low, high = interval(np.c_[drawn, ahead_drawn])
        row = {"choice": choice, "score": name}
        for figure, value, least, most in zip(
            (*FIGURES, "ahead"), [*figures, *ahead], low, high, strict=True
        ):
            row |= {figure: value, f"{figure}_low": least, f"{figure}_high": most}
        table.append(row)
    return pd.DataFrame(table)
