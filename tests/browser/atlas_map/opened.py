"""A map of random numbers, opened."""

from playwright.sync_api import Locator, Page

from tests.browser.atlas_map.maps import ready
from tests.support.synthetic_map import synthetic_map

SMALL, USUAL, LARGE = (300, 1500), (1000, 10_000), (21_841, 100_000)  # categories, dependencies
NODES, EDGES = synthetic_map(*SMALL)


def open_map(page: Page, address: str, size: tuple[int, int] = SMALL, extra: str = "") -> Locator:
    """The map, once it is drawn and stands still."""
    page.goto(f"{address}/?n={size[0]}&m={size[1]}{extra}")
    ready(page)
    return page.locator(".map")
