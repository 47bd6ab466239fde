"""The images of an atlas, read again from their own files."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.inference.images import ImageSet
from precompute.sources import image_files


class PlacedImages(ImageSet):
    """Images by id and by the path where they were: a file, "archive.tar::member", or nothing.

    Parameters
    ----------
    folder : where the user has them, if they are not where they were

    Attributes
    ----------
    missing : ids of those that are at neither place; they have size 0, and reading them raises `OSError`
    """

    def __init__(
        self, name: str, ids: list[str], paths: Sequence[object], folder: Path | None = None
    ):
        known = [path if isinstance(path, str) else None for path in paths]
        places = zip(ids, known, strict=True)
        self._places = [image_files.find(image, path, folder) for image, path in places]
        self._folder = folder
        super().__init__(name, ids, [None] * len(ids), known)

    @property
    def missing(self) -> list[str]:
        """See the class."""
        return [image for image, place in zip(self.ids, self._places, strict=True) if place is None]

    def among(self, rows: np.ndarray) -> "PlacedImages":
        """Some of them, by their row."""
        ids, paths = ([values[row] for row in rows] for values in (self.ids, self.paths))
        return PlacedImages(self.name, ids, paths, self._folder)

    def read(self, index: int, tail: int | None = None) -> bytes:
        place = self._places[index]
        if place is None:
            raise FileNotFoundError(f"{self.ids[index]} is not where it was")
        if tail is not None and tail < place.size:
            place = place._replace(offset=place.offset + place.size - tail, size=tail)
        return image_files.read(place)

    @cached_property
    def sizes(self) -> list[int]:
        return [0 if place is None else place.size for place in self._places]


class AtlasImages(PlacedImages):
    """Images of `images.parquet`: those of a model in the order of its logits, or all."""

    def __init__(self, atlas: Atlas, model: str | None = None, folder: Path | None = None):
        """`folder` as in PlacedImages."""
        path_of = (
            atlas.read(schema.IMAGES).drop_duplicates("image_id").set_index("image_id")["path"]
        )
        ids = list(path_of.index)
        if model is not None:
            ids = atlas.read(schema.LOGITS, model, columns=["image_id"])["image_id"].tolist()
        super().__init__(str(atlas.root), ids, path_of.reindex(ids).tolist(), folder)

    def refuse_missing(self) -> None:
        """Raises `UserError`, naming the first, where images are gone."""
        if self.missing:
            raise UserError(
                f"{len(self.missing)} of {len(self)} images of the atlas {self.name} are not where they "
                f"were, '{self.missing[0]}' among them. Say in which folder they are with --images-dir."
            )
