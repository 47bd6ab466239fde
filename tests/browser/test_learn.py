"""Tour, worked examples, glossary, and what one takes away, in a real Chromium."""

from io import BytesIO

import pytest
from PIL import Image, ImageColor
from playwright.sync_api import Page, expect

from explorer import theme
from explorer.widgets import tour
from tests.browser.waiting import heading, settle

pytestmark = pytest.mark.browser


def arrive(page: Page, address: str) -> None:
    """Open the bare overview, in a browser that has never been here."""
    page.goto(address)
    settle(page)


def test_who_comes_by_a_link_is_left_alone(page, address, network):
    page.goto(f"{address}/?category={network.name_of(3)}")
    settle(page)
    expect(page.locator(".nde-invitation")).to_have_count(0)


def test_a_new_browser_is_offered_the_tour_which_leads_through_the_pages_by_keyboard(
    page, address, network
):
    arrive(page, address)
    page.get_by_role("button", name="Take the tour").press("Enter")
    name = tour.example(network)
    headings = {
        "overview": "Overview of dependencies",
        "category": name,
        "links": "Links between networks",
        "unseen": "Unseen categories",
    }
    for number, step in enumerate(tour.STEPS, start=1):
        card = page.locator(".st-key-tour-card")
        expect(card).to_contain_text(f"{number} of 5 · {step.title}")
        heading(page, headings[step.page])
        if number < 5:
            page.get_by_role("button", name="Next", exact=True).press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".st-key-tour-card")).to_have_count(0)


def test_the_offer_comes_once(page, address):
    arrive(page, address)
    page.get_by_role("button", name="No, thanks").click()
    expect(page.locator(".nde-invitation")).to_be_hidden()
    page.reload()
    settle(page)
    expect(page.locator(".nde-invitation")).to_be_hidden()


def test_an_example_opens_its_exact_view_and_the_link_repeats_it(page, address, context):
    page.goto(f"{address}/glossary")
    button = page.locator(".st-key-example-0 button")
    name = button.inner_text().split("Open ")[1]
    button.click()
    heading(page, name)
    page.get_by_text("refit", exact=True).click()
    page.get_by_text("children", exact=True).click()
    page.wait_for_url("**direction=children**")
    page.get_by_role("button", name="Share or cite").click()
    code = page.get_by_test_id("stCode").first
    expect(code).to_contain_text("direction=children")
    equation = page.locator(".nde-equation").first.inner_text()
    again = context.new_page()
    again.goto(code.inner_text().strip())
    heading(again, name)
    expect(again.locator(".nde-equation").first).to_have_text(equation)
    assert "fit=refit" in again.url and "direction=children" in again.url
    again.close()


def test_share_says_what_to_cite(page, address, network):
    page.goto(f"{address}/models")
    page.get_by_role("button", name="Share or cite").click()
    for text in ("feng2023neural", "neural_dependency_explorer", network.info["weights_sha256"]):
        expect(page.get_by_test_id("stCode").filter(has_text=text)).to_be_visible()


def test_a_word_is_found_as_one_types(page, address):
    page.goto(f"{address}/glossary")
    page.get_by_placeholder("certificate, epsilon").press_sequentially("ausuc")
    expect(page.locator("h5").first).to_have_text("AUSUC")
    page.wait_for_url("**word=ausuc**")


def test_the_graph_is_saved_as_png_as_it_is_seen(page, address, network):
    page.goto(f"{address}/category?category={network.name_of(1)}&sparsity=3&direction=parents")
    heading(page, network.name_of(1))
    drawing = page.locator(".st-key-ego svg").first
    drawing.wait_for()
    settle(page)
    with page.expect_download() as download:
        page.locator(".nde-snapshot").press("Enter")
    assert download.value.suggested_filename == f"{network.name}-{network.name_of(1)}.png"
    picture = Image.open(BytesIO(download.value.path().read_bytes())).convert("RGB")
    box = drawing.bounding_box()
    assert picture.width == pytest.approx(2 * box["width"], abs=2)
    # Below: whose it is, how well it holds, the sentence, what is shown and the legend, wrapped.
    caption = picture.height - round(2 * box["height"])
    assert caption % 40 == pytest.approx(8, abs=2) and caption >= 2 * (5 * 20 + 2 * 12)
    words = picture.crop((0, picture.height - caption, picture.width, picture.height))
    assert len(words.getcolors(1 << 24)) > 10
    colours = {colour for _, colour in picture.getcolors(1 << 24)}
    assert {ImageColor.getrgb(theme.LIGHT.ground), ImageColor.getrgb(theme.LIGHT.accent)} <= colours
    assert ImageColor.getrgb("black") not in colours  # a shape without its style would be black


def test_charts_are_saved_as_svg_where_the_reader_wants_it(page, address):
    page.goto(f"{address}/models")
    page.get_by_role("button", name="Share or cite").click()
    page.get_by_test_id("stButtonGroup").get_by_text("SVG").click()
    page.keyboard.press("Escape")
    # Plotly calls the button by its format only where that is PNG.
    camera = page.locator("[data-testid=stPlotlyChart] [data-title='Download plot']").first
    camera.wait_for(state="attached")
    settle(page)
    page.get_by_test_id("stPlotlyChart").first.hover()
    with page.expect_download() as download:
        camera.click()
    assert download.value.suggested_filename.endswith("comparison.svg")
    assert download.value.path().read_bytes().lstrip().startswith(b"<svg")
