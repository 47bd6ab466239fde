"""What `python -m precompute ood` writes, of foreign logits that a test makes up."""

from pathlib import Path

import numpy as np
import pandas as pd

from precompute.atlas import schema
from precompute.atlas.contract import schema_robustness as robustness
from precompute.atlas.store import Atlas
from precompute.ood import broken, detection
from precompute.ood.learned import scores_of
from precompute.ood.scores import DEPENDENCY, PERMUTED, RANDOM, Scores

OF_A_CHOICE = (DEPENDENCY, PERMUTED, RANDOM)
SEED = 0


def look(
    atlas: Atlas, model: str, name: str, logits: np.ndarray, paths: list[str | None] | None = None
) -> str:
    """A model of the atlas looks at a set of foreign images with these logits (F, n), whose files lie at
    `paths`. Returns the folder of the tables."""
    folder = f"ood/{model}--{name}"
    info = atlas.read(schema.MODEL, model).iloc[0]
    fit, held_out = (atlas.logits(model, split)[2].astype(float) for split in ("fit", "holdout"))
    known = atlas.read(schema.DEPENDENCIES, model)
    scores = {
        choice: scores_of(known[known["choice"] == choice], fit, bool(info["center"]), SEED)
        for choice in schema.CHOICES
    }
    ids = [f"{name}/{k:04d}.png" for k in range(len(logits))]
    paths = paths or [None] * len(ids)
    foreign = pd.DataFrame({
        "image_id": ids, "path": paths, "logits": list(logits.astype(np.float16)), "features": None
    })  # fmt: skip
    images = [*atlas.image_ids(model, "holdout"), *ids]
    one_row = pd.DataFrame([{
        "model": model, "set": name, "images": str(Path(paths[0] or name).parent),
        "weights_sha256": info["weights_sha256"], "n_foreign": len(ids), "n_holdout": len(held_out),
        "n_fit": len(fit), "n_components": len(scores["readable"].space.components), "seed": SEED,
    }])  # fmt: skip
    values = _values(scores, held_out, logits)
    for table, rows in (
        (robustness.FOREIGN, foreign),
        (robustness.SCORES, _score_rows(values, images, len(held_out))),
        (robustness.DETECTION, _detection(values)),
        (robustness.BROKEN, _broken(scores, fit, held_out, logits)),
        (robustness.OOD, one_row),
    ):
        atlas.write(table, rows, {"test": True}, folder)
    return folder


def foreign_logits(atlas: Atlas, model: str, n_images: int, seed: int = 0) -> np.ndarray:
    """Logits (F, n) of images on which a planted network's dependencies break: every logit is drawn from
    held-out images of its own, so that only what ties them is lost."""
    _, _, known = atlas.logits(model, "holdout")
    rows = np.random.default_rng(seed).integers(len(known), size=(n_images, known.shape[1]))
    return np.take_along_axis(known.astype(float), rows, axis=0)


def look_at_all(atlas: Atlas) -> None:
    """The first network looks at two sets, the second at one of them."""
    first, second = atlas.models()
    for model, name, n_images in (
        (first, "mixed", 60),
        (first, "small", 2),
        (second, "mixed", 60),
    ):
        look(atlas, model, name, foreign_logits(atlas, model, n_images))


Values = dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]  # (choice, score): held out, foreign


def _values(scores: dict[str, Scores], held_out: np.ndarray, foreign: np.ndarray) -> Values:
    found: Values = {}
    for choice, of_choice in scores.items():
        inside, outside = of_choice(held_out), of_choice(foreign)
        for score in inside:
            own = choice if score in OF_A_CHOICE else ""
            found[own, score] = (inside[score], outside[score])
    return dict(sorted(found.items()))


def _score_rows(values: Values, images: list[str], n_held_out: int) -> pd.DataFrame:
    return pd.concat([
        pd.DataFrame({
            "choice": choice, "score": score, "image_id": images,
            "foreign": np.arange(len(images)) >= n_held_out, "value": np.concatenate(both),
        })
        for (choice, score), both in values.items()
    ])  # fmt: skip


def _detection(values: Values) -> pd.DataFrame:
    resampled = {key: detection.resampled(*both) for key, both in values.items()}
    rows = []
    for (choice, score), (found, drawn) in resampled.items():
        own, own_drawn = resampled[choice or "readable", DEPENDENCY]
        low, high = detection.interval(drawn)
        ahead_low, ahead_high = detection.interval(own_drawn[:, 0] - drawn[:, 0])
        row = {"choice": choice, "score": score, "ahead": own[0] - found[0],
               "ahead_low": ahead_low, "ahead_high": ahead_high}  # fmt: skip
        for k, name in enumerate(detection.FIGURES):
            row |= {name: found[k], f"{name}_low": low[k], f"{name}_high": high[k]}
        rows.append(row)
    return pd.DataFrame(rows)


def _broken(
    scores: dict[str, Scores], fit: np.ndarray, held_out: np.ndarray, foreign: np.ndarray
) -> pd.DataFrame:
    tables = []
    for choice, of_choice in scores.items():
        scale = broken.residual_scale(of_choice.equations, fit)
        table = broken.broken_table(of_choice.equations, scale, held_out, foreign)
        tables.append(table.assign(choice=choice))
    return pd.concat(tables)
