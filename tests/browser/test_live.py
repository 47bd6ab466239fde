"""A real picture, dropped on the page in a real Chromium, in front of a real network."""

from collections.abc import Iterator

import pytest
from linked import photographed
from playwright.sync_api import Page, expect

from explorer.pages.live.picture import samples
from precompute.atlas.store import Atlas
from tests.browser.server import settle

pytestmark = pytest.mark.browser

MODELS = ["tf_efficientnet_lite0.in1k", "tf_efficientnet_lite1.in1k"]
PATIENCE = 120_000  # milliseconds; torch and the weights are read on the first picture


@pytest.fixture(scope="module")
def shown(tmp_path_factory) -> Atlas:
    return photographed(tmp_path_factory.mktemp("photographed"), MODELS)


@pytest.fixture
def page(browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def upload(page: Page, address: str, name: str, kind: str, content: bytes) -> None:
    page.goto(f"{address}/live?picture=My+own")
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": content}
    )


def test_a_dropped_picture_is_looked_at_on_a_phone(page, address):
    content = samples()["Coffee"].read_bytes()
    upload(page, address, "cup.png", "image/png", content)
    heading = page.get_by_role("heading", name="espresso: several answers")
    expect(heading).to_be_visible(timeout=PATIENCE)
    settle(page)
    picture = page.get_by_test_id("stImage").locator("img")
    page.wait_for_function("image => image.naturalWidth > 100", arg=picture.element_handle())
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390


def test_what_is_no_picture_is_refused_in_one_line(page, address):
    upload(page, address, "cup.png", "image/png", b"%PDF-1.7 not a picture")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("no JPEG, PNG or WebP picture")
    assert page.get_by_role("heading", name="several answers").count() == 0
