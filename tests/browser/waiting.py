"""Waiting in a browser for what a test is about to read, never for a while.

After a click, wait for its effect first (a title, a word, the address): until the server has heard of the
click, the old page is as settled as the new one will be.
"""

import json
import re

from playwright.sync_api import Locator, Page, TimeoutError, expect

# Remembers what listens on the document: a component without a face leaves no other trace there.
LISTENERS = """(() => {
    const listen = document.addEventListener;
    window.listeners = [];
    document.addEventListener = function (kind, listener, ...rest) {
        window.listeners.push(String(listener));
        return listen.call(this, kind, listener, ...rest);
    };
})();"""

# What the page still lacks, in words. Streamlit fetches the code of its elements when they first appear,
# so a page goes on changing after the script's end: five frames without any change are the end of that.
LACKS = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const heard = (place, word) => !window.listeners || !document.querySelector(place)
        || window.listeners.some((listener) => listener.includes(word));
    const faceless = ".st-key-search_keys, .st-key-equation_links, .st-key-shelf";
    const mounted = (host) => host.closest(faceless)
        || host.shadowRoot?.querySelector(".ego svg, .map[data-ready], .message");
    window.changes ??= { frames: 0 };
    if (!window.changes.observer) {
        window.changes.observer = new MutationObserver(() => window.changes.frames = 0);
        window.changes.observer.observe(document, { subtree: true, childList: true, attributes: true });
    }
    const has = {
        "its title": document.querySelector("h1"),
        "the end of its script": document.querySelector("[data-test-script-state=notRunning]"),
        "what stands in for an element": !document.querySelector("[data-testid=stSkeleton]"),
        "what is left of the last run": !document.querySelector("[data-stale=true]"),
        "fonts": document.fonts.status === "loaded",
        "pictures": [...document.images].every((image) => image.complete),
        "charts": all("[data-testid=stPlotlyChart]").every((chart) => chart.querySelector(".main-svg")),
        "components": all("[data-testid=stBidiComponentIsolated]").every(mounted),
        "buttons": all(".nde-snapshot").every((button) => button.onclick),
        "the keys of the search": heard(".st-key-search_keys", "found-names"),
        "the links of equations": heard(".st-key-equation_links", "nde-equation"),
        "rest": ++window.changes.frames > 5,
    };
    return Object.keys(has).filter((what) => !has[what]);
}"""


def settle(page: Page) -> None:
    """Wait until the page has run to its end, and all that it shows is drawn and can be used."""
    try:
        page.wait_for_function(f"() => ({LACKS})().length === 0")
    except TimeoutError:
        raise AssertionError(f"{page.url} does not settle: {page.evaluate(LACKS)}") from None


def heading(page: Page, text: str) -> None:
    """Wait until the page's title says this."""
    expect(page.locator("h1")).to_have_text(text)


def in_address(page: Page, key: str, *values: str) -> None:
    """Wait until the address says just this about `key` (nothing, without values)."""
    page.wait_for_function(
        "([key, values]) => JSON.stringify(new URL(location).searchParams.getAll(key)) === values",
        arg=[key, json.dumps(values, separators=(",", ":"), ensure_ascii=False)],
    )


def step(page: Page, slider: Locator, key: str, *stops: str) -> None:
    """Move a slider by its arrow key, stop by stop, while the page is still drawing what came before.
    Streamlit's slider takes a key for lost that is pressed before the last one stands in the address."""
    slider.focus()
    for stop in stops:
        slider.press("ArrowRight")
        in_address(page, key, stop)


def width(page: Page) -> int:
    """Pixels that the page would like to be wide."""
    return page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")


def node(page: Page, name: str) -> Locator:
    """A category of the ego graph."""
    return page.locator(".ego").get_by_role("button", name=re.compile(f"^{re.escape(name)}, "))


def choose_option(page: Page, label: str, name: str) -> None:
    """Choose from a list by typing; one that is open closes whenever the page is drawn again."""
    box, option = (
        page.get_by_role("combobox", name=label),
        page.get_by_role("option", name=name, exact=True),
    )
    for _ in range(10):
        box.fill(name)
        try:
            return option.click(timeout=6_000)
        except TimeoutError:
            continue
    raise AssertionError(f"{label} offers no {name}.")


def choose_row(table: Locator, row: int = 0) -> None:
    """Click the box in front of a row of an st.dataframe, once it has stopped moving."""
    table.click(position={"x": 16, "y": 52 + 35 * row})
