"""What every reader of pictures lets in: upright RGB pixels, within one set of limits."""

import io
import struct
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image, ImageFile

from precompute.sources.decode import BadImage, decode

TURNED = {
    6: Image.Transpose.ROTATE_90,
    3: Image.Transpose.ROTATE_180,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
}


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def drawn(size: tuple[int, int] = (12, 8)) -> Image.Image:
    pixels = np.random.default_rng(5).integers(0, 256, (*size[::-1], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def said(data: bytes, **options) -> tuple[str, str]:
    with pytest.raises(BadImage) as error:
        decode(data, **options)
    return error.value.kind, str(error.value)


@pytest.mark.parametrize(
    "data",
    [
        encoded(Image.new("CMYK", (9, 5)), "jpeg"),
        encoded(Image.new("L", (9, 5)), "png"),
        encoded(Image.new("P", (9, 5)), "png", transparency=b"\0\1"),  # PIL warns of these
        encoded(Image.new("RGBA", (9, 5)), "webp"),
    ],
    ids=["cmyk", "grey", "palette", "transparent"],
)
def test_every_kind_of_image_becomes_rgb_without_a_warning(data):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        image = decode(data)

    assert (image.mode, image.size, heard) == ("RGB", (9, 5), [])


def test_pixels_are_those_that_were_drawn():
    assert (np.asarray(decode(encoded(drawn(), "png"))) == np.asarray(drawn())).all()


@pytest.mark.parametrize("kind", ["png", "tiff", "webp"])
@pytest.mark.parametrize("orientation", TURNED)
def test_a_picture_is_turned_upright_once(kind, orientation):
    exif = Image.Exif()
    exif[0x112] = orientation
    lossless = {"lossless": True} if kind == "webp" else {}
    lying = encoded(drawn().transpose(TURNED[orientation]), kind, exif=exif, **lossless)

    assert (np.asarray(decode(lying)) == np.asarray(drawn())).all()


def test_unreadable_exif_is_no_reason_to_refuse_the_pixels():
    data = encoded(drawn(), "png", exif=b"Exif\0\0no such thing")

    assert (np.asarray(decode(data)) == np.asarray(drawn())).all()


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"", "format", "the file is empty"),
        (b"<html>404</html>", "format", "not an image file"),
        (encoded(drawn((2000, 1)), "png"), "strip", "2000 × 1 pixels are too narrow"),
        (encoded(Image.new("I;16", (9, 5)), "png"), "grey", "16 or more bits per grey value"),
        (encoded(Image.new("F", (9, 5)), "tiff"), "grey", "16 or more bits per grey value"),
        (encoded(drawn((64, 64)), "jpeg")[:-200], "damaged", "truncated"),
        (encoded(drawn((64, 64)), "png")[:-2000], "damaged", "truncated"),
    ],
    ids=["empty", "text", "strip", "16 bit", "float", "cut jpeg", "cut png"],
)
def test_bad_images_are_told_from_good_ones(data, kind, reason):
    found = said(data)

    assert found[0] == kind and reason in found[1]


def test_a_damaged_header_is_some_bad_image():
    data = encoded(drawn(), "png")

    assert said(data[:33] + b"garbage" + data[40:])[1]


@pytest.mark.parametrize("limit", [70, 40], ids=["PIL would warn", "PIL would raise"])
def test_a_decompression_bomb_is_a_bad_image(monkeypatch, limit):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)

    reason = f"more than {limit} pixels"  # it has 96
    assert said(encoded(drawn(), "png"), max_pixels=limit) == ("pixels", reason)


def test_pixels_are_counted_before_any_is_decoded(monkeypatch):
    body = b"IHDR" + struct.pack(">IIBBBBB", 9500, 9500, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    data = b"\x89PNG\r\n\x1a\n" + header + encoded(drawn(), "png")[33:]
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda *_: pytest.fail("decoded"))

    with pytest.raises(BadImage) as error:
        decode(data)
    assert (error.value.kind, error.value.size) == ("pixels", (9500, 9500))


def test_a_stranger_may_be_asked_for_less():
    data = encoded(drawn(), "png")

    assert decode(data, formats=("PNG",), max_bytes=len(data)).size == (12, 8)
    assert said(data, formats=("JPEG", "WEBP"))[0] == "format"
    assert said(data, max_pixels=95) == ("pixels", "more than 95 pixels")
    assert said(data, max_bytes=len(data) - 1) == ("bytes", f"more than {len(data) - 1} bytes")
