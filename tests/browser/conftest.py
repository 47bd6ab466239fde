"""What browser tests share: patience, the dashboard, a Chromium, and pages that fail on any error."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from explorer.session import cache
from explorer.tables.network import Network
from precompute.atlas.store import Atlas
from tests.browser.server import chromium, dashboard
from tests.browser.waiting import LISTENERS

HERE = ("127.0.0.1", None, "")  # None and "": data: and blob: addresses
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="package", autouse=True)
def patience() -> Iterator[None]:
    """A slow machine only waits longer."""
    expect.set_options(timeout=60_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="package")
def shown(linked_atlas) -> Atlas:
    """The atlas that the dashboard shows."""
    return linked_atlas


@pytest.fixture(scope="package")
def networks(shown) -> list[Network]:
    return [cache.network(shown.root, model, "readable") for model in shown.models()]


@pytest.fixture(scope="package")
def network(networks) -> Network:
    return networks[0]


@pytest.fixture(scope="package")
def address(shown) -> Iterator[str]:
    with dashboard(shown.root) as found:
        yield found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="package")
def context(browser) -> BrowserContext:
    """One for all tests, so that Streamlit's own files are read once."""
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(60_000)
    context.add_init_script(LISTENERS)
    return context


@pytest.fixture
def page(context) -> Iterator[Page]:
    """A page on which an uncaught error, or a request to any other host, fails the test; what it has
    stored in the browser is gone afterwards."""
    page = context.new_page()
    page.set_viewport_size(DESK)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda asked: urlsplit(asked.url).hostname not in HERE and faults.append(asked.url),
    )
    yield page
    page.evaluate("try { localStorage.clear() } catch { /* about:blank has none */ }")
    page.close()
    assert faults == []


@pytest.fixture
def own_page(browser) -> Iterator[Callable[..., Page]]:
    """A page of a new context, with options of its own, whose time a test may move."""
    contexts: list[BrowserContext] = []

    def opened(**options) -> Page:
        contexts.append(browser.new_context(viewport=DESK, **options))
        contexts[-1].set_default_timeout(60_000)
        return contexts[-1].new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def phone(page) -> Page:
    """The same page, as wide as a phone."""
    page.set_viewport_size(PHONE)
    return page
