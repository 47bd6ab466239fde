"""The pages in a real Chromium: what a reader does with mouse and keyboard, on real tables."""

import io
import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from explorer.answers import lists, neighbourhood
from tests.browser.waiting import choose_row, heading, in_address, node, settle, step, width

pytestmark = pytest.mark.browser
HITS = ".st-key-found-names button"


def open_category(page: Page, address: str, name: str, **more: str) -> None:
    asked = "&".join(f"{key}={value}" for key, value in {"category": name, **more}.items())
    page.goto(f"{address}/category?{asked}")
    heading(page, name)
    settle(page)


def focused(page: Page) -> str:
    """What a screen reader says of the node that has the focus."""
    return page.locator(".ego .node:focus").get_attribute("aria-label")


def equation(network, target: int, size: float) -> pd.DataFrame:
    path = network.paths[target]
    return neighbourhood.equation(path, path.position_of_size(size))


def test_the_overview_draws_the_map(page, address):
    page.goto(address)
    heading(page, "Overview of dependencies")
    page.locator(".map[data-ready]").wait_for()
    expect(page.get_by_test_id("stMetric")).to_have_count(5)


def test_without_webgl_the_plain_map_takes_its_place(page, address):
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        "  return /webgl/.test(kind) ? null : get.call(this, kind, ...rest); };"
    )
    page.goto(address)
    heading(page, "Overview of dependencies")
    page.locator(".js-plotly-plot .scatterlayer .trace").first.wait_for()
    saved = page.locator(".js-plotly-plot .gtitle")
    expect(saved.filter(has_text="Dependencies in")).to_be_visible()


def test_searching_leads_to_a_category_and_into_the_address(page, address, network):
    name = network.name_of(12)
    page.goto(address)
    settle(page)
    page.get_by_placeholder("name, WordNet id or meaning").press_sequentially(name[:6])
    page.get_by_test_id("stSidebar").get_by_role("button", name=name, exact=True).click()
    heading(page, name)
    in_address(page, "category", name)


def test_the_search_is_walked_and_answered_by_keyboard(page, address, network):
    name = network.name_of(12)
    page.goto(address)
    settle(page)
    field, hits = page.get_by_placeholder("name, WordNet id or meaning"), page.locator(HITS)
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    page.keyboard.type(name)
    expect(hits.first).to_have_text(name)
    page.keyboard.press("ArrowDown")
    expect(hits.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Enter")
    heading(page, name)
    expect(field).to_have_value("")


def test_enter_does_not_wait_for_the_list(page, address, network):
    page.goto(f"{address}/category?category={network.name_of(1)}")
    heading(page, network.name_of(1))
    settle(page)
    page.keyboard.press("/")
    page.keyboard.type(network.name_of(12))
    page.keyboard.press("Enter")
    heading(page, network.name_of(12))
    settle(page)
    expect(page.locator(HITS)).to_have_count(0)


def test_a_slash_that_is_typed_into_a_field_stays_there(page, address):
    page.goto(address)
    settle(page)
    field = page.get_by_placeholder("dog, n02085620")
    field.press_sequentially("a/b")
    expect(field).to_have_value("a/b")


@pytest.mark.parametrize("way", ["click", "Enter", "/"])
def test_on_a_phone_the_side_makes_room_for_what_was_found(phone, address, network, way):
    name = network.name_of(12)
    phone.goto(address)
    settle(phone)
    opener = phone.get_by_test_id("stExpandSidebarButton")
    phone.keyboard.press("/") if way == "/" else opener.click()
    expect(opener).to_have_count(0)
    field = phone.get_by_placeholder("name, WordNet id or meaning")
    field.press_sequentially(name)
    hit = phone.locator(HITS).filter(has_text=re.compile(f"^{re.escape(name)}$"))
    hit.click() if way == "click" else (hit.wait_for(), field.press("Enter"))
    heading(phone, name)
    expect(opener).to_be_visible()
    expect(phone.get_by_test_id("stSidebar")).not_to_be_in_viewport()


def test_on_a_wide_screen_the_side_stays(page, address, network):
    page.goto(address)
    settle(page)
    page.get_by_placeholder("name, WordNet id or meaning").fill(network.name_of(12))
    page.locator(HITS).first.click()
    heading(page, network.name_of(12))
    expect(page.get_by_test_id("stSidebar")).to_be_in_viewport()


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_every_page_has_its_place_at_the_top(page, address, width):
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(f"{address}/glossary")
    settle(page)
    places = [link.bounding_box() for link in page.get_by_test_id("stTopNavLink").all()]
    assert len(places) == 13 and len({place["x"] for place in places}) == 13
    assert max(place["x"] + place["width"] for place in places) < width


def test_a_click_on_the_graph_opens_that_category_and_back_returns(page, address, network):
    name = network.name_of(0)
    open_category(page, address, name, sparsity="3")
    source = network.name_of(equation(network, 0, 3)["source"].iat[0])
    node(page, source).click()
    heading(page, source)
    in_address(page, "category", source)
    page.go_back()
    heading(page, name)


def test_the_graph_is_walked_by_keyboard(page, address, network):
    name = network.name_of(0)
    open_category(page, address, name, sparsity="3", direction="parents")
    source = network.name_of(equation(network, 0, 3)["source"].iat[0])
    node(page, name).focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        if focused(page).startswith(source):
            break
    page.keyboard.press("Enter")
    heading(page, source)
    # Who came by keyboard goes on from there. (In the graph before, that node had the focus, too.)
    centre = page.locator(".ego .node.centre")
    expect(centre).to_have_attribute("aria-label", re.compile(f"^{re.escape(source)}, "))
    expect(centre).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".ego .node:focus")).to_have_count(0)


def test_pointing_at_a_category_shades_what_is_not_tied_to_it(page, address, network):
    open_category(page, address, network.name_of(0), sparsity="4", direction="parents", depth="2")
    svg, edges = page.locator(".ego svg"), page.locator(".ego .edge")
    expect(svg).not_to_have_class("shaded")
    source = network.name_of(equation(network, 0, 4)["source"].iat[0])
    node(page, source).hover()
    expect(svg).to_have_class("shaded")
    lit = page.locator(".ego .edge.lit")
    expect(lit).not_to_have_count(0)
    expect(lit.locator("title").first).to_have_text(re.compile(re.escape(source)))
    assert lit.count() < edges.count()
    page.locator("h1").hover()
    expect(svg).not_to_have_class("shaded")


def test_the_graph_fills_the_screen_and_comes_back(page, address, network):
    open_category(page, address, network.name_of(0))
    svg, usual = page.locator(".ego svg"), "520"
    expect(svg).to_have_attribute("height", usual)
    page.get_by_role("button", name="Full screen", exact=True).press("Enter")
    expect(svg).not_to_have_attribute("height", usual)
    expect(page.locator(".ego:fullscreen")).to_have_count(1)
    page.get_by_role("button", name="Back to the page").click()
    expect(svg).to_have_attribute("height", usual)


def test_the_slider_moves_the_graph_by_keyboard(page, address, network):
    open_category(page, address, network.name_of(0), sparsity="1.9", direction="parents")
    parents = page.locator(".ego .node")
    before = parents.count()
    step(page, page.get_by_role("slider").first, "sparsity", "1.95", "2", "2.05", "2.1")
    expect(parents).not_to_have_count(before)


def test_a_row_of_a_list_opens_its_category(page, address, network):
    page.goto(f"{address}/?list=Worst+explained")
    settle(page)
    choose_row(page.get_by_test_id("stDataFrame").last)
    worst = lists.worst_explained(network.categories, network.chosen, 1)["name"].iat[0]
    heading(page, worst)


def test_a_name_in_a_list_opens_its_category_and_a_heading_sorts(page, address, network):
    page.goto(f"{address}/?list=Worst+explained")
    settle(page)
    table = page.get_by_test_id("stDataFrame").last
    worst = lists.worst_explained(network.categories, network.chosen)["name"]
    first = sorted(worst, key=str.lower)[0]
    table.click(position={"x": 90, "y": 18})
    expect(table.get_by_test_id("glide-cell-1-0")).to_have_text(first)
    heading(page, "Overview of dependencies")
    table.click(position={"x": 60, "y": 52})
    heading(page, first)


def test_the_downloaded_table_is_the_graph_that_is_shown(page, address, network):
    open_category(page, address, network.name_of(1), sparsity="2.5", direction="parents")
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="CSV").first.click()
    table = pd.read_csv(io.BytesIO(download.value.path().read_bytes()))
    shown = equation(network, 1, 2.5)
    assert dict(zip(table["source"], table["coefficient"], strict=True)) == pytest.approx(
        dict(zip(shown["source"], shown["coefficient"], strict=True))
    )


def test_the_html_page_opens_without_any_request(page, address, network, browser):
    open_category(page, address, network.name_of(1))
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="HTML").click()
    context = browser.new_context(offline=True)
    alone, asked = context.new_page(), []
    alone.on("request", lambda request: asked.append(request.url))
    alone.set_content(download.value.path().read_text(encoding="utf-8"))
    expect(alone.locator("h1")).to_have_text(network.name_of(1))
    expect(alone.locator("svg .node .mark").first).to_be_visible()
    assert asked == []
    context.close()


def test_the_models_page_shows_where_weights_came_from(page, address, atlas):
    page.goto(f"{address}/models")
    heading(page, "Models in this atlas")
    page.locator("summary", has_text=atlas.models()[1]).click()
    expect(page.get_by_text("SHA-256").last).to_be_visible()


# How many of a row's figures stand on each of its lines, once it has so many.
LINES = """count => {
    const row = [...document.querySelectorAll(".stGrid")].find(
        (grid) => grid.querySelector(":scope > .stGridCell .stMetric"));
    while (row.children.length < count) row.append(row.lastElementChild.cloneNode(true));
    const tops = [...row.children].map((cell) => cell.getBoundingClientRect().top);
    return [...new Set(tops)].map((top) => tops.filter((other) => other === top).length);
}"""


@pytest.mark.parametrize(("width", "lines"), [(1024, ([3, 2], [3, 3])), (1280, ([5], [3, 3]))])
def test_no_figure_of_a_row_stands_alone_on_its_line(page, address, width, lines):
    page.set_viewport_size({"width": width, "height": 768})
    page.goto(address)  # its row has five
    settle(page)
    assert tuple(page.evaluate(LINES, count) for count in (5, 6)) == lines


LINKS = ("links", "links?view=The+pair", "links?view=Consensus")


OTHERS = ("unseen", "claims", "redundancy", "foreign", "cut", "models", "glossary")


@pytest.mark.parametrize("path", ["", "category", "compare", *LINKS, *OTHERS])
def test_no_page_is_wider_than_a_phone(phone, address, path):
    phone.goto(f"{address}/{path}")
    settle(phone)
    assert width(phone) <= 390
