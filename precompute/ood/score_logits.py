"""From Python: how much logits of new images are like those that a network of an atlas knows."""

from pathlib import Path

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.known_models import checked_model
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.ood.broken import residual_scale
from precompute.ood.learned import scores_of
from precompute.ood.scores import DEPENDENCY
from precompute.ood.usual import Usual

MOST_BROKEN = 3  # targets that are named of every image


def score_logits(
    logits: np.ndarray,
    atlas: Atlas | Path | str,
    model: str,
    choice: str = "readable",
    *,
    seed: int = 0,
) -> pd.DataFrame:
    """Every score of images by their logits, one row per image.

    Parameters
    ----------
    logits : (N, n), in the order of the model's categories
    atlas : the atlas, or its folder
    choice : few, readable or best, the sparsity of the equations
    seed : of the sources of the controls

    Returns
    -------
    Columns: every score of `precompute/ood/scores.py`, the larger, the more the image is like those that
    the network knows; `percentile`, share of the atlas's held-out images on which dependencies hold less
    well; and of the equations that are furthest off, `broken_1` to `broken_3` (names of their targets)
    with `off_1` to `off_3` (logit less equation, over the root mean square of that on fit images).

    Raises `UserError` for a model or a choice that is not there, and for logits that do not fit or are not
    finite.
    """
    atlas = atlas if isinstance(atlas, Atlas) else Atlas(atlas)
    info = atlas.read(schema.MODEL, checked_model(atlas, model)).iloc[0]
    if choice not in schema.CHOICES:
        raise UserError(f"'{choice}' is no choice; there are {', '.join(schema.CHOICES)}.")
    logits = _checked(logits, int(info["n_categories"]), model)
    dependencies = atlas.read(schema.DEPENDENCIES, model, filters=[("choice", "=", choice)])
    fit, held_out = (atlas.logits(model, split)[2].astype(float) for split in schema.SPLITS)
    scores = scores_of(dependencies, fit, bool(info["center"]), seed)
    usual = Usual(
        scores.equations,
        residual_scale(scores.equations, fit),
        np.sort(scores(held_out)[DEPENDENCY]),
    )
    table = pd.DataFrame(scores(logits))
    table["percentile"] = usual.percentile(table[DEPENDENCY].to_numpy())
    names = atlas.read(schema.CATEGORIES, model, columns=["name"])["name"].to_numpy()
    off = usual.breaks(logits)
    furthest = np.argsort(-np.abs(off), axis=1, kind="stable")[:, :MOST_BROKEN]
    for place, targets in enumerate(furthest.T, start=1):
        table[f"broken_{place}"] = names[targets]
        table[f"off_{place}"] = off[np.arange(len(off)), targets]
    return table


def _checked(logits: np.ndarray, n: int, model: str) -> np.ndarray:
    logits = np.asarray(logits)
    if logits.ndim != 2 or logits.shape[1] != n:
        raise UserError(
            f"The logits are {logits.shape}, but {model} has {n} categories: give an array (N, {n}), a row "
            "per image."
        )
    if not np.issubdtype(logits.dtype, np.number) or np.iscomplexobj(logits):
        raise UserError(f"The logits are {logits.dtype}; give real numbers.")
    finite = np.isfinite(logits).all(axis=1)
    if not finite.all():
        raise UserError(f"Row {int(np.argmin(finite))} of the logits is not finite. Leave it out.")
    return logits.astype(np.float64)
