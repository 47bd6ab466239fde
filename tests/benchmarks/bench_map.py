"""Speed and bytes of the map in a real Chromium: `python tests/benchmarks/bench_map.py [REPEATS]`.

Medians over REPEATS (default 10) fresh browser contexts and both sizes, without a GPU (software WebGL).
"""

import statistics
import sys
from collections import defaultdict
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[2]))

from playwright.sync_api import Browser, Page

from tests.browser.server import chromium, streamlit

SIZES = ((1000, 10_000), (21_841, 100_000))

FRAMES = """() => {
    window.frames_ = [];
    let last = performance.now();
    const tick = (now) => {
        window.frames_.push(now - last);
        last = now;
        window.timer_ = requestAnimationFrame(tick);
    };
    window.timer_ = requestAnimationFrame(tick);
}"""
STOP = "() => { cancelAnimationFrame(window.timer_); return window.frames_.slice(1); }"
CLICK = "(button) => { const start = performance.now(); button.click(); return performance.now() - start }"
MEDIA_BYTES = """performance.getEntriesByType("resource")
    .filter((resource) => new URL(resource.name).pathname.startsWith("/media/"))
    .reduce((sum, resource) => sum + resource.encodedBodySize, 0)"""


def measure(browser: Browser, address: str, n: int, m: int) -> dict[str, float]:
    """One visit: open the map, pan it, hover over a hub, filter, rerun."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    received: list[int] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda f: received.append(_size(f))))
    start = perf_counter()
    page.goto(f"{address}/?n={n}&m={m}")
    page.get_by_role("button", name="Focus 7").wait_for()
    found = {"Streamlit's own start, s": perf_counter() - start}
    page.locator(".map[data-ready]").wait_for(timeout=60_000)
    found["first drawing, s"] = perf_counter() - start
    page.wait_for_timeout(500)
    found["websocket, first view, kB"] = sum(received) / 1e3
    found["geometry and code, kB"] = page.evaluate(MEDIA_BYTES) / 1e3
    frames = pan(page)
    found["frame while panning, median ms"] = statistics.median(frames)
    found["frame while panning, p95 ms"] = sorted(frames)[int(0.95 * len(frames))]
    found["filter by community, ms"] = page.locator("[data-community='0']").evaluate(CLICK)
    received.clear()
    start = perf_counter()
    page.get_by_role("button", name="Focus 7").click()
    page.locator(".caption b", has_text=" 7").wait_for()
    found["choose in Python to lit on the map, ms"] = 1e3 * (perf_counter() - start)
    page.wait_for_timeout(500)
    found["websocket, rerun, kB"] = sum(received) / 1e3
    context.close()
    return found


def pan(page: Page) -> list[float]:
    """Frame times in ms while the map is dragged about."""
    page.mouse.move(700, 640)
    page.mouse.down()
    page.evaluate(FRAMES)
    for step in range(60):
        page.mouse.move(700 + 4 * (step % 30), 640 - 2 * (step % 20))
    frames = page.evaluate(STOP)
    page.mouse.up()
    return frames


def _size(frame: str | bytes) -> int:
    return len(frame if isinstance(frame, bytes) else frame.encode())


def main(repeats: int) -> None:
    with streamlit("tests/browser/atlas_map/map_page.py") as address, chromium() as browser:
        for n, m in SIZES:
            measure(browser, address, n, m)  # the server packs the geometry once
            results = defaultdict(list)
            for _ in range(repeats):
                for name, value in measure(browser, address, n, m).items():
                    results[name].append(value)
            print(f"\n{n:,} categories, {m:,} dependencies, median of {repeats}")
            for name, values in results.items():
                print(f"  {name:<40} {statistics.median(values):10.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
