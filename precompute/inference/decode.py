"""Bytes of an image file -> RGB pixels, or the reason why not."""

import io
import warnings

from PIL import Image

# timm scales an image by its shorter side: a strip would fill the memory.
NARROWEST = 100


class BadImage(Exception):
    """An image file that cannot be decoded; its text is the reason."""


def decode(data: bytes) -> Image.Image:
    """Decode an image file (first frame) to RGB, exactly as timm's own datasets do.

    Raises `BadImage` for what is no image, is cut short, is larger than `Image.MAX_IMAGE_PIXELS`
    (a decompression bomb), or is over NARROWEST times as long as wide.
    """
    if not data:
        raise BadImage("the file is empty")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data)) as image:
                if max(image.size) > NARROWEST * min(image.size):
                    raise BadImage(f"{image.width} × {image.height} pixels are too narrow a strip")
                return image.convert("RGB")
        except BadImage:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise BadImage(f"more than {Image.MAX_IMAGE_PIXELS} pixels") from error
        except Image.UnidentifiedImageError as error:
            raise BadImage("not an image file") from error
        # Damaged files make PIL's decoders fail with almost any exception.
        except Exception as error:
            raise BadImage(str(error) or type(error).__name__) from error
