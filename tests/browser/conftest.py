"""What browser tests share: patience, the dashboard, a Chromium, and pages that fail on any error."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from explorer.session import cache
from explorer.tables.network import Network
from precompute.atlas.store import Atlas
from tests.browser.server import chromium, dashboard

HERE = ("127.0.0.1", None, "")  # None and "": data: and blob: addresses


@pytest.fixture(scope="module", autouse=True)
def patience() -> Iterator[None]:
    """A slow machine only waits longer."""
    expect.set_options(timeout=20_000)
    yield


@pytest.fixture(scope="module")
def shown(atlas) -> Atlas:
    """The atlas that the dashboard shows; a module may show another one."""
    return atlas


@pytest.fixture(scope="module")
def network(shown) -> Network:
    return cache.network(shown.root, shown.models()[0])


@pytest.fixture(scope="module")
def address(shown) -> Iterator[str]:
    with dashboard(shown.root) as found:
        yield found


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
    """A page on which an uncaught error, or a request to any other host, fails the test."""
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
