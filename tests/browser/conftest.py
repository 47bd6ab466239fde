"""One Chromium per module; pages that fail their test on an uncaught error or a request elsewhere."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser.server import chromium

HERE = ("127.0.0.1", None, "")  # None and "": data: and blob: addresses


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def context(browser) -> BrowserContext:
    """One for all tests of a module, so that Streamlit's own files are read once."""
    return browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)


@pytest.fixture
def page(context) -> Iterator[Page]:
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda asked: urlsplit(asked.url).hostname not in HERE and faults.append(asked.url),
    )
    yield page
    page.close()
    assert faults == []
