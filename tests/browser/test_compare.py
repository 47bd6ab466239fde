"""Two networks side by side in a real Chromium: linked maps, kinds, lists that lead on."""

import io
import re

import pandas as pd
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from explorer.answers import comparison
from explorer.words.formatting import count, weight_text
from tests.browser.atlas_map.maps import lonely, place, point_at, ready, rests, until
from tests.browser.waiting import choose_row, in_address, settle

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def table(networks) -> pd.DataFrame:
    a, b = networks
    return comparison.compare(a.edges, b.edges, set(a.search.names) & set(b.search.names))


def in_both(page: Page, name: str):
    return page.get_by_role("heading", name=f"{name} in both")


def test_what_is_pointed_at_or_chosen_on_one_map_is_in_the_light_on_both(page, address, networks):
    b = networks[1]
    category = lonely(b.categories)
    name = b.name_of(category)
    captions = page.locator(".caption")
    page.goto(f"{address}/compare")
    ready(page, 2)
    at = point_at(page, category, 1)
    for k, network in enumerate(networks):
        children = (network.edges["source"] == network.index_of(name)).sum()
        expect(captions.nth(k)).to_contain_text(name)
        expect(captions.nth(k)).to_contain_text(f"used by {children or 'none'}")
    page.mouse.move(5, 5)
    expect(captions.first).not_to_contain_text("used by")

    page.mouse.click(at["x"], at["y"])
    expect(in_both(page, name)).to_be_visible()
    in_address(page, "category", name)
    page.mouse.move(5, 5)
    for k in (0, 1):
        expect(captions.nth(k)).to_contain_text(name)
    page.locator(".stage").first.focus()
    page.keyboard.press("Escape")
    in_address(page, "category")
    for k in (0, 1):
        expect(captions.nth(k)).not_to_contain_text("used by")


def test_a_choice_moves_neither_map(page, address, networks):
    category = lonely(networks[0].categories)
    page.goto(f"{address}/compare")
    ready(page, 2)
    before = [place(page, category, k) for k in (0, 1)]
    page.mouse.click(before[0]["x"], before[0]["y"])
    expect(in_both(page, networks[0].name_of(category))).to_be_visible()
    settle(page)
    for k in (0, 1):
        rests(page, k)
        assert place(page, category, k) == pytest.approx(before[k], abs=1)


def test_a_map_whose_head_is_scrolled_out_of_view_keeps_its_foot(page, address, networks):
    page.goto(f"{address}/compare")
    ready(page, 2)
    settle(page)
    stage = page.locator(".stage").first
    page.mouse.move(1420, 300)
    page.mouse.wheel(0, stage.bounding_box()["y"] + 100)
    until(page, "Math.abs(stage().top + 100) < 2")
    rests(page)
    categories = range(len(networks[0].categories))
    at = max((place(page, category) for category in categories), key=lambda at: at["y"])
    ground = page.locator(".map").first.evaluate("e => getComputedStyle(e).backgroundColor")
    # Of the whole window: a picture of a part would be composed anew, and right.
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        seen = picture.convert("RGB").getpixel((round(at["x"]), round(at["y"])))
    assert max(abs(a - int(b)) for a, b in zip(seen, re.findall(r"\d+", ground), strict=True)) > 20


def test_maps_say_the_coefficients_of_the_chosen_fit(page, address, networks):
    name = networks[0].edges["target_name"].iat[0]
    for fit, column in (("lasso", "coefficient"), ("refit", "refit")):
        page.goto(f"{address}/compare?fit={fit}&category={name}")
        ready(page, 2)
        for k, network in enumerate(networks):
            own = network.edges[network.edges["target_name"] == name]
            first = own.loc[own[column].abs().idxmax()]
            said = f"{weight_text(first[column])} {first['source_name']}"
            expect(page.locator(".caption").nth(k)).to_contain_text(said)


def test_the_pair_is_saved_as_pictures(page, address, networks):
    name = networks[0].first_choice
    page.goto(f"{address}/compare?category={name}")
    expect(in_both(page, name)).to_be_visible()
    settle(page)
    for k, (letter, network) in enumerate(zip("AB", networks, strict=True)):
        with page.expect_download() as download:
            page.locator(".nde-snapshot").nth(k).press("Enter")
        assert download.value.suggested_filename == f"{network.name}-{name}-{letter}.png"
        with Image.open(download.value.path()) as picture:
            assert len(picture.convert("RGB").getcolors(1 << 24)) > 20


def test_kinds_decide_over_maps_list_and_file(page, address, networks, table):
    page.goto(f"{address}/compare")
    ready(page, 2)
    page.get_by_test_id("stButtonGroup").get_by_text("only in A", exact=True).click()
    wanted = comparison.of_kinds(table, ["only in A"])
    said = page.get_by_text(f"{count(len(wanted))} of {count(len(networks[0].edges))} dependencies")
    expect(said).to_be_visible()
    expect(page.get_by_text(f"0 of {count(len(networks[1].edges))} dependencies")).to_be_visible()
    expect(page.locator(".caption").nth(1)).to_contain_text("0 of")
    in_address(page, "kind", "only in A")
    settle(page)
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="CSV").first.click()
    file = pd.read_csv(io.BytesIO(download.value.path().read_bytes()))
    assert file["target_name"].tolist() == wanted["target_name"].tolist()
    assert set(file["kind"]) == {"only in A"} and file["coefficient_b"].isna().all()


def test_a_row_of_the_list_turns_both_sides(page, address, table):
    first = table["target_name"].iat[0]
    row = next(k for k, name in enumerate(table["target_name"]) if name != first)
    page.goto(f"{address}/compare")
    expect(in_both(page, first)).to_be_visible()
    settle(page)
    choose_row(page.get_by_test_id("stDataFrame").first, row)
    expect(in_both(page, table["target_name"].iat[row])).to_be_visible()
    expect(page.locator("h1")).to_have_text("Two networks side by side")


def test_the_address_shares_the_view_and_sources_keep_their_places(page, address, networks, table):
    a, b = networks
    name = a.name_of(4)
    page.goto(f"{address}/compare?kind=shared&kind=sign+flip&fit=refit&category={name}")
    expect(in_both(page, name)).to_be_visible()
    n = len(comparison.of_kinds(table, ["shared", "sign flip"]))
    for network in networks:
        shown = f"{count(n)} of {count(len(network.edges))} dependencies"
        expect(page.get_by_text(shown).first).to_be_visible()
    in_address(page, "kind", "shared", "sign flip")
    in_address(page, "fit", "refit")
    settle(page)
    for source in comparison.equations(a.edges, b.edges, name, refit=True)["source_name"].head(3):
        sides = page.get_by_role("button", name=f"{source},")
        left, right = (sides.nth(k).bounding_box() for k in (0, 1))
        # Dots differ in size with the coefficient; their middles do not.
        middles = [box["y"] + box["height"] / 2 for box in (left, right)]
        assert middles[0] == pytest.approx(middles[1], abs=8)
        assert right["x"] > left["x"] + 200
