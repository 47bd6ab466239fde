"""The map in a real Chromium: drawn at both sizes, usable by mouse and keyboard, and frugal."""

import colorsys
import math
import re
import shutil
import xml.etree.ElementTree as ElementTree
from collections.abc import Collection, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect

from explorer.words.formatting import count, weight_text
from tests.browser.server import streamlit
from tests.browser.synthetic_map import synthetic_map

pytestmark = pytest.mark.browser
SMALL, USUAL, LARGE = (300, 1500), (1000, 10_000), (21_841, 100_000)  # categories, dependencies

PLACE = """(category) => {
    const hosts = [...document.querySelectorAll("*")].filter((e) => e.shadowRoot?.querySelector(".root"));
    const root = hosts[0].shadowRoot.querySelector(".root");
    const stage = root.querySelector(".stage").getBoundingClientRect();
    const { x, y, coloured } = root.atlasMap.placeOf(category);
    return { x: x + stage.left, y: y + stage.top, coloured, stage };
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with streamlit("tests/browser/map_page.py") as address:
        yield address


@pytest.fixture(scope="module")
def context(browser) -> BrowserContext:
    """One for all tests: Streamlit's own files are read once."""
    return browser.new_context()


@pytest.fixture
def page(context) -> Iterator[Page]:
    """A page on which any error, and any request to another host, fails the test."""
    page = context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: line.type == "error" and faults.append(line.text))
    page.on("request", lambda request: _is_foreign(request.url) and faults.append(request.url))
    yield page
    page.close()
    assert faults == []


def _is_foreign(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "blob:", "data:"))


def open_map(page: Page, address: str, size: tuple[int, int] = SMALL, extra: str = "") -> Locator:
    page.goto(f"{address}/?n={size[0]}&m={size[1]}{extra}")
    page.locator(".map[data-ready]").wait_for(timeout=60_000)
    return page.locator(".map")


def place(page: Page, category: int) -> dict:
    return page.evaluate(PLACE, category)


def settle(page: Page) -> None:
    """Wait until the camera stands still: it moves at every animation frame, however late that comes."""
    page.evaluate(
        """async (place) => {
            const frame = () => new Promise(requestAnimationFrame);
            const now = () => JSON.stringify(eval(place)(0));
            for (let still = 0, before = null; still < 5; await frame()) {
                const after = now();
                still = after === before ? still + 1 : 0;
                before = after;
            }
        }""",
        PLACE,
    )


def until(page: Page, condition: str) -> None:
    """Wait until a JavaScript condition holds; in it `place(category)` is the function above."""
    page.wait_for_function(f"() => {{ const place = {PLACE}; return {condition}; }}")


def lonely(size: tuple[int, int] = SMALL, among: Collection[int] | None = None) -> int:
    """The category furthest from its nearest neighbour: a click cannot hit another one."""
    nodes, _ = synthetic_map(*size)
    x, y = nodes["x"].to_numpy(), nodes["y"].to_numpy()
    nearest = [((x - x[i]) ** 2 + (y - y[i]) ** 2).argsort()[1] for i in range(len(x))]
    distance = (x - x[nearest]) ** 2 + (y - y[nearest]) ** 2
    return int(max(among or nodes["category"], key=lambda category: distance[category]))


@pytest.mark.parametrize("size", [USUAL, LARGE])
def test_draws_every_category_at_its_place(page, address, size):
    open_map(page, address, size)
    stage = page.locator(".stage").bounding_box()
    for category in (0, size[0] // 2, size[0] - 1):
        at = place(page, category)
        assert stage["x"] < at["x"] < stage["x"] + stage["width"]
        assert stage["y"] < at["y"] < stage["y"] + stage["height"]
    label = page.locator(".stage").get_attribute("aria-label")
    assert f"{count(size[0])} categories" in label


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pixels_show_the_colour_of_the_community(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    nodes, _ = synthetic_map(*SMALL)
    open_map(page, address)
    page.get_by_label("show all at once").uncheck()
    settle(page)
    category = lonely()
    drawn = pixel(page, place(page, category))
    legend = page.locator(f"[data-community='{nodes['community'][category]}'] .swatch")
    if legend.count():  # communities beyond the palette share one row
        assert close(drawn, legend.evaluate("e => getComputedStyle(e).backgroundColor"))
    # Control: bare ground next to it has another colour.
    ground = page.locator(".map").evaluate("e => getComputedStyle(e).backgroundColor")
    assert not close(drawn, ground)


def pixel(page: Page, at: dict) -> tuple[int, int, int]:
    clip = {"x": round(at["x"]) - 1, "y": round(at["y"]) - 1, "width": 3, "height": 3}
    return Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB").getpixel((1, 1))


def close(colour: tuple[int, int, int], css: str) -> bool:
    """Equal but for the rounding of blending."""
    parts = [int(float(part)) for part in css.split("(")[1].rstrip(")").split(",")[:3]]
    return max(abs(a - b) for a, b in zip(colour, parts, strict=True)) <= 6


def test_click_selects_and_python_learns_it(page, address):
    category = lonely()
    open_map(page, address)
    at = place(page, category)
    page.mouse.click(at["x"], at["y"])
    expect(page.get_by_text(f"focus={category} selected={category}")).to_be_visible()
    # The same category again, after another way of losing it, is reported again.
    page.keyboard.press("Tab")
    page.locator(".stage").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_text("focus=None")).to_be_visible()
    page.wait_for_timeout(400)  # sooner, the next click could make the first one a double click
    page.mouse.click(at["x"], at["y"])
    expect(page.get_by_text(f"calls=[{category}, None, {category}]")).to_be_visible()


def test_escape_leaves_no_arrow_behind(page, address):
    open_map(page, address)
    light = page.locator(".sigma-spotlight")
    ink = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"
    for _ in range(3):
        page.get_by_role("button", name="Focus 7").click()
        expect(page.locator(".sigma-veil")).to_have_class("sigma-veil on")
        settle(page)
        assert light.evaluate(ink)
        page.locator(".stage").focus()
        page.keyboard.press("Escape")
        expect(page.get_by_text("focus=None")).to_be_visible()
        assert not light.evaluate(ink)


def test_hover_puts_the_neighbourhood_in_the_light(page, address):
    category = lonely()
    nodes, edges = synthetic_map(*SMALL)
    open_map(page, address)
    point_at(page, category)
    caption = page.locator(".caption")
    expect(caption).to_contain_text(nodes["name"][category])
    expect(page.locator(".sigma-veil")).to_have_class("sigma-veil on")
    strongest = edges[edges["target"] == category].nlargest(1, "strength").iloc[0]
    expect(caption).to_contain_text(nodes["name"][int(strongest["source"])])
    children = (edges["source"] == category).sum()
    expect(caption).to_contain_text(f"used by {children or 'none'}")


def point_at(page: Page, category: int) -> None:
    at = place(page, category)
    page.mouse.move(at["x"] - 4, at["y"])
    page.mouse.move(at["x"], at["y"])


def test_the_caption_of_a_filtered_map_is_about_those_shown(page, address):
    nodes, edges = synthetic_map(*SMALL)
    negative = edges[edges["sign"] < 0]
    category = lonely(among=set(negative["target"]) & set(negative["source"]))
    open_map(page, address)
    caption = page.locator(".caption")
    point_at(page, category)
    expect(caption).to_contain_text(nodes["name"][category])
    expect(caption).not_to_contain_text("of those shown")
    page.mouse.move(5, 5)
    page.locator("[data-sign='negative']").click()
    point_at(page, category)
    own = negative[negative["target"] == category].nlargest(1, "strength").iloc[0]
    first = f"\u2248 \u2212{weight_text(own['strength'])} {nodes['name'][int(own['source'])]}"
    expect(caption).to_contain_text(first)
    expect(caption).to_contain_text("(of those shown)")
    users = (negative["source"] == category).sum()
    expect(caption).to_contain_text(f"used by {users} of those shown")


def test_no_coefficient_reads_as_zero(page, address):
    _, edges = synthetic_map(*SMALL)
    four = edges.sort_values("strength", ascending=False).groupby("target").head(4)
    small = four[four["strength"] < 0.005]
    category = lonely(among=set(small["target"]))
    open_map(page, address)
    point_at(page, category)
    smallest = small.loc[small["target"] == category, "strength"].max()
    caption = page.locator(".caption")
    expect(caption).to_contain_text(f"{weight_text(smallest)} ")
    assert not re.search(r"\b0\.00 ", caption.text_content())


def test_a_tap_shows_the_neighbourhood_and_a_second_one_chooses(browser, address):
    context = browser.new_context(has_touch=True, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    category = lonely()
    open_map(page, address)
    settle(page)
    at = place(page, category)
    caption = page.locator(".caption")
    page.touchscreen.tap(at["x"], at["y"])
    expect(page.locator(".sigma-veil")).to_have_class("sigma-veil on")
    expect(caption).to_contain_text("tap again to choose")
    page.wait_for_timeout(400)  # sooner, the next tap would make it a double tap
    expect(page.get_by_text("calls=[]")).to_be_visible()
    page.touchscreen.tap(at["x"], at["y"])
    expect(page.get_by_text(f"calls=[{category}]")).to_be_visible()
    expect(caption).not_to_contain_text("tap again")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_edges_at_once_have_the_colour_of_their_sign(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    open_map(page, address)
    for sign, low, high in (("positive", 0.5, 0.7), ("negative", 0.0, 0.15)):
        page.locator(f"[data-sign='{sign}']").click()
        page.wait_for_timeout(300)
        drawn = edge_hues(page)
        assert len(drawn) > 1000 and all(low < hue < high for hue in drawn), sign


def edge_hues(page: Page) -> list[float]:
    """Of every coloured pixel of the map where nothing but its edges is shown."""
    hide = "e => { e.style.visibility = e.className === 'sigma-edges' ? '' : 'hidden' }"
    for layer in page.locator(".sigma > *").all():
        layer.evaluate(hide)
    box = page.locator(".sigma").bounding_box()
    clip = {key: box[key] + {"y": 60, "height": -110}.get(key, 0) for key in box}
    picture = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")
    colours = picture.get_flattened_data()
    hsv = [colorsys.rgb_to_hsv(*(part / 255 for part in colour)) for colour in colours]
    return [hue for hue, saturation, value in hsv if saturation * value > 0.15]


def test_fewer_edges_are_drawn_stronger(page, address):
    open_map(page, address)
    everything = edge_opacity(page)
    page.get_by_role("button", name="Strong only").click()
    expect(page.locator(".caption")).to_contain_text("of 300 categories")
    assert edge_opacity(page) > 1.5 * everything


def edge_opacity(page: Page) -> float:
    with page.expect_download() as svg:
        page.get_by_label("Download SVG").click()
    drawing = ElementTree.parse(svg.value.path()).getroot()
    (opacity,) = [g.get("stroke-opacity") for g in drawing.iter() if g.get("stroke-opacity")]
    return float(opacity)


def test_the_legends_slider_reports_two_digits_and_moves_by_key(page, address):
    open_map(page, address, extra="&report=1")
    slider = page.get_by_label("At least this absolute coefficient")
    slider.fill("60")
    for position in ("61", "62", "63"):
        slider.press("ArrowRight")
        expect(slider).to_have_value(position)
    reported = page.get_by_text(re.compile(r"min_strength=0\.0*[1-9]\d?, "))
    expect(reported).to_be_visible()
    expect(slider).to_have_value("63")


def test_keyboard_walks_to_the_nearest_in_each_direction(page, address):
    open_map(page, address)
    live = page.locator(".live")
    page.locator(".stage").focus()
    here = walk(page, "ArrowRight")  # the first press only takes hold, in the middle
    for key, axis, direction in (
        ("ArrowRight", "x", 1),
        ("ArrowLeft", "x", -1),
        ("ArrowUp", "y", -1),
        ("ArrowDown", "y", 1),
    ):
        there = walk(page, key)
        before, after = place(page, here), place(page, there)
        assert (after[axis] - before[axis]) * direction > 0, key
        here = there
    assert ": about " in live.text_content() or "no dependency" in live.text_content()
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"focus={here} selected={here}")).to_be_visible()


def walk(page: Page, key: str) -> int:
    """The category that an arrow key leads to; synthetic names end in their category."""
    live = page.locator(".live")
    before = live.text_content()
    page.keyboard.press(key)
    expect(live).not_to_have_text(before)
    settle(page)
    return int(live.text_content().split(":")[0].split()[-1])


def test_keyboard_zooms_and_resets(page, address):
    open_map(page, address)
    page.locator(".stage").focus()

    def extent() -> float:
        a, b = place(page, 0), place(page, 299)
        return math.hypot(a["x"] - b["x"], a["y"] - b["y"])

    whole = extent()
    page.keyboard.press("+")
    settle(page)
    assert extent() == pytest.approx(1.6 * whole, rel=0.01)
    page.keyboard.press("0")
    settle(page)
    assert extent() == pytest.approx(whole, rel=0.01)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_glides_where_the_reader_wants_no_motion(browser, address, motion):
    context = browser.new_context(reduced_motion=motion)  # its own, whose time can be stopped
    page = context.new_page()
    open_map(page, address)
    settle(page)
    page.locator(".stage").focus()
    # From here on time, and with it the animation frames, stands still between steps.
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    before = place(page, 0)["x"]
    page.keyboard.press("+")
    seen = []
    for milliseconds in (40, 100, 1000, 100):
        page.clock.run_for(milliseconds)
        seen.append(place(page, 0)["x"])
    assert before not in seen and seen[2] == seen[3]  # it moved, and came to rest
    glided = seen[0] != seen[1] != seen[2]
    assert glided == (motion == "no-preference"), seen
    context.close()


def test_wheel_zooms_and_drag_pans(page, address):
    open_map(page, address)
    before = place(page, 150)
    page.mouse.move(700, 600)
    page.mouse.down()
    page.mouse.move(800, 600, steps=5)
    page.mouse.up()
    until(page, f"place(150).x > {before['x'] + 50}")
    settle(page)
    far = abs(place(page, 0)["x"] - place(page, 299)["x"])
    page.mouse.wheel(0, -300)
    until(page, f"Math.abs(place(0).x - place(299).x) > {far}")


def test_filters_grey_out_and_hide_nothing(page, address):
    nodes, _ = synthetic_map(*SMALL)
    open_map(page, address)
    first, second = (int(nodes["category"][nodes["community"] == c].iloc[0]) for c in (0, 1))
    button = page.locator("[data-community='0']")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert place(page, first)["coloured"] and not place(page, second)["coloured"]
    size = (nodes["community"] == 1).sum()
    expect(page.locator("[data-community='1'] .count")).to_have_text(f"0 / {size}")
    # No rerun: a filter of looks alone never reaches Python unless the page asks for it.
    expect(page.get_by_text("filters=MapFilters(min_strength=0.0")).to_be_visible()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert place(page, second)["coloured"]


def test_python_sets_filters_and_learns_theirs_where_it_asks(page, address):
    _, edges = synthetic_map(*SMALL)
    open_map(page, address, extra="&report=1")
    note = page.locator(".legend .note").first
    page.get_by_role("button", name="Strong only").click()
    strong = (edges["strength"] >= 0.3).sum()
    expect(note).to_have_text(f"{count(strong)} of {count(len(edges))}")
    page.locator("[data-sign='negative']").click()
    both = ((edges["strength"] >= 0.3) & (edges["sign"] < 0)).sum()
    expect(note).to_have_text(f"{count(both)} of {count(len(edges))}")
    expect(page.get_by_text("sign='negative'")).to_be_visible()


def test_dependencies_that_pass_come_from_python(page, address):
    _, edges = synthetic_map(*SMALL)
    inside = edges[(edges[["target", "source"]] < 150).all(axis=1)]
    ends = set(inside["target"]) | set(inside["source"])
    open_map(page, address)
    page.get_by_text("First half").click()
    page.wait_for_function(f"!({PLACE})(200).coloured")
    assert place(page, min(ends))["coloured"]
    expect(page.locator(".caption")).to_have_text(f"{len(ends)} of 300 categories")
    counted = page.locator(".legend .note").first
    expect(counted).to_have_text(f"{count(len(inside))} of {count(len(edges))}")


def test_legend_counts_are_about_the_selection(page, address):
    nodes, edges = synthetic_map(*SMALL)
    open_map(page, address)
    sizes = nodes["community"].value_counts()
    expect(page.locator("[data-community='0'] .count")).to_have_text(count(sizes[0]))
    page.get_by_role("button", name="Focus 7").click()
    touching = edges[(edges["target"] == 7) | (edges["source"] == 7)]
    around = set(touching["target"]) | set(touching["source"])
    here = (nodes["community"][list(around)] == 0).sum()
    expect(page.locator("[data-community='0'] .count")).to_have_text(f"{here} / {sizes[0]}")


def test_nothing_unchanged_is_sent_twice(page, address):
    received: list[int] = []
    fetched: list[str] = []
    size = lambda frame: len(frame) if isinstance(frame, bytes) else len(frame.encode())  # noqa: E731
    page.on("websocket", lambda ws: ws.on("framereceived", lambda f: received.append(size(f))))
    media = f"{address}/media/"
    page.on("request", lambda asked: asked.url.startswith(media) and fetched.append(asked.url))
    open_map(page, address, LARGE)
    assert len(fetched) == len(set(fetched)) == 2  # the code and the geometry
    quiet = page.locator("[data-testid=stApp][data-test-script-state=notRunning]")
    quiet.wait_for()
    page.wait_for_timeout(500)
    received.clear()
    page.get_by_role("button", name="Focus 7").click()
    expect(page.locator(".caption")).to_contain_text(" 7 ")
    quiet.wait_for()
    assert len(fetched) == 2
    # Everything the page shows after a rerun, the map's data included; the geometry alone has 1 MB.
    assert 0 < sum(received) < 20_000


def test_says_so_where_webgl_is_missing(browser, address):
    without = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-3d-apis"]
    )
    page = without.new_page()
    page.goto(f"{address}/?n=300&m=1500")
    expect(page.get_by_text("no WebGL")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("webgl=False")).to_be_visible()
    without.close()


def test_pictures_open_with_their_own_readers(page, address):
    open_map(page, address)
    page.get_by_role("button", name="Focus 7").click()
    expect(page.locator(".caption")).to_contain_text(" 7 ")
    settle(page)
    with page.expect_download() as png:
        page.get_by_label("Download PNG").click()
    stage = page.locator(".sigma").bounding_box()
    with Image.open(png.value.path()) as picture:
        # Twice the stage, whose size may be a fraction of a pixel off.
        assert picture.size == pytest.approx((2 * stage["width"], 2 * stage["height"]), abs=2)
        assert len(picture.convert("RGB").getcolors(maxcolors=1 << 24)) > 50
    with page.expect_download() as svg:
        page.get_by_label("Download SVG").click()
    drawing = ElementTree.parse(svg.value.path()).getroot()
    name = synthetic_map(*SMALL)[0]["name"][7]
    texts = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert name in texts


def test_fills_the_screen(page, address):
    open_map(page, address)
    page.get_by_label("Full screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    until(page, "place(0).y < 900 && place(0).stage.height > 800")


def test_fits_a_phone_without_covering_the_map(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page, address)
    stage, legend = page.locator(".stage").bounding_box(), page.locator(".legend").bounding_box()
    assert legend["y"] >= stage["y"] + stage["height"]
    assert stage["x"] >= 0 and stage["x"] + stage["width"] <= 390
