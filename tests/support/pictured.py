"""An atlas whose images are files: each picture has a colour of its own, so that a test can tell them
apart after they were made small."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
from PIL import Image

from precompute.atlas import schema
from precompute.atlas.store import Atlas

SIZE = (30, 20)


def colour(at: int) -> tuple[int, int, int]:
    """Colour of picture number `at`; 4,096 of them, 16 apart in each channel."""
    return tuple(8 + 16 * (at // 16**k % 16) for k in range(3))


def number(picture: bytes) -> int:
    """The number of a picture by its colour; JPEG may move a channel by a few."""
    with Image.open(io.BytesIO(picture)) as image:
        red, green, blue = (channel // 16 for channel in image.convert("RGB").getpixel((9, 9)))
    return red + 16 * green + 256 * blue


def jpeg(at: int) -> bytes:
    """Picture number `at` as a file."""
    file = io.BytesIO()
    Image.new("RGB", SIZE, colour(at)).save(file, "JPEG", quality=95)
    return file.getvalue()


def with_paths(atlas: Atlas, root: Path, path_of: Callable[[int], str | None]) -> Atlas:
    """A copy of an atlas whose image number k is said to lie at `path_of(k)`."""
    shutil.copytree(atlas.root, root)
    file = Atlas(root).file(schema.IMAGES)
    table = pq.read_table(file)
    at = table.schema.get_field_index("path")
    paths = [path_of(k) for k in range(len(table))]
    pq.write_table(table.set_column(at, table.schema.field("path"), [paths]), file)
    return Atlas(root)


def pictured(atlas: Atlas, root: Path, photographs: Path) -> Atlas:
    """A copy of an atlas, with a picture of every image in the folder `photographs`."""
    photographs.mkdir(parents=True)

    def path_of(at: int) -> str:
        file = photographs / f"{at}.jpg"
        file.write_bytes(jpeg(at))
        return str(file)

    return with_paths(atlas, root, path_of)
