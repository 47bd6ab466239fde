"""The picture that networks look at: the reader's own, or one that is on this machine anyway.

Nothing here keeps the picture.
"""

import importlib.util
from pathlib import Path

from PIL import Image

from explorer.tables.image_files import MAX_BYTES, MAX_PIXELS
from precompute.errors import UserError
from precompute.sources.decode import NARROWEST, BadImage, decode

FORMATS = ("JPEG", "PNG", "WEBP")
SAMPLES = {  # pictures inside the wheels of scikit-image and scikit-learn
    "Cat": ("skimage", "data/chelsea.png"),
    "Coffee": ("skimage", "data/coffee.png"),
    "Rocket": ("skimage", "data/rocket.jpg"),
    "Motorcycle": ("skimage", "data/motorcycle_left.png"),
    "Temple": ("sklearn", "datasets/images/china.jpg"),
    "Flower": ("sklearn", "datasets/images/flower.jpg"),
}


def open_image(data: bytes) -> Image.Image:
    """A picture that somebody uploads as upright RGB pixels.

    Raises `UserError` for more than MAX_BYTES or MAX_PIXELS, a format that is none of FORMATS, and what
    `precompute.sources.decode` does not let in.
    """
    try:
        return decode(data, formats=FORMATS, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    except BadImage as error:
        raise UserError(_why_refused(error, len(data))) from error


def _why_refused(error: BadImage, n_bytes: int) -> str:
    millions = f"{MAX_PIXELS // 10**6} million"
    pixels = "" if error.size is None else f"{error.size[0]} × {error.size[1]} pixels"
    if error.kind == "pixels" and not pixels:
        return f"This picture has more than {millions} pixels. Save it smaller."
    return {
        "bytes": f"This file has {n_bytes / 2**20:.1f} MB; at most {MAX_BYTES // 2**20} MB are looked "
        "at. Save it smaller.",
        "format": "This file is no JPEG, PNG or WebP picture. Choose one that is.",
        "grey": "This picture has 16 or more bits per grey value, which the networks' readers would "
        "turn white. Save it with 8 bits per channel.",
        "strip": f"This picture of {pixels} is a strip, more than {NARROWEST} times as long as wide. "
        "Cut out what is to be seen.",
        "pixels": f"This picture has {pixels}; at most {millions} are looked at. Save it smaller.",
        "damaged": f"This picture is damaged ({error}). Open it in an image program and save it again.",
    }[error.kind]


def samples() -> dict[str, Path]:
    """Pictures that are on this machine anyway, by name."""
    found = {}
    for name, (package, file) in SAMPLES.items():
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or ():
            if (path := Path(folder) / file).is_file():
                found[name] = path
    return found
