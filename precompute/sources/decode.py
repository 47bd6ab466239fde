"""Bytes of an image file -> upright RGB pixels, or the reason why not. Whatever looks at a picture, `run`
or the explorer, lets it in here, so that a picture has the same logits on either side."""

import io
import warnings

from PIL import Image, ImageOps

# What this module makes of a file, by name: part of what logits of photographs are made from, so that an
# atlas recomputes them when it changes.
DECODER = "upright-1"

MAX_PIXELS = 89_478_485  # from which on Pillow warns of a decompression bomb
# Networks scale an image by its shorter side: a strip would fill the memory.
NARROWEST = 20


class BadImage(Exception):
    """An image file that is not let in; its text is the reason.

    `kind` is bytes, format, grey, strip, pixels or damaged; `size` (width, height) is there for a strip
    and, unless Pillow itself refuses so many, for pixels.
    """

    def __init__(self, kind: str, reason: str, size: tuple[int, int] | None = None):
        super().__init__(reason)
        self.kind, self.size = kind, size


def decode(
    data: bytes,
    *,
    formats: tuple[str, ...] | None = None,
    max_bytes: int | None = None,
    max_pixels: int = MAX_PIXELS,
) -> Image.Image:
    """Decode an image file (first frame) to RGB, turned upright by its EXIF orientation.

    Raises `BadImage` for more than `max_bytes` or `max_pixels`, a picture over NARROWEST times as long as
    wide, and 16 or more bits per grey value, which Pillow would turn white (all told before anything is
    decoded); and for what is no undamaged image in one of Pillow's `formats` (default: all).
    """
    if max_bytes is not None and len(data) > max_bytes:
        raise BadImage("bytes", f"more than {max_bytes} bytes")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _opened(data, formats) as image:
            _check_header(image, max_pixels)
            try:
                image.load()
                _turn_upright(image)
                return image.convert("RGB")
            # Damaged files make PIL's decoders fail with almost any exception.
            except Exception as error:
                raise BadImage("damaged", str(error) or type(error).__name__) from error


def _opened(data: bytes, formats: tuple[str, ...] | None) -> Image.Image:
    if not data:
        raise BadImage("format", "the file is empty")
    try:
        return Image.open(io.BytesIO(data), formats=formats)
    except Image.DecompressionBombError as error:
        raise BadImage("pixels", f"more than {Image.MAX_IMAGE_PIXELS} pixels") from error
    except Image.UnidentifiedImageError as error:
        raise BadImage("format", "not an image file") from error
    # A damaged header makes PIL's readers fail with almost any exception.
    except Exception as error:
        raise BadImage("format", str(error) or type(error).__name__) from error


def _check_header(image: Image.Image, max_pixels: int) -> None:
    width, height = image.size
    if image.mode.startswith(("I", "F")):
        raise BadImage("grey", "16 or more bits per grey value", image.size)
    if max(width, height) > NARROWEST * min(width, height):
        raise BadImage("strip", f"{width} × {height} pixels are too narrow a strip", image.size)
    if width * height > max_pixels:
        raise BadImage("pixels", f"more than {max_pixels} pixels", image.size)


def _turn_upright(image: Image.Image) -> None:
    """In place. Metadata that cannot be read or written again is no reason to refuse the pixels."""
    try:
        ImageOps.exif_transpose(image, in_place=True)
    except Exception:
        return
