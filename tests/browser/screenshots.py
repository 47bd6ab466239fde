"""Every page at three sizes in light and dark: `python tests/browser/screenshots.py ATLAS [FOLDER]`.

The folder (default `screenshots`, ignored by git) gets `<page>-<width>-<theme>.png`, each as tall as
the page is long.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser

from tests.browser.server import chromium, dashboard
from tests.browser.waiting import settle

SIZES = ((1440, 900), (1024, 768), (390, 844))
PAGES = {
    "overview": "",
    "category": "category?category=hamster",
    "pins": "pins?pins=hamster&pins=guinea+pig&pins=broccoli&pins=Persian+cat&from=hamster&to=broccoli",
    "compare": "compare",
    "links": "links?category=hamster",
    "unseen": "unseen",
    "live": "live",
    "claims": "claims",
    "redundancy": "redundancy",
    "foreign": "foreign",
    "cut": "cut",
    "models": "models",
    "learn": "glossary",
}


def shoot(browser: Browser, address: str, folder: Path) -> None:
    """One picture per page, size and theme."""
    for theme in ("light", "dark"):
        for width, height in SIZES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=theme
            )
            page = context.new_page()
            for name, path in PAGES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"{address}/{path}")
                settle(page)
                long = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
                page.set_viewport_size({"width": width, "height": max(height, long)})
                settle(page)
                page.screenshot(path=folder / f"{name}-{width}-{theme}.png")
            context.close()


if __name__ == "__main__":
    atlas = Path(sys.argv[1]).resolve()
    folder = Path(sys.argv[2] if len(sys.argv) > 2 else "screenshots").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    with dashboard(atlas) as address, chromium() as browser:
        shoot(browser, address, folder)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
