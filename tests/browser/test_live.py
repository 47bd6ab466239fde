"""A real picture, dropped on the page in a real Chromium, in front of a real network."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from explorer.pages.live.picture import samples
from tests.browser.server import dashboard
from tests.browser.waiting import settle, width

pytestmark = pytest.mark.browser

PATIENCE = 120_000  # milliseconds; torch and the weights are read on the first picture


@pytest.fixture(scope="module")
def address(photo_atlas) -> Iterator[str]:
    with dashboard(photo_atlas.root) as found:
        yield found


def upload(page: Page, address: str, name: str, kind: str, content: bytes) -> None:
    page.goto(f"{address}/live?picture=My+own")
    settle(page)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": kind, "buffer": content}
    )


def test_a_dropped_picture_is_looked_at_on_a_phone(phone, address):
    content = samples()["Coffee"].read_bytes()
    upload(phone, address, "cup.png", "image/png", content)
    heading = phone.get_by_role("heading", name="espresso: several answers")
    expect(heading).to_be_visible(timeout=PATIENCE)
    settle(phone)
    picture = phone.get_by_test_id("stImage").locator("img")
    assert picture.evaluate("image => image.naturalWidth") > 100
    assert width(phone) <= 390


def test_what_is_no_picture_is_refused_in_one_line(phone, address):
    upload(phone, address, "cup.png", "image/png", b"%PDF-1.7 not a picture")
    alert = phone.get_by_test_id("stAlert")
    expect(alert).to_contain_text("no JPEG, PNG or WebP picture")
    assert phone.get_by_role("heading", name="several answers").count() == 0
