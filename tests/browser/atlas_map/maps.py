"""Where categories lie on the maps of a page."""

from collections.abc import Collection

import numpy as np
import pandas as pd
from playwright.sync_api import Page

# Of the page's k-th map: the box of its stage; the place, on the screen, of a category, and whether it has
# its colour.
READ = """const root = (k) => [...document.querySelectorAll("*")]
    .filter((element) => element.shadowRoot?.querySelector(".map"))[k].shadowRoot.querySelector(".root");
const stage = (k = 0) => root(k).querySelector(".stage").getBoundingClientRect();
const place = (category, k = 0) => {
    const { x, y, coloured } = root(k).atlasMap.placeOf(category);
    return { x: x + stage(k).left, y: y + stage(k).top, coloured };
};"""
STILL = """const frame = () => new Promise(requestAnimationFrame);
for (let still = 0, before = null; still < 5; await frame()) {
    const after = JSON.stringify(place(0, k));
    still = after === before ? still + 1 : 0;
    before = after;
}"""


def place(page: Page, category: int, k: int = 0) -> dict:
    """Where it is now; wait until the camera `rests` first."""
    return page.evaluate(
        f"([category, k]) => {{ {READ} return place(category, k); }}", [category, k]
    )


def until(page: Page, condition: str) -> None:
    """Wait until a JavaScript condition holds, in which `place(category, k)` and `stage(k)` are known."""
    page.wait_for_function(f"() => {{ {READ} return {condition}; }}")


def point_at(page: Page, category: int, k: int = 0) -> dict:
    """Move the mouse onto a category; its place."""
    at = place(page, category, k)
    page.mouse.move(at["x"] - 4, at["y"])
    page.mouse.move(at["x"], at["y"])
    return at


def rests(page: Page, k: int = 0) -> None:
    """Wait until the camera of a map stands still: it moves at every animation frame, however late."""
    page.evaluate(f"async (k) => {{ {READ} {STILL} }}", k)


def ready(page: Page, maps: int = 1) -> None:
    """Wait until so many maps are drawn and stand still."""
    for k in range(maps):
        page.locator(".map[data-ready]").nth(k).wait_for()
    for k in range(maps):
        rests(page, k)


def lonely(nodes: pd.DataFrame, among: Collection[int] | None = None) -> int:
    """The category furthest from its nearest neighbour: a click cannot hit another one."""
    at = nodes[["x", "y"]].to_numpy()
    nearest = [np.partition(np.linalg.norm(at - one, axis=1), 1)[1] for one in at]
    return max(range(len(at)) if among is None else among, key=lambda category: nearest[category])
