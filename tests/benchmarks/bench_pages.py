"""How long a reader waits, in real Chromium: `python tests/benchmarks/bench_pages.py ATLAS`.

Medians over REPEATS of: start of the server to the drawn overview; a click on a category to its graph; a
step of the sparsity slider to the new graph; a search as one types; and what the websocket carries for
each. The last three once more, with the first drawing and the memory of five sessions, on an atlas of
21,841 categories (`large_atlas.py`). An empty Streamlit page's slider stands beside, so that the ratio
travels to other machines; `bench_sessions.py` has every page's ratio.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, Page

from tests.benchmarks.large_atlas import write_large_atlas
from tests.browser.server import chromium, dashboard, memory, streamlit
from tests.browser.waiting import settle

REPEATS = 10
SIZE = {"width": 1440, "height": 900}
EMPTY = (
    "import streamlit as st\nst.title('empty')\nst.write(st.slider('s', 0.0, 32.0, 1.0, 0.05))\n"
)
EGO = """[...document.querySelectorAll("*")].map((e) => e.shadowRoot?.querySelector(".ego svg"))
  .find(Boolean)"""
GRAPH_OF = f"""(name) => document.querySelector("h1")?.innerText === name &&
  {EGO}?.querySelector(".centre")?.getAttribute("aria-label")?.startsWith(name + ", ")"""
GRAPH = f"() => {EGO}?.outerHTML"
FOUND = """() => document.querySelector("[data-testid=stSidebar]").innerText"""


class Traffic:
    """Bytes that a page has got over its websockets."""

    def __init__(self, page: Page):
        self.received = 0
        page.on("websocket", lambda socket: socket.on("framereceived", self._count))

    def _count(self, frame: bytes | str) -> None:
        self.received += len(frame)


@contextmanager
def measured(title: str, wanted: float = float("nan"), traffic: Traffic | None = None):
    """Collects seconds in the list that it yields, and prints their median and the bytes of each."""
    seconds: list[float] = []
    before = traffic.received if traffic else 0
    yield seconds
    middle = statistics.median(seconds)
    line = f"{title:26s} median {middle:6.2f} s   wanted {wanted:4.1f}   n = {len(seconds)}"
    if traffic:
        line += f"   {(traffic.received - before) / len(seconds) / 1000:.0f} kB each"
    print(line, flush=True)


def timed(action: Callable[[], object], until: Callable[[], object]) -> float:
    """Seconds from the action to its effect."""
    start = time.perf_counter()
    action()
    until()
    return time.perf_counter() - start


def changed(page: Page, script: str, action: Callable[[], object]) -> float:
    """Seconds from the action until `script` gives another value."""
    before = page.evaluate(script)
    wait = f"(before) => {{ const now = ({script})(); return now && now !== before; }}"
    return timed(action, lambda: page.wait_for_function(wait, arg=before, polling=20))


def start_to_overview(browser: Browser, atlas: Path, title: str, wanted: float) -> None:
    with measured(title, wanted) as seconds:
        for _ in range(REPEATS):
            start = time.perf_counter()
            with dashboard(atlas) as address:
                page = browser.new_context(viewport=SIZE).new_page()
                page.goto(address)
                page.locator(".map[data-ready]").wait_for(timeout=60_000)
                seconds.append(time.perf_counter() - start)
                page.context.close()


def reader(browser: Browser, address: str) -> tuple[Page, Traffic]:
    """A page of the dashboard's category page, at rest."""
    page = browser.new_context(viewport=SIZE).new_page()
    traffic = Traffic(page)
    page.goto(f"{address}/category?sparsity=5")
    page.locator(".ego svg").wait_for(timeout=60_000)
    settle(page)
    return page, traffic


def walk(page: Page, traffic: Traffic) -> None:
    """From category to category by clicks on the graph."""
    with measured("category to graph", 0.7, traffic) as seconds:
        for k in range(REPEATS):
            nodes = page.locator(".ego .node:not(.centre)")
            node = nodes.nth(k % nodes.count())
            name = node.get_attribute("aria-label").rpartition(", ")[0]
            until = lambda name=name: page.wait_for_function(GRAPH_OF, arg=name, polling=20)  # noqa: E731
            node.scroll_into_view_if_needed()
            seconds.append(timed(lambda node=node: node.dispatch_event("click"), until))
            settle(page)


def slide(page: Page, script: str, title: str, wanted: float, traffic: Traffic) -> float:
    """Arrow keys on the slider."""
    slider = page.get_by_role("slider").first
    slider.focus()
    with measured(title, wanted, traffic) as seconds:
        for _ in range(REPEATS):
            seconds.append(changed(page, script, lambda: slider.press("ArrowLeft")))
            page.wait_for_timeout(600)
    return statistics.median(seconds)


def search(page: Page, traffic: Traffic, words: list[str]) -> None:
    """One more letter each time: right ones, and mistyped ones."""
    box = page.get_by_placeholder("name, WordNet id or meaning")
    with measured("search as one types", 0.3, traffic) as seconds:
        for word in words:
            box.fill("")
            page.wait_for_timeout(800)
            seconds.append(changed(page, FOUND, lambda word=word: box.fill(word)))


def small(browser: Browser, atlas: Path) -> None:
    """The demo's atlas, and the empty page."""
    start_to_overview(browser, atlas, "start to overview", 5.0)
    with dashboard(atlas) as address:
        page, traffic = reader(browser, address)
        walk(page, traffic)
        step = slide(page, GRAPH, "slider step to graph", 0.4, traffic)
        words = "hamst guinae broc retriev teap elefant n0234 tabb strawbery violi".split()
        search(page, traffic, words)
        page.context.close()
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(EMPTY)
        script.flush()
        with streamlit(script.name) as address:
            page = browser.new_context(viewport=SIZE).new_page()
            traffic = Traffic(page)
            page.goto(address)
            settle(page)
            text = "() => document.querySelector('[data-testid=stMarkdown]')?.innerText"
            empty = slide(page, text, "slider step, empty page", float("nan"), traffic)
    print(f"slider step / empty page: {step / empty:.1f}")


def large(browser: Browser, atlas: Path) -> None:
    """21,841 categories, 100,000 dependencies."""
    print("\n21,841 categories, 100,000 dependencies")
    start_to_overview(browser, atlas, "start to first drawing", 6.0)
    with dashboard(atlas) as address:
        page, traffic = reader(browser, address)
        walk(page, traffic)
        slide(page, GRAPH, "slider step to graph", 0.4, traffic)
        search(page, traffic, "baco dife n00012 tool guha bafegux moli pera zusi torapi".split())
        others = [browser.new_context(viewport=SIZE).new_page() for _ in range(4)]
        for other in others:
            other.goto(address)
            other.locator(".map[data-ready]").wait_for(timeout=60_000)
        print(f"server memory with 5 sessions: {memory(address):.0f} MB (wanted under 1000)")


if __name__ == "__main__":
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        small(browser, Path(sys.argv[1]).resolve())
        large(browser, write_large_atlas(Path(folder)).root)
