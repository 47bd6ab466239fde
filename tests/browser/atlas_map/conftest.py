"""The map on a page of its own, before a stricter page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.server import streamlit


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    with streamlit("tests/browser/atlas_map/map_page.py") as address:
        yield address


@pytest.fixture
def page(page) -> Iterator[Page]:
    """A page on which anything that the browser complains of fails the test, too."""
    complaints: list[str] = []
    page.on("console", lambda line: line.type == "error" and complaints.append(line.text))
    yield page
    assert complaints == []
