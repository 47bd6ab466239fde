"""One planted network as the pages see it."""

import pytest

from explorer.session import cache
from explorer.tables.network import Network
from precompute.atlas.store import Atlas


@pytest.fixture(scope="session")
def network(atlas: Atlas) -> Network:
    return cache.network(atlas.root, atlas.models()[0])


@pytest.fixture(scope="session")
def holdout(atlas: Atlas):
    return cache.holdout(atlas.root, atlas.models()[0])
