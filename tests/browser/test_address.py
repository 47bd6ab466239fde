"""The address bar says what is on the screen, whatever brought it there: a fresh browser shows the same."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from explorer.widgets import tour
from tests.browser.waiting import choose_row, in_address, settle, step

pytestmark = pytest.mark.browser
CHOSEN = "[role=tab][aria-selected=true], [data-testid^=stBaseButton-][data-testid$=Active]"


def same_elsewhere(page: Page, browser: Browser) -> None:
    """Who opens this address in a browser that has never been here sees the same."""
    settle(page)
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = context.new_page()
    other.goto(page.url)
    settle(other)
    title = page.locator("h1").first.inner_text()
    expect(other.locator("h1").first).to_have_text(title)
    expect(other.locator(CHOSEN)).to_have_text(page.locator(CHOSEN).all_inner_texts())
    sliders = page.get_by_role("slider").all()
    expect(other.get_by_role("slider")).to_have_count(len(sliders))
    for k, slider in enumerate(sliders):
        expect(other.get_by_role("slider").nth(k)).to_have_value(slider.input_value())
    context.close()


def test_every_step_of_the_tour(page, address, browser):
    page.goto(f"{address}/glossary")
    page.locator(".st-key-glossary-tour").get_by_role("button").click()
    card = page.locator(".st-key-tour-card")
    for number in range(1, len(tour.STEPS) + 1):
        expect(card).to_contain_text(f"{number} of 5")
        same_elsewhere(page, browser)
        if number == 2:
            in_address(page, "sparsity", "3")
        if number < len(tour.STEPS):
            page.get_by_role("button", name="Next", exact=True).click()
    for number in range(len(tour.STEPS) - 1, 1, -1):
        page.get_by_role("button", name="Previous", exact=True).click()
        expect(card).to_contain_text(f"{number} of 5")
        same_elsewhere(page, browser)
    in_address(page, "sparsity", "3")


def test_a_worked_example_after_a_view_of_ones_own(page, address, browser, network):
    page.goto(f"{address}/category?category={network.name_of(3)}&fit=refit&sparsity=2&depth=2")
    expect(page.locator("h1")).to_have_text(network.name_of(3))
    page.get_by_test_id("stTopNavLink").filter(has_text="Learn").click()
    button = page.locator(".st-key-example-0 button")
    name = button.inner_text().split("Open ")[1]
    button.click()
    expect(page.locator("h1")).to_have_text(name)
    in_address(page, "category", name)
    in_address(page, "fit", "refit")
    in_address(page, "depth", "2")
    in_address(page, "sparsity")
    same_elsewhere(page, browser)


def test_buttons_that_set_the_sparsity_and_one_step_back(page, address, browser, network):
    target = int(network.categories["n_parents"].argmax())
    own = int(network.categories["n_parents"].iat[target])
    page.goto(f"{address}/category?category={network.name_of(target)}&sparsity={own - 2}")
    settle(page)
    page.locator(".st-key-step_up button").first.click()
    in_address(page, "sparsity", str(own - 1))
    same_elsewhere(page, browser)
    page.get_by_role("button", name=re.compile("Back to readable")).click()
    in_address(page, "sparsity")
    same_elsewhere(page, browser)
    page.go_back()
    in_address(page, "sparsity", str(own - 1))
    same_elsewhere(page, browser)


def test_a_slider_makes_no_history_and_a_category_one_entry(page, address, network):
    page.goto(f"{address}/category?category={network.name_of(0)}&sparsity=2")
    settle(page)
    before = page.evaluate("history.length")
    step(page, page.get_by_role("slider").first, "sparsity", "2.05", "2.1", "2.15", "2.2")
    settle(page)
    assert page.evaluate("history.length") == before
    link = page.locator(".nde-equation a").first
    name = link.inner_text()
    link.click()
    expect(page.locator("h1")).to_have_text(name)
    in_address(page, "category", name)
    settle(page)
    assert page.evaluate("history.length") == before + 1


def test_a_row_of_every_sparsity_and_tabs(page, address, browser, network):
    page.goto(f"{address}/category?category={network.name_of(3)}&table=Every+sparsity")
    page.get_by_role("tab", name="Replacement test").click()
    in_address(page, "evidence", "Replacement test")
    settle(page)
    choose_row(page.get_by_test_id("stDataFrame").last)
    page.wait_for_function("new URL(location).searchParams.has('sparsity')")
    same_elsewhere(page, browser)


def test_a_row_of_all_pairs_and_swap(page, address, browser, shown):
    first, second = shown.models()
    page.goto(f"{address}/links?view=The+pair&model={second}")
    settle(page)
    page.get_by_role("button", name="Swap").click()
    expect(page.locator("[data-testid=stCaptionContainer]").first).to_be_visible()
    page.wait_for_function(
        "model => new URL(location).searchParams.get('model') !== model", arg=second
    )
    same_elsewhere(page, browser)
    table = page.get_by_test_id("stDataFrame").last
    for row in (0, 1):
        choose_row(table, row)
        settle(page)
        same_elsewhere(page, browser)


def test_the_choice_of_the_sparsity_goes_along_from_page_to_page(page, address, browser, network):
    page.goto(f"{address}/")
    settle(page)
    in_address(page, "choice")
    page.get_by_test_id("stSidebar").get_by_text("few", exact=True).click()
    in_address(page, "choice", "few")
    same_elsewhere(page, browser)
    page.get_by_test_id("stTopNavLink").filter(has_text="Category").click()
    expect(page.locator("h1")).not_to_have_text("Overview of dependencies")
    in_address(page, "choice", "few")
    same_elsewhere(page, browser)


def test_a_less_stable_arrow_is_paler(page, address, network):
    own = network.edges[network.edges["target"] == 0].sort_values("stability")
    page.goto(f"{address}/category?category={network.name_of(0)}&direction=parents")
    settle(page)
    drawn = {
        (edge.locator("title").text_content() or "").split(" × ")[1].split(",")[0]: float(
            edge.locator(".line").evaluate("line => getComputedStyle(line).opacity")
        )
        for edge in page.locator(".ego .edge").all()
    }
    weakest, strongest = own["source_name"].iat[0], own["source_name"].iat[-1]
    assert own["stability"].iat[0] < own["stability"].iat[-1]
    assert drawn[weakest] < drawn[strongest] <= 1
