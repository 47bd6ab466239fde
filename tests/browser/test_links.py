"""Links and unseen categories in a real Chromium: what a reader does with mouse and keyboard."""

from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from explorer.answers import links, neighbourhood, unseen
from explorer.session import cache, experiments
from explorer.tables.link import Link
from explorer.words.formatting import percent
from precompute.atlas.store import Atlas
from precompute.unseen.map_key import MapKey
from tests.browser.waiting import choose_row, in_address, settle, step

pytestmark = pytest.mark.browser


def link_of(atlas: Atlas) -> Link:
    target, source = atlas.models()
    return cache.link(atlas.root, cache.linked_pairs(atlas.root)[target, source], "readable")


def test_a_click_on_a_source_leads_to_its_own_link(page, address, shown):
    link = link_of(shown)
    network = cache.network(shown.root, link.target_model, "readable")
    path = link.paths[0]
    source = network.name_of(
        neighbourhood.equation(path, path.position_of_size(3))["source"].iat[0]
    )  # both networks share their categories
    page.goto(f"{address}/links?category={quote(network.name_of(0))}&sparsity=3")
    settle(page)
    page.locator(".ego").get_by_role("button", name=f"{source}, ").click()
    expect(page.get_by_text(f"{source} of {link.target_model}")).to_be_visible()
    in_address(page, "category", source)
    page.go_back()
    expect(page.get_by_text(f"{network.name_of(0)} of {link.target_model}")).to_be_visible()


def test_the_slider_moves_the_graph_by_keyboard(page, address):
    page.goto(f"{address}/links?sparsity=1.9")
    settle(page)
    sources = page.locator(".ego .node")
    before = sources.count()
    step(page, page.get_by_role("slider").first, "sparsity", "1.95", "2", "2.05", "2.1")
    expect(sources).not_to_have_count(before)


def test_a_row_of_the_pair_leads_to_its_equation(page, address, shown):
    link = link_of(shown)
    network = cache.network(shown.root, link.target_model, "readable")
    best = links.category_figures(network.categories, link.chosen)["name"].iat[0]
    page.goto(f"{address}/links?view=The+pair")
    settle(page)
    choose_row(page.get_by_test_id("stDataFrame").first)
    expect(page.get_by_text(f"{best} of {link.target_model}")).to_be_visible()
    in_address(page, "view")  # the first view is the default


def test_swap_changes_the_address(page, address, shown):
    first, second = shown.models()
    page.goto(f"{address}/links")
    settle(page)
    page.get_by_role("button", name="Swap").click()
    expect(page.get_by_text(f"of {second}, from the logits of {first}")).to_be_visible()
    in_address(page, "model", second)


def test_gamma_moves_seen_and_unseen_by_keyboard(page, address, shown):
    (folder,) = experiments.by_title(shown.root).values()
    experiment = experiments.read(shown.root, folder)
    key = MapKey("dependency", max(experiment.levels), True)
    stored = unseen.metric(experiment, key, "category")
    page.goto(f"{address}/unseen?unseen_parents={key.n_parents}")
    settle(page)
    metric = page.get_by_test_id("stMetric").first
    expect(metric).to_contain_text(percent(stored["U"]))
    slider = page.get_by_role("slider").nth(1)
    slider.focus()
    slider.press("Home")
    expect(metric).to_contain_text("0.0")
    page.wait_for_function("new URL(location).searchParams.has('gamma')")
