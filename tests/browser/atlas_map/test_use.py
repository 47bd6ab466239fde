"""The map in a real Chromium in a reader's hands: mouse, finger, keyboard, filters, and Python's part."""

import math
import re

import pytest
from playwright.sync_api import Page, expect

from explorer.words.formatting import count
from tests.browser.atlas_map.maps import lonely, place, rests, until
from tests.browser.atlas_map.opened import EDGES, NODES, open_map

pytestmark = pytest.mark.browser


def test_click_selects_and_python_learns_it(own_page, address):
    page, category = own_page(), lonely(NODES)
    page.clock.install()
    open_map(page, address)
    at = place(page, category)
    page.mouse.click(at["x"], at["y"])
    expect(page.get_by_text(f"focus={category} selected={category}")).to_be_visible()
    # The same category again, after another way of losing it, is reported again.
    page.keyboard.press("Tab")
    page.locator(".stage").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_text("focus=None")).to_be_visible()
    page.clock.fast_forward(400)  # sooner, the next click could make the first one a double click
    page.mouse.click(at["x"], at["y"])
    expect(page.get_by_text(f"calls=[{category}, None, {category}]")).to_be_visible()


def test_escape_leaves_no_arrow_behind(page, address):
    open_map(page, address)
    light = page.locator(".sigma-spotlight")
    ink = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"
    for _ in range(3):
        page.get_by_role("button", name="Focus 7").click()
        expect(page.locator(".sigma-veil")).to_have_class("sigma-veil on")
        rests(page)
        assert light.evaluate(ink)
        page.locator(".stage").focus()
        page.keyboard.press("Escape")
        expect(page.get_by_text("focus=None")).to_be_visible()
        assert not light.evaluate(ink)


def test_a_tap_shows_the_neighbourhood_and_a_second_one_chooses(own_page, address):
    page, category = own_page(has_touch=True), lonely(NODES)
    page.clock.install()
    open_map(page, address)
    at = place(page, category)
    caption = page.locator(".caption")
    page.touchscreen.tap(at["x"], at["y"])
    expect(page.locator(".sigma-veil")).to_have_class("sigma-veil on")
    expect(caption).to_contain_text("tap again to choose")
    page.clock.fast_forward(400)  # sooner, the next tap would make it a double tap
    expect(page.get_by_text("calls=[]")).to_be_visible()
    page.touchscreen.tap(at["x"], at["y"])
    expect(page.get_by_text(f"calls=[{category}]")).to_be_visible()
    expect(caption).not_to_contain_text("tap again")


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
    rests(page)
    return int(live.text_content().split(":")[0].split()[-1])


def test_keyboard_zooms_and_resets(page, address):
    open_map(page, address)
    page.locator(".stage").focus()

    def extent() -> float:
        a, b = place(page, 0), place(page, 299)
        return math.hypot(a["x"] - b["x"], a["y"] - b["y"])

    whole = extent()
    page.keyboard.press("+")
    rests(page)
    assert extent() == pytest.approx(1.6 * whole, rel=0.01)
    page.keyboard.press("0")
    rests(page)
    assert extent() == pytest.approx(whole, rel=0.01)


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_glides_where_the_reader_wants_no_motion(own_page, address, motion):
    page = own_page(reduced_motion=motion)
    open_map(page, address)
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


def test_wheel_zooms_and_drag_pans(page, address):
    open_map(page, address)
    before = place(page, 150)
    page.mouse.move(700, 600)
    page.mouse.down()
    page.mouse.move(800, 600, steps=5)
    page.mouse.up()
    until(page, f"place(150).x > {before['x'] + 50}")
    rests(page)
    far = abs(place(page, 0)["x"] - place(page, 299)["x"])
    page.mouse.wheel(0, -300)
    until(page, f"Math.abs(place(0).x - place(299).x) > {far}")


def test_filters_grey_out_and_hide_nothing(page, address):
    open_map(page, address)
    first, second = (int(NODES["category"][NODES["community"] == c].iloc[0]) for c in (0, 1))
    button = page.locator("[data-community='0']")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert place(page, first)["coloured"] and not place(page, second)["coloured"]
    size = (NODES["community"] == 1).sum()
    expect(page.locator("[data-community='1'] .count")).to_have_text(f"0 / {size}")
    # No rerun: a filter of looks alone never reaches Python unless the page asks for it.
    expect(page.get_by_text("filters=MapFilters(min_strength=0.0")).to_be_visible()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert place(page, second)["coloured"]


def test_python_sets_filters_and_learns_theirs_where_it_asks(page, address):
    open_map(page, address, extra="&report=1")
    note = page.locator(".legend .note").first
    page.get_by_role("button", name="Strong only").click()
    strong = (EDGES["strength"] >= 0.3).sum()
    expect(note).to_have_text(f"{count(strong)} of {count(len(EDGES))}")
    page.locator("[data-sign='negative']").click()
    both = ((EDGES["strength"] >= 0.3) & (EDGES["sign"] < 0)).sum()
    expect(note).to_have_text(f"{count(both)} of {count(len(EDGES))}")
    expect(page.get_by_text("sign='negative'")).to_be_visible()


def test_dependencies_that_pass_come_from_python(page, address):
    inside = EDGES[(EDGES[["target", "source"]] < 150).all(axis=1)]
    ends = set(inside["target"]) | set(inside["source"])
    open_map(page, address)
    page.get_by_text("First half").click()
    until(page, "!place(200).coloured")
    assert place(page, min(ends))["coloured"]
    expect(page.locator(".caption")).to_have_text(f"{len(ends)} of 300 categories")
    counted = page.locator(".legend .note").first
    expect(counted).to_have_text(f"{count(len(inside))} of {count(len(EDGES))}")
