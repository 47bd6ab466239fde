"""Every page by axe-core's rules (WCAG 2.1 A and AA), in light and dark, and without motion where none
is wanted. No rule and no part of a page is left out."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.waiting import heading, settle

pytestmark = pytest.mark.browser

PAGES = {  # their titles by the words that lead to them
    "Overview": "Overview of dependencies",
    "Category": None,  # the category's own name
    "Working set": "Working set",
    "Links": "Links between networks",
    "Compare": "Two networks side by side",
    "Unseen": "Unseen categories",
    "Live image": "Live image",
    "Redundancy": "Redundancy",
    "Foreign images": "Foreign images",
    "Cut": "Cut dependencies",
    "Models": "Models in this atlas",
    "Learn": "Words and worked examples",
}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RULES = {"light": TAGS, "dark": ["color-contrast"]}  # dark changes nothing but colours


@pytest.fixture(scope="module", params=RULES)
def theme(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def page(browser, address, theme) -> Iterator[Page]:
    """One document, so that axe is read once; the pages change by their links."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme=theme, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    settle(page)
    page.evaluate(AXE_SCRIPT)
    yield page
    context.close()


@pytest.fixture
def turn_to(page, network):
    def turned(words: str) -> None:
        link = page.get_by_role("link", name=words, exact=True)
        link.and_(page.get_by_test_id("stTopNavLink")).click()
        heading(page, PAGES[words] or network.first_choice)
        settle(page)

    return turned


def violations(page: Page, rules: list[str]) -> list[str]:
    asked = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate("asked => axe.run(asked)", asked)["violations"]
    return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


@pytest.mark.parametrize("title", PAGES)
def test_a_page_breaks_no_rule(page, theme, turn_to, title):
    turn_to(title)
    assert violations(page, RULES[theme]) == []


def test_the_tour_and_the_share_popover_break_none(page, theme, turn_to):
    turn_to("Learn")
    page.get_by_role("button", name="Take the tour").click()
    heading(page, "Overview of dependencies")
    page.get_by_role("button", name="Next", exact=True).click()
    expect(page.locator("h1")).not_to_have_text("Overview of dependencies")
    page.get_by_role("button", name="Share or cite").click()
    page.get_by_test_id("stCode").first.wait_for()
    settle(page)
    assert violations(page, RULES[theme]) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="End the tour").click()
    expect(page.locator(".st-key-tour-card")).to_have_count(0)


def test_a_faint_text_and_a_nameless_button_would_be_found(page, theme):
    page.evaluate(
        "document.querySelector('[data-testid=stMain]').insertAdjacentHTML('afterbegin',"
        "'<p id=faint style=\"color:#777;background:#888\">faint<button></button></p>')"
    )
    found = " ".join(violations(page, RULES[theme]))
    page.evaluate("document.getElementById('faint').remove()")
    assert "color-contrast" in found
    assert ("button-name" in found) == (theme == "light")


# Seconds of the slowest transition or animation of any element, shadow roots included.
SLOWEST = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap(
    (element) => [element, ...(element.shadowRoot ? all(element.shadowRoot) : [])]);
  const seconds = (text) => Math.max(
    ...text.split(",").map((time) => parseFloat(time) / (time.includes("ms") ? 1000 : 1)));
  return all(document).map((element) => {
    const look = getComputedStyle(element);
    const slower = Math.max(seconds(look.transitionDuration), seconds(look.animationDuration));
    return [slower, element.outerHTML.slice(0, 120)];
  }).reduce((a, b) => (b[0] > a[0] ? b : a));
}"""


@pytest.mark.parametrize("title", ["Overview", "Category"])
def test_nothing_moves_for_who_wants_no_motion(page, turn_to, title):
    turn_to(title)
    seconds, element = page.evaluate(SLOWEST)
    assert seconds <= 1e-4, element
