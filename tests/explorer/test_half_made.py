"""The dashboard of an atlas that is still being made: what is there opens, and what is not is said."""

import shutil

import pytest

from precompute.atlas import schema
from precompute.atlas.contract.schema_claims import CLAIMS
from precompute.atlas.store import Atlas
from precompute.runs.link import link_folder
from tests.conftest import MODELS
from tests.support.pages import header


@pytest.fixture
def half_made(linked_atlas, tmp_path) -> Atlas:
    """Both networks are done; of the links one, and the other as it is before its last table."""
    root = tmp_path / "half"
    shutil.copytree(linked_atlas.root, root)
    atlas = Atlas(root)
    atlas.remove(schema.LINK, link_folder(*MODELS[::-1]))
    atlas.remove(schema.MEDIAN, link_folder(*MODELS[::-1]))
    shutil.rmtree(root / "unseen", ignore_errors=True)
    atlas.remove(CLAIMS)
    return atlas


@pytest.mark.parametrize("page", ["overview", "category", "links", "compare", "claims", "models"])
def test_every_page_opens_while_links_are_made(half_made, open_page, page):
    app = open_page(page, root=half_made.root)
    assert not app.exception
    assert not app.error
    assert header(app) != "Welcome to the Neural Dependency Explorer"
