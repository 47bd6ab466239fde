"""Where categories lie on the maps of a page."""

from playwright.sync_api import Page

# Place, on the screen, of a category on the page's k-th map, and whether it has its colour.
PLACE = """([category, k]) => {
    const hosts = [...document.querySelectorAll("*")].filter((e) => e.shadowRoot?.querySelector(".map"));
    const root = hosts[k].shadowRoot.querySelector(".root");
    const stage = root.querySelector(".stage").getBoundingClientRect();
    const { x, y, coloured } = root.atlasMap.placeOf(category);
    return { x: x + stage.left, y: y + stage.top, coloured };
}"""


def place(page: Page, category: int, k: int = 0) -> dict:
    """Where it is now; wait until the camera `rests` first."""
    return page.evaluate(PLACE, [category, k])


def rests(page: Page, k: int = 0) -> None:
    """Wait until the camera of a map stands still: it moves at every animation frame, however late."""
    page.evaluate(
        """async ([place, k]) => {
            const frame = () => new Promise(requestAnimationFrame);
            for (let still = 0, before = null; still < 5; await frame()) {
                const after = JSON.stringify(eval(place)([0, k]));
                still = after === before ? still + 1 : 0;
                before = after;
            }
        }""",
        [PLACE, k],
    )


def ready(page: Page, maps: int = 1) -> None:
    """Wait until so many maps are drawn and stand still."""
    for k in range(maps):
        page.locator(".map[data-ready]").nth(k).wait_for(timeout=30_000)
    for k in range(maps):
        rests(page, k)
