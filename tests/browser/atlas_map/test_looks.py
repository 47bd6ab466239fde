"""What the map in a real Chromium shows: places, colours, words and pictures; and how frugal it is."""

import colorsys
import re
import shutil
import xml.etree.ElementTree as ElementTree
from io import BytesIO

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.words.formatting import count, weight_text
from tests.browser.atlas_map.maps import lonely, place, point_at, rests, until
from tests.browser.atlas_map.opened import EDGES, LARGE, NODES, USUAL, open_map

pytestmark = pytest.mark.browser


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


def test_very_many_discs_leave_room_between_them(page, address):
    open_map(page, address, LARGE)
    stage = page.locator(".stage").bounding_box()
    area = stage["width"] * stage["height"]
    circles = saved_svg(page).findall("{http://www.w3.org/2000/svg}circle")[: LARGE[0]]
    radius = np.array([float(circle.get("r")) for circle in circles])
    assert len(radius) == LARGE[0] and radius.min() >= 0.5
    assert 0.3 * area < np.pi * (radius**2).sum() < 0.55 * area
    smallest = circles[radius.argmin()]
    assert float(smallest.get("stroke-width")) == 0, "a rim would leave nothing of it"
    # Control: of a usual map's discs as many would cover it more than once.
    open_map(page, address, USUAL)
    circles = saved_svg(page).findall("{http://www.w3.org/2000/svg}circle")[: USUAL[0]]
    usual = np.array([float(circle.get("r")) for circle in circles])
    assert np.pi * (usual**2).mean() * LARGE[0] > area


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pixels_show_the_colour_of_the_community(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    open_map(page, address)
    page.get_by_label("show all at once").uncheck()
    rests(page)
    category = lonely(NODES)
    drawn = pixel(page, place(page, category))
    legend = page.locator(f"[data-community='{NODES['community'][category]}'] .swatch")
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


def test_hover_puts_the_neighbourhood_in_the_light(page, address):
    category = lonely(NODES)
    open_map(page, address)
    point_at(page, category)
    caption = page.locator(".caption")
    expect(caption).to_contain_text(NODES["name"][category])
    expect(page.locator(".sigma-veil")).to_have_class("sigma-veil on")
    strongest = EDGES[EDGES["target"] == category].nlargest(1, "strength").iloc[0]
    expect(caption).to_contain_text(NODES["name"][int(strongest["source"])])
    children = (EDGES["source"] == category).sum()
    expect(caption).to_contain_text(f"used by {children or 'none'}")


def test_the_caption_of_a_filtered_map_is_about_those_shown(page, address):
    negative = EDGES[EDGES["sign"] < 0]
    category = lonely(NODES, among=set(negative["target"]) & set(negative["source"]))
    open_map(page, address)
    caption = page.locator(".caption")
    point_at(page, category)
    expect(caption).to_contain_text(NODES["name"][category])
    expect(caption).not_to_contain_text("of those shown")
    page.mouse.move(5, 5)
    page.locator("[data-sign='negative']").click()
    point_at(page, category)
    own = negative[negative["target"] == category].nlargest(1, "strength").iloc[0]
    first = f"\u2248 \u2212{weight_text(own['strength'])} {NODES['name'][int(own['source'])]}"
    expect(caption).to_contain_text(first)
    expect(caption).to_contain_text("(of those shown)")
    users = (negative["source"] == category).sum()
    expect(caption).to_contain_text(f"used by {users} of those shown")


def test_no_coefficient_reads_as_zero(page, address):
    four = EDGES.sort_values("strength", ascending=False).groupby("target").head(4)
    small = four[four["strength"] < 0.005]
    category = lonely(NODES, among=set(small["target"]))
    open_map(page, address)
    point_at(page, category)
    smallest = small.loc[small["target"] == category, "strength"].max()
    caption = page.locator(".caption")
    expect(caption).to_contain_text(f"{weight_text(smallest)} ")
    assert not re.search(r"\b0\.00 ", caption.text_content())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_edges_at_once_have_the_colour_of_their_sign(page, address, scheme):
    page.emulate_media(color_scheme=scheme)
    open_map(page, address)
    for sign, low, high in (("positive", 0.5, 0.7), ("negative", 0.0, 0.15)):
        page.locator(f"[data-sign='{sign}']").click()
        expect(page.locator(f"[data-sign='{sign}']")).to_have_attribute("aria-pressed", "true")
        rests(page)
        drawn = edge_hues(page)
        assert len(drawn) > 1000 and all(low < hue < high for hue in drawn), sign


def edge_hues(page: Page) -> list[float]:
    """Of every coloured pixel of the map where nothing but its edges is shown."""
    return [hue for hue, saturation, value in edge_pixels(page) if saturation * value > 0.15]


def edge_pixels(page: Page) -> list[tuple[float, float, float]]:
    """Hue, saturation and value of every pixel of the map where nothing but its edges is shown."""
    hide = "e => { e.style.visibility = e.className === 'sigma-edges' ? '' : 'hidden' }"
    for layer in page.locator(".sigma > *").all():
        layer.evaluate(hide)
    box = page.locator(".sigma").bounding_box()
    clip = {key: box[key] + {"y": 60, "height": -110}.get(key, 0) for key in box}
    picture = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")
    colours = picture.get_flattened_data()
    return [colorsys.rgb_to_hsv(*(part / 255 for part in colour)) for colour in colours]


def test_the_less_stable_the_edges_the_paler_the_map(page, address):
    ink = {}
    for stability in ("0", "nan", "1"):
        open_map(page, address, extra=f"&stability={stability}")
        said = page.locator(".legend").get_by_text("The paler, the fewer half-samples")
        expect(said).to_have_count(0 if stability == "nan" else 1)
        ink[stability] = sum(saturation for _, saturation, _ in edge_pixels(page))
    assert 1.5 * ink["0"] < ink["nan"] < ink["1"] / 1.02


def test_every_line_and_arrow_has_the_opacity_of_its_stability(page, address):
    open_map(page, address)
    lines = stroke_opacities(saved_svg(page))
    assert lines == pytest.approx(sorted(0.4 * opacities(EDGES) / 0.85), abs=0.005)
    page.get_by_role("button", name="Focus 7").click()
    expect(page.locator(".caption")).to_contain_text(" 7 ")
    rests(page)
    around = EDGES[(EDGES["target"] == 7) | (EDGES["source"] == 7)]
    arrows = [float(g.get("opacity")) for g in saved_svg(page).iter() if g.tag.endswith("}g")]
    assert sorted(arrows) == pytest.approx(sorted(opacities(around)), abs=0.01)


def opacities(edges: pd.DataFrame) -> np.ndarray:
    """Of arrows of a small graph of such stability: from 0.2 to 1, and 0.85 where it was not measured."""
    return (0.2 + 0.8 * edges["stability"]).fillna(0.85).to_numpy()


def test_fewer_edges_are_drawn_stronger(page, address):
    open_map(page, address)
    everything = stroke_opacities(saved_svg(page))[-1]
    page.get_by_role("button", name="Strong only").click()
    expect(page.locator(".caption")).to_contain_text("of 300 categories")
    assert stroke_opacities(saved_svg(page))[-1] > 1.5 * everything


def saved_svg(page: Page) -> ElementTree.Element:
    """The map as an SVG file."""
    with page.expect_download() as svg:
        page.get_by_label("Download SVG").click()
    return ElementTree.parse(svg.value.path()).getroot()


def stroke_opacities(drawing: ElementTree.Element) -> list[float]:
    """Of all lines of the whole map, palest first."""
    return sorted(
        float(line.get("stroke-opacity", ""))
        for line in drawing.iter()
        if line.get("stroke-opacity")
    )


def test_legend_counts_are_about_the_selection(page, address):
    open_map(page, address)
    sizes = NODES["community"].value_counts()
    expect(page.locator("[data-community='0'] .count")).to_have_text(count(sizes[0]))
    page.get_by_role("button", name="Focus 7").click()
    touching = EDGES[(EDGES["target"] == 7) | (EDGES["source"] == 7)]
    around = set(touching["target"]) | set(touching["source"])
    here = (NODES["community"][list(around)] == 0).sum()
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
    page.locator("[data-test-script-state=notRunning]").wait_for()
    received.clear()
    page.get_by_role("button", name="Focus 7").click()
    expect(page.locator(".caption")).to_contain_text(" 7 ")
    expect(page.get_by_text("focus=7")).to_be_visible()  # the page's last line
    assert len(fetched) == 2
    # Everything the page shows after a rerun, the map's data included; the geometry alone has 1 MB.
    assert 0 < sum(received) < 20_000


def test_says_so_where_webgl_is_missing(browser, address):
    without = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-3d-apis"]
    )
    page = without.new_page()
    page.goto(f"{address}/?n=300&m=1500")
    expect(page.get_by_text("no WebGL")).to_be_visible()
    expect(page.get_by_text("webgl=False")).to_be_visible()
    without.close()


def test_pictures_open_with_their_own_readers(page, address):
    open_map(page, address)
    page.get_by_role("button", name="Focus 7").click()
    expect(page.locator(".caption")).to_contain_text(" 7 ")
    rests(page)
    with page.expect_download() as png:
        page.get_by_label("Download PNG").click()
    stage = page.locator(".sigma").bounding_box()
    with Image.open(png.value.path()) as picture:
        # Twice the stage, whose size may be a fraction of a pixel off, and below it words and key.
        assert picture.width == pytest.approx(2 * stage["width"], abs=2)
        assert picture.height > 2 * stage["height"] + 60
        assert len(picture.convert("RGB").getcolors(maxcolors=1 << 24)) > 50
    drawing = saved_svg(page)
    name = NODES["name"][7]
    texts = [element.text for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert name in texts
    said = " ".join(texts)
    assert "Which network this is. How well its equations" in said
    assert said.count("many words.") == 5, "wrapped, but whole"
    groups = page.locator(".legend .community .name").all_inner_texts()
    assert texts[-len(groups) :] == groups
    assert int(drawing.get("height")) > stage["height"] + 30


def test_fills_the_screen(page, address):
    open_map(page, address)
    page.get_by_label("Full screen").click()
    page.wait_for_function("document.fullscreenElement !== null")
    until(page, "place(0).y < 900 && stage().height > 800")


def test_fits_a_phone_without_covering_the_map(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    open_map(page, address)
    stage, legend = page.locator(".stage").bounding_box(), page.locator(".legend").bounding_box()
    assert legend["y"] >= stage["y"] + stage["height"]
    assert stage["x"] >= 0 and stage["x"] + stage["width"] <= 390
