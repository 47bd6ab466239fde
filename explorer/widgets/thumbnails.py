"""Small pictures of an atlas's images, made in memory from their own files; the atlas holds none."""

import base64
import html
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import streamlit as st
from PIL import ImageOps

from explorer.session import cache
from explorer.tables import image_files
from explorer.tables.image_files import MAX_BYTES, MAX_PIXELS, Place
from explorer.words.formatting import plain
from precompute.sources.decode import BadImage, decode

SIDE = 224  # pixels, for tiles of half that size on a dense screen
FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "PPM")  # what timm's readers take for images
WAY = "To see pictures, start with `streamlit run app.py -- --atlas DIR --images FOLDER`."


class Tile(NamedTuple):
    """A picture and what is written under it."""

    image_id: str
    title: str
    lines: tuple[str, ...] = ()
    colour: str | None = None  # of the last line


def gallery(root: Path, folder: Path | None, tiles: Iterable[Tile], say: bool = True) -> bool:
    """Draw the pictures that are on this machine, and `say` why others are not. `folder` is where the
    reader says that the images are now. Returns whether there is any."""
    tiles = list(tiles)
    pictures, why_not = pictures_of(tiles, cache.images(root)["path"], folder)
    shown = pictures.count(None) < len(tiles)
    if shown:
        st.html(gallery_html(tiles, pictures))
    if say and why_not:
        st.caption(f":material/hide_image: {why_not}")
    return shown


def with_words(
    groups: Mapping[str, list[Tile]], paths: pd.Series, folder: Path | None, way: str = WAY
) -> None:
    """Draw every group of tiles under its title, a placeholder where a picture is not on this machine, and
    say why below. `paths` are where the images were (index: image_id); `way` is what brings them back."""
    tiles = [tile for group in groups.values() for tile in group]
    pictures, why_not = pictures_of(tiles, paths, folder, way)
    rest = iter(pictures)
    for title, group in groups.items():
        st.markdown(f"**{plain(title)}**")
        st.html(gallery_html(group, [next(rest) for _ in group]))
    if why_not:
        st.caption(f":material/hide_image: {why_not}")


def pictures_of(
    tiles: list[Tile], paths: pd.Series, folder: Path | None, way: str = WAY
) -> tuple[list[bytes | None], str | None]:
    """A small picture of each tile, None where there is none, and why some are missing."""
    known = [
        path if isinstance(path, str) else None
        for path in paths.reindex([tile.image_id for tile in tiles])
    ]
    places = [
        image_files.find(tile.image_id, path, folder)
        for tile, path in zip(tiles, known, strict=True)
    ]
    pictures = [None if place is None else thumbnail(place) for place in places]
    n_missing = pictures.count(None)
    if not n_missing:
        return pictures, None
    missing = pictures.index(None)
    reason = _why_not(tiles[missing].image_id, known[missing], places[missing], folder, way)
    some = n_missing < len(tiles)
    which = f"{n_missing} of these {len(tiles)} pictures are not" if some else "No picture is"
    return pictures, f"{which} shown: {reason}"


@st.cache_data(max_entries=1000, show_spinner=False)
def thumbnail(place: Place) -> bytes | None:
    """The middle square of an image as a small JPEG; None if it is no picture, or one that is too large
    for an upload."""
    try:
        data = image_files.read(place, MAX_BYTES)
        picture = decode(data, formats=FORMATS, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    except (OSError, BadImage):
        return None
    small = io.BytesIO()
    ImageOps.fit(picture, (SIDE, SIDE)).save(small, "JPEG", quality=82)
    return small.getvalue()


def gallery_html(tiles: list[Tile], pictures: list[bytes | None]) -> str:
    """Tiles side by side; one without a picture keeps its words."""
    return f'<div class="nde-tiles">{"".join(map(_tile, tiles, pictures))}</div>'


def _tile(tile: Tile, picture: bytes | None) -> str:
    name, title = html.escape(tile.image_id), html.escape(tile.title)
    if picture is None:
        image = "<i>no picture</i>"
    else:
        data = base64.b64encode(picture).decode("ascii")
        image = f'<img src="data:image/jpeg;base64,{data}" alt="{title}: {name}" title="{name}">'
    lines = [f"<span>{html.escape(line)}</span>" for line in tile.lines]
    if lines and tile.colour:
        lines[-1] = lines[-1].replace("<span>", f'<span style="color:{tile.colour}">', 1)
    return f"<figure>{image}<figcaption><b>{title}</b>{''.join(lines)}</figcaption></figure>"


def _why_not(
    image_id: str, path: str | None, place: Place | None, folder: Path | None, way: str
) -> str:
    """Why an image cannot be shown, and what to do."""
    if place is not None:
        return f"{plain(place.file, 200)} is no picture, or a very large one."
    if folder is not None:
        return (
            f"{plain(folder, 200)} has no {plain(image_id, 200)}. Give `--images` the folder that the "
            "network saw, or the one that holds it."
        )
    if path is None:
        return f"the atlas holds none, and does not say where its image files are. {way}"
    return f"the atlas holds none, and {plain(path, 200)} is not on this machine (any more). {way}"
