"""Whether cutting helps to see that an image is foreign: the scores of every side, and what they gain."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from precompute.cutting.judgement import Seen
from precompute.cutting.networks import FIT, HOLDOUT, Look
from precompute.ood.detection import FIGURES, interval, resampled
from precompute.ood.learned import scores_of
from precompute.ood.scores import ENERGY, VIM
from precompute.ood.virtual_logit import VirtualLogit
from precompute.resamples import N_DRAWS

Scored = dict[tuple[str, str], np.ndarray]  # (part, score): of its images


class Side(NamedTuple):
    """Which network: before, control or after, and the seed of its fine-tuning."""

    side: str
    seed: int


def scored(looks: Mapping[str, Look], head: np.ndarray, seen: Seen, seed: int) -> Scored:
    """Every score of the held-out images and of those of each set, by the network's own readable equations.

    `looks` are what it makes of the fit images and of all others, `head` (n, d) the weights of its last
    layer. All that a score needs is learned from fit images; `seed` draws the controls.
    """
    fit = looks[FIT]
    scores = scores_of(seen.edges, fit.logits.astype(np.float64), seen.options.center, seed)
    vim = VirtualLogit.of(fit.features, fit.logits.astype(np.float64), head)
    found: Scored = {}
    for part, look in looks.items():
        if part == FIT:
            continue
        values = scores(look.logits.astype(np.float64))
        values[VIM] = vim(look.features, values[ENERGY])
        found |= {(part, score): value for score, value in values.items()}
    return found


def detection_table(found: Mapping[Side, Scored]) -> pd.DataFrame:
    """detection.parquet of a cut model."""
    rows = [
        (*side, part, score, *resampled(scores[HOLDOUT, score], values)[0])
        for side, scores in found.items()
        for (part, score), values in scores.items()
        if part != HOLDOUT
    ]
    return pd.DataFrame(rows, columns=["side", "seed", "set", "score", *FIGURES])


def gain_table(found: Mapping[Side, Scored], seeds: int) -> pd.DataFrame:
    """gain.parquet: of every set and score, and of the mean over the sets."""
    columns = ["set", "score", "gain", "low", "high", "n_images"]
    names = list(dict.fromkeys(found[Side("after", 0)]))
    sets = list(dict.fromkeys(part for part, _ in names if part != HOLDOUT))
    if not sets:
        return pd.DataFrame(columns=columns)
    rows = []
    for score in dict.fromkeys(score for _, score in names):
        gains = [_gain(found, part, score, seeds) for part in sets]
        n_held = len(found[Side("after", 0)][HOLDOUT, score])
        n_foreign = [len(found[Side("after", 0)][part, score]) for part in sets]
        for part, (gain, draws), n in zip(sets, gains, n_foreign, strict=True):
            rows.append((part, score, gain, *interval(draws), n_held + n))
        mean = float(np.mean([gain for gain, _ in gains]))
        over = np.mean([draws for _, draws in gains], axis=0)
        rows.append(("", score, mean, *interval(over), n_held + sum(n_foreign)))
    return pd.DataFrame(rows, columns=columns)


def _gain(
    found: Mapping[Side, Scored], part: str, score: str, seeds: int
) -> tuple[float, np.ndarray]:
    """AUROC of after less that of control, mean over seeds, and the same (N_DRAWS,) of resamples of both
    the images and the seeds."""
    gains, draws = [], []
    for seed in range(seeds):
        (after, drawn_after), (control, drawn_control) = (
            resampled(found[Side(side, seed)][HOLDOUT, score], found[Side(side, seed)][part, score])
            for side in ("after", "control")
        )
        gains.append(after[0] - control[0])
        draws.append(drawn_after[:, 0] - drawn_control[:, 0])
    picked = np.random.default_rng(0).integers(seeds, size=(seeds, N_DRAWS))
    return float(np.mean(gains)), np.take_along_axis(np.array(draws), picked, axis=0).mean(axis=0)
