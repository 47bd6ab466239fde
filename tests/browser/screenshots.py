"""Every page at three sizes in light and dark: `python tests/browser/screenshots.py ATLAS [FOLDER]`.

The folder (default `screenshots`, ignored by git) gets `<page>-<width>-<theme>.png`, each as tall as
the page is long. `python tests/browser/screenshots.py ATLAS --readme` makes the README's four pictures
anew, from the demo's atlas.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser

from tests.browser.server import REPOSITORY, chromium, dashboard
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
WIDE = 1440  # pixels
PICTURES = REPOSITORY / "explorer/pictures"
NETWORK = "model=tf_efficientnet_lite0.in1k"
README = {  # address, and height in pixels
    "overview": (f"?{NETWORK}", 1180),
    "category": (f"category?{NETWORK}&category=hamster", 1720),
    "unseen": ("unseen", 900),
    "claims": (f"claims?{NETWORK}", 1030),
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


def readme(browser: Browser, address: str) -> None:
    """The README's pictures, each as tall as what it is about."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="No, thanks").click()
    for name, (path, height) in README.items():
        page.set_viewport_size({"width": WIDE, "height": height})
        page.goto(f"{address}/{path}")
        settle(page)
        page.screenshot(path=PICTURES / f"{name}.png")
    context.close()


def main(folder: Path, atlas: Path, *, for_readme: bool) -> None:
    """All pictures into the folder, or those of the README into their own."""
    with dashboard(atlas) as address, chromium() as browser:
        if for_readme:
            return readme(browser, address)
        folder.mkdir(parents=True, exist_ok=True)
        shoot(browser, address, folder)
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    atlas, folder = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "screenshots"
    main(Path(folder).resolve(), Path(atlas).resolve(), for_readme=folder == "--readme")
