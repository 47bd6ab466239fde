"""Foreign images before planted networks."""

from pathlib import Path

import numpy as np

from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.runs.ood.foreign import Request
from precompute.runs.ood.run import OodRun


def look(
    atlas: Atlas, model: str, name: str, logits: np.ndarray, images: Path | None = None
) -> str:
    """A model of the atlas looks at a set of foreign images with these logits (F, n), which lie in the
    folder `images`. Returns the folder of the tables."""
    file = atlas.root.parent / f"{model}-{name}.npy"
    np.save(file, logits)
    where = None if images is None else str(images)
    run = OodRun(atlas, model, Request(images=where, set=name, logits=file), Silent())
    run.run()
    return run.folder


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
