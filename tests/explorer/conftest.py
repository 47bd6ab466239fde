"""The planted networks as the pages see them, and the pages as Streamlit runs them."""

import functools
from collections.abc import Iterator

import pytest
from streamlit.components.v2 import manifest_scanner

from explorer.session import cache
from explorer.tables.network import Network
from precompute.atlas.store import Atlas
from tests.support import pages


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Every AppTest looks through all installed packages for components, which takes longer than most
    pages; the packages stay the same, so once is enough."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", once)
        yield


@pytest.fixture(scope="session")
def networks(atlas: Atlas) -> list[Network]:
    return [cache.network(atlas.root, model, "readable") for model in atlas.models()]


@pytest.fixture(scope="session")
def network(networks) -> Network:
    return networks[0]


@pytest.fixture(scope="session")
def holdout(atlas: Atlas):
    return cache.holdout(atlas.root, atlas.models()[0])


@pytest.fixture
def open_page(atlas, monkeypatch):
    """Open a page at an address, of the tiny atlas unless `root` says another."""

    def opened(page: str = "overview", *arguments: str, root=None, **address: str):
        return pages.open_page(monkeypatch, root or atlas.root, page, *arguments, **address)

    return opened
