"""The images on which an equation fails worst, in a real Chromium: the right files, or a sentence."""

import base64
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from explorer.answers.evidence import worst_images
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.session import cache
from explorer.tables.network import Network
from precompute.atlas.store import Atlas
from tests.browser.server import dashboard
from tests.browser.waiting import settle, width
from tests.support.pictured import number, pictured

pytestmark = pytest.mark.browser
TARGET, SIZE = 12, 3


@pytest.fixture(scope="module")
def photographs(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("images") / "photographs"


@pytest.fixture(scope="module")
def pictured_atlas(atlas, photographs) -> Atlas:
    return pictured(atlas, photographs.parent / "atlas", photographs)


@pytest.fixture(scope="module")
def address(pictured_atlas) -> Iterator[str]:
    with dashboard(pictured_atlas.root) as found:
        yield found


def worst(pictured_atlas, network, side: str = "both") -> pd.DataFrame:
    """What the page must show, from the tables."""
    subject = Subject(NetworkPair.within(network), TARGET)
    images = cache.holdout(pictured_atlas.root, network.name)
    equation = subject.equation(subject.path.position_of_size(SIZE), refit=False)
    predicted, sd = subject.predicted(equation, images.logits), float(subject.row["sd"])
    names = network.categories["name"].to_numpy()
    return worst_images.worst(worst_images.image_table(images, TARGET, predicted, sd, names), side)


def open_images(page: Page, address: str, network: Network) -> Locator:
    """The category, then the tab of its images, as a reader opens it."""
    page.goto(f"{address}/category?category={network.name_of(TARGET)}&sparsity={SIZE}")
    settle(page)
    expect(page.locator(".nde-tiles")).to_have_count(0)
    page.get_by_role("tab", name="Images").click()
    return page.get_by_role("tabpanel", name="Images")


def picture(tile: Locator) -> int:
    """Which picture a tile shows, by its colour."""
    return number(base64.b64decode(tile.get_attribute("src").partition(",")[2]))


def test_the_worst_images_are_shown_by_their_own_files_and_saved_as_shown(
    page, address, pictured_atlas, network
):
    panel = open_images(page, address, network)
    expect(panel.locator(".nde-tiles")).to_have_count(2)
    order = pd.read_parquet(pictured_atlas.root / "images.parquet")["image_id"].tolist()
    tiles = panel.locator(".nde-tiles").last.locator("img")
    for side in worst_images.SIDES:
        panel.get_by_role("radio", name=side, exact=True).click()
        rows = worst(pictured_atlas, network, side)
        for at, image_id in enumerate(rows["image_id"].head(12)):
            expect(tiles.nth(at)).to_have_attribute("title", image_id)
            assert picture(tiles.nth(at)) == order.index(image_id)
    expect(tiles).to_have_count(12)
    assert "evidence=Images" in page.url
    settle(page)
    with page.expect_download() as download:
        panel.get_by_test_id("stDownloadButton").first.click()
    table = pd.read_csv(io.BytesIO(download.value.path().read_bytes()))
    pd.testing.assert_frame_equal(table, rows, check_dtype=False)


def test_on_a_phone_two_pictures_stand_side_by_side(phone, address, network):
    panel = open_images(phone, address, network)
    expect(panel.locator(".nde-tiles")).to_have_count(2)
    settle(phone)
    assert width(phone) <= 390
    tops = (
        panel.locator(".nde-tiles")
        .last.locator("img")
        .evaluate_all("all => all.slice(0, 3).map(image => image.getBoundingClientRect().top)")
    )
    assert tops[0] == tops[1] < tops[2]


def test_a_removed_folder_is_said_in_one_sentence(page, address, network, photographs):
    shutil.rmtree(photographs)  # the last test of this atlas
    panel = open_images(page, address, network)
    expect(panel.get_by_text("No picture is shown")).to_contain_text("is not on this machine")
    expect(panel.get_by_test_id("stDataFrame")).to_have_count(2)
    expect(panel.locator(".nde-tiles")).to_have_count(0)
