"""Following a thread in a real Chromium: back and forward, the working set, the shortest chain."""

import json
from urllib.parse import urlencode

import networkx as nx
import pytest
from playwright.sync_api import Page, expect

from explorer.answers.chains import ChainFinder
from explorer.figures.graphs import pinned
from tests.browser.waiting import choose_option, heading, in_address, settle, width

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def tied(network) -> list[str]:
    """A category, a source of it, and a source of that one."""
    edge = network.edges.iloc[0]
    own = network.edges[network.edges["target"] == edge["source"]]
    third = own.loc[own["source"] != edge["target"], "source_name"].iat[0]
    return [edge["target_name"], edge["source_name"], third]


def button(page: Page, name: str):
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


def chips(page: Page):
    return page.get_by_test_id("stMultiSelect").locator("[data-tag]")


def search(page: Page, name: str) -> None:
    """Find a category at the side and open it."""
    page.get_by_placeholder("name, WordNet id or meaning").fill(name)
    page.get_by_test_id("stSidebar").get_by_role("button", name=name, exact=True).click()
    heading(page, name)


def stored(page: Page, name: str, categories: list[str]) -> None:
    """The browser has kept this set ("" is the one that is open)."""
    page.wait_for_function(
        "([name, categories]) => JSON.stringify(JSON.parse("
        "localStorage.getItem('neural-dependency-set:' + name) ?? '{}').categories) == categories",
        arg=[name, json.dumps(categories, separators=(",", ":"))],
    )


def test_back_and_forward_along_what_was_visited(page, address, tied):
    first, second, third = tied
    page.goto(f"{address}/category?{urlencode({'category': first})}")
    heading(page, first)
    expect(button(page, "Back")).to_be_disabled()
    settle(page)
    page.locator(".nde-equation").get_by_role("link", name=second, exact=True).click()
    heading(page, second)
    button(page, "Back").click()
    heading(page, first)
    button(page, "Forward").press("Enter")
    heading(page, second)
    page.go_back()  # the browser's own button is a step along the same trail
    heading(page, first)
    expect(button(page, "Forward")).to_be_enabled()
    search(page, third)
    expect(button(page, "Forward")).to_be_disabled()
    button(page, "Back").click()
    heading(page, first)


def test_two_quick_clicks_on_back_are_two_steps(page, address, tied):
    first, second, third = tied
    page.goto(f"{address}/category?{urlencode({'category': first})}")
    heading(page, first)
    settle(page)
    search(page, second)
    search(page, third)
    settle(page)
    button(page, "Back").dblclick(delay=60)
    heading(page, first)
    expect(button(page, "Back")).to_be_disabled()


def test_the_first_click_on_keep_counts_while_the_name_is_typed(page, address, tied):
    page.goto(f"{address}/pins?{urlencode({'pins': tied}, doseq=True)}")
    settle(page)
    page.get_by_role("textbox", name="Name of the set").press_sequentially("at once")
    button(page, "Keep").click()
    stored(page, "at once", tied)
    expect(button(page, "Kept")).to_be_visible()


def test_a_set_is_pinned_named_kept_and_shared(page, address, tied, browser):
    first, second, _ = tied
    page.goto(f"{address}/category?{urlencode({'category': first})}")
    heading(page, first)
    button(page, "Pin").press("Enter")
    expect(button(page, "Unpin")).to_be_visible()
    search(page, second)
    button(page, "Pin").click()
    page.get_by_role("link", name="Working set (2)").click()
    heading(page, "Working set")
    in_address(page, "pins", first, second)
    name = "pets, & “more”"
    page.get_by_role("textbox", name="Name of the set").fill(name)
    page.get_by_role("textbox", name="Name of the set").press("Enter")
    in_address(page, "set", name)
    button(page, "Keep").click()
    stored(page, name, [first, second])
    shared = page.url

    page.goto(f"{address}/pins")  # a new session of the same browser
    heading(page, "Working set")
    in_address(page, "pins", first, second)
    button(page, "Clear").click()
    stored(page, "", [])
    page.reload()
    page.get_by_role("button", name="Kept sets (").click()
    page.get_by_role("button", name=f"{name} (2)").click()
    in_address(page, "pins", first, second)

    elsewhere = browser.new_context()
    other = elsewhere.new_page()
    other.goto(shared)
    heading(other, "Working set")
    expect(chips(other)).to_have_text([first, second])
    expect(other.get_by_role("textbox", name="Name of the set")).to_have_value(name)
    expect(button(other, "Kept sets (0)")).to_be_disabled()
    elsewhere.close()


def test_the_exported_graph_and_set_are_what_is_shown(page, address, network, tied, tmp_path):
    page.goto(f"{address}/pins?{urlencode({'pins': tied, 'set': 'mine'}, doseq=True)}")
    heading(page, "Working set")
    settle(page)
    shown = pinned.among(network.edges, [network.index_of(name) for name in tied])
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="GraphML").first.click()
    graph = nx.read_graphml(download.value.path(), node_type=int)
    assert set(graph.edges) == set(zip(shown["source"], shown["target"], strict=True))

    button(page, "Share and save").click()
    with page.expect_download() as download:
        page.get_by_test_id("stPopoverBody").get_by_text("JSON", exact=True).click()
    saved = tmp_path / "mine.json"
    download.value.save_as(saved)
    page.goto(f"{address}/pins?{urlencode({'pins': tied[:1]}, doseq=True)}")
    expect(chips(page)).to_have_text(tied[:1])
    settle(page)
    button(page, "Share and save").click()
    page.locator("input[type=file]").set_input_files(saved)
    in_address(page, "pins", *tied)


def test_the_shortest_chain_is_shown_both_ways(page, address, network, tied):
    last, second, first = tied  # first enters the second's equation, that one the last one's
    page.add_init_script("localStorage.clear()")  # what other tests have kept comes in late
    page.goto(f"{address}/pins?{urlencode({'from': second, 'to': second})}")
    same = page.get_by_text("Both are the same category")
    expect(same).to_be_visible()
    for label, name in (("From", first), ("To", last)):
        settle(page)
        choose_option(page, label, name)
        in_address(page, label.lower(), name)
        expect(same).to_have_count(0)
    finder = ChainFinder(network.edges, len(network.categories))
    for source, target in ((first, last), (last, first)):
        found = finder.shortest(network.index_of(source), network.index_of(target))
        if found is None:
            expect(page.get_by_text("No chain", exact=True)).to_be_visible()
        else:
            words = page.locator(".nde-equation").filter(has_text=f"→ {target}")
            expect(words).to_have_count(1)
            for name in [source, *found["target_name"]]:
                expect(words).to_contain_text(name)


def test_the_working_set_is_not_wider_than_a_phone(phone, address, tied):
    asked = {"pins": tied, "from": tied[0], "to": tied[1], "scope": "with their parents"}
    phone.goto(f"{address}/pins?{urlencode(asked, doseq=True)}")
    settle(phone)
    assert width(phone) <= 390
