"""Small atlases that differ in what the page on redundancy can know."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from precompute.atlas.labels import from_names, imagenet_1k
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource
from tests.support.planting import plant, save

MODEL = "m"


class Headed(ArraySource):
    """Logits whose last layer is known."""

    cosines: np.ndarray

    def head_cosines(self) -> np.ndarray:
        """See LogitSource."""
        return self.cosines


def few_images(root: Path) -> Atlas:
    """Fewer fit images than categories, with WordNet names."""
    planted = plant(seed=0)
    few = replace(planted, logits=planted.logits[:45], truth=planted.truth[:45])
    return _solved(root, few, _synsets(40))


def low_rank(root: Path) -> Atlas:
    """More images than categories, but a last layer of width 6; no category has a WordNet id."""
    rng = np.random.default_rng(0)
    logits = (rng.normal(size=(400, 6)) @ rng.normal(size=(6, 30))).astype(np.float32)
    planted = replace(plant(seed=0), logits=logits, truth=logits.argmax(axis=1))
    return _solved(root, planted, [f"thing {k}" for k in range(30)], labelled=False)


def headed(root: Path) -> Atlas:
    """A head that finds each of the planted categories unlike everything else."""
    planted = plant(seed=0)
    n = planted.logits.shape[1]
    cosines = np.eye(n, dtype=np.float32)
    return _solved(root, planted, _synsets(n), cosines=cosines)


def _solved(root: Path, planted, names: list[str], labelled: bool = True, cosines=None) -> Atlas:
    files = save(root / "input", planted, names)
    truth = files["truth"] if labelled else None
    kind = ArraySource if cosines is None else Headed
    source = kind(MODEL, files["logits"], from_names(names), truth=truth, holdout=0.3)
    if cosines is not None:
        source.cosines = cosines
    ModelRun(Atlas(root / "atlas"), source, FitOptions(max_parents=4), Silent()).run()
    return Atlas(root / "atlas")


def _synsets(count: int) -> list[str]:
    return imagenet_1k().categories["synset"].tolist()[:count]
