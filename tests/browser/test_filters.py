"""The overview's filters in a real Chromium: what passes keeps its colour, lists and files obey."""

import io

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from explorer.answers import dependencies, lists
from explorer.tables.network import Network
from explorer.words.formatting import count
from tests.browser.atlas_map.maps import place, ready, until
from tests.browser.waiting import in_address, settle

pytestmark = pytest.mark.browser


def said(page: Page, passing: int, network: Network):
    return page.get_by_text(f"{count(passing)} of {count(len(network.edges))} dependencies pass")


def test_a_branch_greys_the_rest_and_one_click_clears_it(page, address, network):
    branches = network.branches
    word = branches.words[len(branches.words) // 2]
    passes = dependencies.passing(network.edges, among=branches.mask(word))
    ends = set(network.edges["target"][passes]) | set(network.edges["source"][passes])
    inside, outside = min(ends), min(set(range(len(network.categories))) - ends)
    page.goto(address)
    ready(page)
    settle(page)
    page.get_by_role("button", name="Filters").click()
    box = page.get_by_role("combobox", name="WordNet branch")
    box.fill(word)
    expect(page.get_by_role("option").first).to_contain_text(f"{word} (")
    page.keyboard.press("Enter")
    expect(said(page, passes.sum(), network)).to_be_visible()
    until(page, f"!place({outside}).coloured")
    assert place(page, inside)["coloured"]
    in_address(page, "branch", word)

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear filters").click()
    until(page, f"place({outside}).coloured")
    expect(page.get_by_text("dependencies pass")).to_have_count(0)
    in_address(page, "branch")


def test_the_browsers_back_button_takes_a_filter_away_and_brings_it_again(page, address, network):
    word = network.branches.words[0]
    page.goto(address)
    settle(page)
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="WordNet branch").fill(word)
    expect(page.get_by_role("option").first).to_contain_text(f"{word} (")
    page.keyboard.press("Enter")
    expect(page.get_by_text("dependencies pass")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("dependencies pass")).to_have_count(0)
    in_address(page, "branch")
    page.go_forward()
    expect(page.get_by_text("dependencies pass")).to_be_visible()
    in_address(page, "branch", word)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("strength=abc", "strength “abc”"),
        ("sign=weird", "sign “weird”"),
        ("branch=zzz", "branch “zzz”"),
        ("r2=0.9&r2=0.1", "r2 “0.9 to 0.1”"),
    ],
)
def test_a_refusal_is_seen_without_opening_the_filters(page, address, asked, said):
    page.goto(f"{address}/?{asked}")
    expect(page.get_by_text(f"asks for {said}")).to_be_visible()
    settle(page)
    expect(page.get_by_text(f"asks for {said}")).to_be_visible()
    expect(page.get_by_text("dependencies pass")).to_have_count(0)
    in_address(page, asked.partition("=")[0])


def test_the_address_holds_the_filters_and_the_files_obey_them(page, address, network):
    low = np.floor(network.edges["r2"].median() * 100) / 100  # the slider's steps
    passes = dependencies.passing(
        network.edges, r2=(low, 1.0), solved="solved exactly", sign="positive"
    )
    assert 0 < passes.sum() < len(passes)
    page.goto(f"{address}/?r2={low}&r2=1&certificate=solved+exactly&sign=positive")
    expect(said(page, passes.sum(), network)).to_be_visible()
    settle(page)
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").filter(has_text="CSV").first.click()
    file = pd.read_csv(io.BytesIO(download.value.path().read_bytes()))
    strongest = lists.strongest(network.edges[passes])
    assert file["target"].tolist() == strongest["target"].tolist()
    assert file["source"].tolist() == strongest["source"].tolist()
    # The map's own count says the same, although the map knows nothing of R² and of what is solved exactly.
    drawn = f"{count(passes.sum())} of {count(len(passes))}"
    expect(page.locator(".legend .note").first).to_have_text(drawn)


def test_where_nothing_passes_the_page_says_so(page, address, network):
    page.goto(f"{address}/?certificate=not+solved+exactly")
    expect(said(page, 0, network)).to_be_visible()
    expect(page.get_by_text("Nothing passes these filters")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("tab", name="Strongest")).to_be_visible()
