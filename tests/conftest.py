"""Atlases that tests share, solved by the pipeline itself. Who wants to write takes a copy."""

from collections import Counter

import pytest

from precompute.atlas.labels import from_names, imagenet_1k
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource
from tests.support.linked import linked, photographed
from tests.support.looking import Looking, looking
from tests.support.planting import N_CATEGORIES, Planted, plant, save
from tests.support.readme import commands_with, run

MODELS = ("planted-a", "planted-b")

SLOW = {"photo_atlas", "demo_atlas"}  # who uses one of these is slow, too


def _group(item: pytest.Item) -> str:
    """Tests of one file, and all of one slow atlas, are done by one of the processes."""
    return min(_slow(item), default=item.nodeid.split("::")[0])


def _slow(item: pytest.Item) -> set[str]:
    return SLOW & set(getattr(item, "fixturenames", ()))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Groups are said of each test as it is found: when all are there, xdist has read them already."""
    if _slow(item):
        item.add_marker(pytest.mark.slow)
    item.add_marker(pytest.mark.xdist_group(_group(item)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that neither process waits for the other at the end."""
    n_tests = Counter(map(_group, items))
    items.sort(key=lambda item: (not _slow(item), -n_tests[_group(item)]))


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


@pytest.fixture(scope="session")
def linked_atlas(atlas, tmp_path_factory) -> Atlas:
    """The atlas of both planted models with both links, consensus, and one experiment."""
    return linked(atlas, tmp_path_factory.mktemp("linked") / "atlas")


@pytest.fixture(scope="session")
def looking_atlas(tmp_path_factory) -> Looking:
    """Two small networks that can look at images, and the images that the atlas was made of."""
    return looking(tmp_path_factory.mktemp("looking"))


@pytest.fixture(scope="session")
def photo_atlas(tmp_path_factory) -> Atlas:
    """Two real networks that can look at a picture, linked, with one experiment."""
    return photographed(tmp_path_factory.mktemp("photographed"))


@pytest.fixture(scope="session")
def demo_atlas(tmp_path_factory) -> Atlas:
    """What the README's first command makes: seven real networks, all links, and one experiment."""
    folder = tmp_path_factory.mktemp("demo")
    (command,) = commands_with("demo")
    run(command, folder)
    return Atlas(folder / "atlas")
