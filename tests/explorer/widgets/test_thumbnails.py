"""Pictures from files that an atlas merely names: found, read within limits, or not shown at all."""

import io
import os
import tarfile

import pandas as pd
import pytest
from PIL import Image

from explorer.answers.evidence import worst_images
from explorer.tables import image_files
from explorer.tables.image_files import find, read
from explorer.widgets import thumbnails
from explorer.widgets.thumbnails import Tile, gallery_html, thumbnail
from precompute.sources import image_files as found_files
from tests.support.pages import header, tiles
from tests.support.pictured import SIZE, jpeg, number, pictured, with_paths

LIMIT = image_files.MAX_BYTES


@pytest.fixture
def folder(tmp_path):
    """set/cat/7.jpg and the archive set.tar with the same picture, number 9."""
    (tmp_path / "set" / "cat").mkdir(parents=True)
    (tmp_path / "set" / "cat" / "7.jpg").write_bytes(jpeg(7))
    with tarfile.open(tmp_path / "set.tar", "w") as tar:
        info = tarfile.TarInfo("./cat/9.jpg")
        info.size = len(jpeg(9))
        tar.addfile(info, io.BytesIO(jpeg(9)))
        link = tarfile.TarInfo("cat/link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(link)
    return tmp_path


def test_a_file_is_found_where_it_was_and_where_it_is_now(folder):
    was = str(folder / "set" / "cat" / "7.jpg")
    for path, now in ((was, None), (None, folder), (None, folder / "set"), ("/gone/7.jpg", folder)):
        place = find("set/cat/7.jpg", path, now)
        assert number(thumbnail(place)) == 7, (path, now)
    assert find("set/cat/7.jpg", None, None) is None
    assert find("set/cat/7.jpg", "/gone/7.jpg", folder / "set" / "cat") is None


def test_a_member_is_found_in_its_archive(folder):
    archive = folder / "set.tar"
    for path, now in ((f"{archive}::cat/9.jpg", None), (None, folder), (None, archive)):
        assert number(thumbnail(find("set.tar/cat/9.jpg", path, now))) == 9, (path, now)
    assert find("x", f"{archive}::cat/no.jpg", None) is None
    assert find("x", f"{folder / 'set' / 'cat' / '7.jpg'}::cat/9.jpg", None) is None  # no archive


def test_a_changed_archive_is_read_anew(folder):
    path = f"{folder / 'set.tar'}::cat/9.jpg"
    before = find("x", path, None)
    with tarfile.open(folder / "set.tar", "w") as tar:
        for name, at in (("cat/8.jpg", 8), ("cat/9.jpg", 10)):
            info = tarfile.TarInfo(name)
            info.size = len(jpeg(at))
            tar.addfile(info, io.BytesIO(jpeg(at)))
    assert number(thumbnail(find("x", path, None))) == 10
    assert find("x", path, None) != before


@pytest.mark.parametrize("image_id", ["../set/cat/7.jpg", "set/../../x/7.jpg", "/set/cat/7.jpg"])
def test_an_id_never_leads_out_of_its_folder(folder, image_id):
    inner = folder / "inner"
    inner.mkdir()
    assert find(image_id, None, inner) is None


def test_nothing_but_plain_files_and_members_is_opened(folder):
    os.mkfifo(folder / "pipe.jpg")  # opening it would wait for ever
    for path in (folder / "pipe.jpg", folder, "/dev/zero", "a\0b", "x" * 5000, ""):
        assert find("x", str(path), None) is None, path
    assert find("x", f"{folder / 'set.tar'}::cat/link.jpg", None) is None


def test_what_is_no_picture_or_too_large_gives_none(folder, monkeypatch):
    file = folder / "set" / "cat" / "7.jpg"
    file.write_bytes(b"no picture at all")
    assert thumbnail(find("set/cat/7.jpg", str(file), None)) is None
    huge = folder / "huge.jpg"
    with open(huge, "wb") as sparse:
        sparse.truncate(20 * LIMIT)
    place = find("x", str(huge), None)
    assert len(read(place, LIMIT)) == LIMIT + 1
    assert thumbnail(place) is None
    monkeypatch.setattr(thumbnails, "MAX_PIXELS", SIZE[0] * SIZE[1] - 1)
    large = folder / "large.jpg"
    large.write_bytes(jpeg(3))
    assert thumbnail(find("x", str(large), None)) is None


def test_only_so_many_members_of_an_archive_are_listed(folder, monkeypatch):
    monkeypatch.setattr(found_files, "MOST_MEMBERS", 0)
    found_files._members.cache_clear()
    assert find("x", f"{folder / 'set.tar'}::cat/9.jpg", None) is None


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM", "WEBP"])
def test_every_kind_of_file_that_networks_read_is_shown(tmp_path, kind):
    file = tmp_path / "a.x"
    Image.new("RGB", (500, 40), (200, 30, 30)).save(file, kind)
    with Image.open(io.BytesIO(thumbnail(find("x", str(file), None)))) as image:
        assert image.size == (thumbnails.SIDE, thumbnails.SIDE)


def test_names_are_words_and_never_markup():
    tile = Tile("<i>/a.jpg", 'x" onerror="y', ("<b>",), "#123456")
    body = gallery_html([tile, tile], [jpeg(1), None])
    assert "<i>/a" not in body and 'x" onerror' not in body and "<b><" not in body
    assert body.count("<img ") == 1 and body.count("no picture") == 1


# the category page


def test_closed_the_images_cost_nothing(open_page, monkeypatch):
    monkeypatch.setattr(worst_images, "image_table", None)  # calling it would raise
    app = open_page("category")
    assert header(app) and tiles(app) == []


def test_pictures_and_table_of_the_worst_images(atlas, network, tmp_path, open_page):
    shown = pictured(atlas, tmp_path / "atlas", tmp_path / "photographs")
    app = open_page("category", root=shown.root, category=network.name_of(12), evidence="Images")
    assert header(app) == network.name_of(12)
    examples, worst = tiles(app)
    assert worst.count("<img ") == 12 and examples.count("<img ") > 0
    table = pd.DataFrame(next(f.value for f in app.dataframe if "off" in f.value))
    assert table["off"].abs().is_monotonic_decreasing
    assert f'title="{table["image_id"].iat[0]}"' in worst.split("<img ")[1]
    assert not any("not on this machine" in caption.value for caption in app.caption)


def test_without_files_a_sentence_says_why_and_tables_take_their_place(
    atlas, network, tmp_path, open_page
):
    name = network.name_of(12)
    gone = with_paths(atlas, tmp_path / "gone", lambda at: f"/nowhere/{at}.jpg")
    for root, said in ((atlas.root, "does not say where"), (gone.root, "not on this machine")):
        app = open_page("category", root=root, category=name, evidence="Images")
        assert header(app) == name and tiles(app) == []
        (caption,) = (c.value for c in app.caption if "picture" in c.value)
        assert said in caption and "--images FOLDER" in caption
        assert sum("off" in frame.value for frame in app.dataframe) == 2


def test_the_reader_can_say_where_the_images_are_now(atlas, network, holdout, tmp_path, open_page):
    for at, image_id in enumerate(holdout.image_ids):
        (tmp_path / image_id).write_bytes(jpeg(at))
    app = open_page(
        "category", "--images", str(tmp_path),
        category=network.name_of(12), evidence="Images",
    )  # fmt: skip
    assert header(app) and len(tiles(app)) == 2
    empty = tmp_path / "empty"
    app = open_page(
        "category", "--images", str(empty),
        category=network.name_of(12), evidence="Images",
    )  # fmt: skip
    assert header(app) and tiles(app) == []
    assert any("empty has no" in caption.value for caption in app.caption)


def test_the_figures_carry_their_intervals(atlas, network, open_page):
    app = open_page("category", category=network.name_of(12))
    notes = {metric.label: metric.delta for metric in app.metric}
    values = {metric.label: metric.value for metric in app.metric}
    low, high = map(float, notes["Held-out error"].split(" to "))
    assert low <= float(values["Held-out error"]) <= high
    low, high = map(float, notes["Held-out R²"].replace("−", "-").split(" to "))
    assert low <= float(values["Held-out R²"].replace("−", "-")) <= high
