"""How long a reader waits, in real Chromium: `python tests/benchmarks/bench_pages.py ATLAS`.

Medians over REPEATS of: start of the server to the drawn overview; a click on a category to its
graph; a step of the sparsity slider to the new graph; the same step on an empty Streamlit page, so
that the ratio travels to other machines.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, Page

from tests.browser.server import chromium, dashboard, settle, streamlit

REPEATS = 10
WANTED = {
    "start to overview": 5.0,
    "category to graph": 0.7,
    "slider step to graph": 0.4,
    "slider step, empty page": float("nan"),
}
GRAPH = "[data-testid=stEChartsChart] svg"
EMPTY = (
    "import streamlit as st\nst.title('empty')\nst.write(st.slider('s', 0.0, 32.0, 1.0, 0.05))\n"
)


def timed(action: Callable[[], None], until: Callable[[], None]) -> float:
    """Seconds from the action to its effect."""
    start = time.perf_counter()
    action()
    until()
    return time.perf_counter() - start


def start_to_overview(browser: Browser, atlas: Path) -> float:
    start = time.perf_counter()
    with dashboard(atlas) as address:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(address)
        page.locator(".map[data-ready]").wait_for(timeout=60_000)
        passed = time.perf_counter() - start
        page.close()
    return passed


def category_to_graph(page: Page, address: str) -> list[float]:
    """Walk from category to category by clicks on the graph."""
    page.goto(f"{address}/category")
    page.locator(GRAPH).wait_for()
    settle(page)
    found = []
    for _ in range(REPEATS):
        labels = page.locator(f"{GRAPH} text")
        here = page.locator("h1").inner_text()
        names = [
            n for n in dict.fromkeys(labels.all_text_contents()) if n and n != here and "…" not in n
        ]
        seen = [n for n in names if not n.replace("−", "").replace(".", "").isdigit()]
        name = seen[len(found) % len(seen)]
        label = labels.get_by_text(name, exact=True).first
        found.append(timed(label.click, lambda name=name: drawn(page, name)))
        settle(page)
    return found


def drawn(page: Page, name: str) -> None:
    """Wait for the graph whose middle is `name`: its label is the bold one."""
    page.wait_for_function(
        """([graph, name]) => document.querySelector("h1")?.innerText === name &&
        [...document.querySelectorAll(graph + " text")].some((t) => t.textContent === name
            && /bold/.test(t.getAttribute("style") ?? ""))""",
        arg=[GRAPH, name],
        polling=20,
    )


def slider_steps(page: Page, changed: str) -> list[float]:
    """Arrow keys on the slider until the element `changed` is another one."""
    slider = page.get_by_role("slider").first
    slider.focus()
    found = []
    script = "([css, before]) => document.querySelector(css).innerHTML !== before"
    for _ in range(REPEATS):
        before = page.locator(changed).first.inner_html()
        found.append(
            timed(
                lambda: slider.press("ArrowRight"),
                lambda before=before: page.wait_for_function(
                    script, arg=[changed, before], polling=20
                ),
            )
        )
        page.wait_for_timeout(400)
    return found


def measure(atlas: Path) -> dict[str, list[float]]:
    """All four series, in seconds."""
    times = {}
    with chromium() as browser:
        times["start to overview"] = [start_to_overview(browser, atlas) for _ in range(3)]
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        with dashboard(atlas) as address:
            times["category to graph"] = category_to_graph(page, address)
            page.goto(f"{address}/category?sparsity=5")
            settle(page)
            times["slider step to graph"] = slider_steps(page, GRAPH)
        with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
            script.write(EMPTY)
            script.flush()
            with streamlit(script.name) as address:
                page.goto(address)
                settle(page)
                times["slider step, empty page"] = slider_steps(page, "[data-testid=stMarkdown]")
    return times


if __name__ == "__main__":
    medians = {}
    for name, values in measure(Path(sys.argv[1]).resolve()).items():
        medians[name] = statistics.median(values)
        print(
            f"{name:26s} median {medians[name]:6.2f} s   wanted {WANTED[name]:4.1f}   n = {len(values)}"
        )
    ratio = medians["slider step to graph"] / medians["slider step, empty page"]
    print(f"{'slider step / empty page':26s} {ratio:.1f}")
