"""Foreign images and cut networks in a real Chromium: what came out is read, and a choice goes into the
address."""

import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import expect

from precompute.atlas.store import Atlas
from tests.browser.server import dashboard
from tests.browser.test_accessibility import TAGS, violations
from tests.browser.waiting import choose_option, choose_row, heading, in_address, settle, width
from tests.support.cuts import write_cut

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cuts(linked_atlas, tmp_path_factory) -> Atlas:
    """An atlas whose first network has looked at foreign images and was cut twice."""
    root = tmp_path_factory.mktemp("cut") / "atlas"
    shutil.copytree(linked_atlas.root, root)
    atlas = Atlas(root)
    write_cut(atlas, "planted-a", "few0", pairs=[(0, 8, 0.5)], asked="suspicious 1")
    write_cut(atlas, "planted-a", "many", still=1 / 3)
    return atlas


@pytest.fixture(scope="module")
def address(cuts) -> Iterator[str]:
    with dashboard(cuts.root) as found:
        yield found


def test_foreign_images_are_judged_and_a_row_opens_its_category(page, address):
    page.goto(f"{address}/foreign?foreign_set=mixed")
    settle(page)
    expect(page.get_by_test_id("stAlert")).to_contain_text("Dependency score: ")
    expect(page.get_by_test_id("stAlert")).to_contain_text("60 foreign images and")
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(3)
    page.get_by_text("AUPR", exact=True).first.click()
    in_address(page, "detected", "AUPR")
    settle(page)
    choose_row(page.get_by_test_id("stDataFrame").last)
    page.wait_for_url("**/category*")


def test_few_images_decide_nothing(page, address):
    page.goto(f"{address}/foreign?foreign_set=small")
    settle(page)
    expect(page.get_by_test_id("stAlert")).to_contain_text("not decided")


def test_of_several_cut_networks_one_is_chosen(page, address):
    page.goto(f"{address}/cut")
    heading(page, "Cut dependencies")
    settle(page)
    expect(page.get_by_test_id("stMetric")).to_have_count(5)
    expect(page.get_by_text("CovLasso drops 100 % of 1 cut dependency")).to_be_visible()
    expect(page.get_by_text("3 dependencies cut at once and 1 do not differ")).to_be_visible()
    choose_option(page, "Cut network", "planted-a+cut-many")
    in_address(page, "cut", "planted-a+cut-many")
    expect(page.get_by_text("CovLasso drops 67 % of 3 cut dependencies")).to_be_visible()


@pytest.mark.parametrize("path", ["cut", "foreign?foreign_set=mixed"])
def test_on_a_phone_nothing_is_wider_than_the_screen(phone, address, path):
    phone.goto(f"{address}/{path}")
    settle(phone)
    assert width(phone) <= 390


@pytest.mark.parametrize("path", ["cut", "foreign?foreign_set=mixed"])
def test_with_data_no_rule_of_accessibility_is_broken(page, address, path):
    page.goto(f"{address}/{path}")
    settle(page)
    page.evaluate(AXE_SCRIPT)
    assert violations(page, TAGS) == []
