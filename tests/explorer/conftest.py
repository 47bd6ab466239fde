"""One planted network as the pages see it."""

import pytest

from explorer import data
from precompute.store import Atlas


@pytest.fixture(scope="session")
def network(atlas: Atlas) -> data.Network:
    return data.network(atlas.root, atlas.models()[0])


@pytest.fixture(scope="session")
def holdout(atlas: Atlas):
    return data.holdout(atlas.root, atlas.models()[0])
