"""A tiny real atlas: two networks with planted dependencies, solved by the pipeline itself."""

import pytest
from planting import N_CATEGORIES, Planted, plant, save

from precompute.atlas.labels import from_names, imagenet_1k
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource

MODELS = ("planted-a", "planted-b")


@pytest.fixture(scope="session")
def planted() -> Planted:
    return plant(seed=0)


@pytest.fixture(scope="session")
def names() -> list[str]:
    """The first ImageNet categories, so that names, definitions and hypernyms are real."""
    return imagenet_1k().categories["synset"].tolist()[:N_CATEGORIES]


@pytest.fixture(scope="session")
def atlas(tmp_path_factory, planted, names) -> Atlas:
    """Atlas of both planted models on the same images, labels known."""
    root = tmp_path_factory.mktemp("atlas")
    for seed, model in enumerate(MODELS):
        files = save(root.parent / model, plant(seed, planted.truth), names)
        source = ArraySource(model, files["logits"], from_names(names), truth=files["truth"])
        ModelRun(Atlas(root), source, FitOptions(max_parents=8), Silent()).run()
    return Atlas(root)
