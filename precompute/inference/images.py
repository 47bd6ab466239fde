"""A set of images that is listed once and read by index; and the plainest one, a folder."""

import os
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

from timm.data.readers import create_reader
from torchvision.datasets.folder import IMG_EXTENSIONS

from precompute.errors import UserError


class ImageSet(ABC):
    """Images by index, not yet decoded; may be handed to worker processes.

    Parameters
    ----------
    name : what the image ids begin with: the folder's, archive's or dataset's name
    ids : unique, and the same on every machine: "<name>/<path inside>"
    class_names : name of the true category, a synset or a word; None where the set tells none
    paths : absolute file, "archive.tar::member", or None where there is no file

    Raises `UserError` if there are no images.
    """

    def __init__(
        self,
        name: str,
        ids: list[str],
        class_names: list[str | None],
        paths: list[str | None],
    ):
        if not ids:
            raise UserError(
                f"There are no images in '{name}'. Files count as images if they end in "
                f"{', '.join(IMG_EXTENSIONS)}."
            )
        self.name, self.ids, self.class_names, self.paths = name, ids, class_names, paths

    def __len__(self) -> int:
        return len(self.ids)

    @abstractmethod
    def read(self, index: int, tail: int | None = None) -> bytes:
        """The bytes of an image file, or only its last `tail` bytes. Raises `OSError`."""

    @cached_property
    @abstractmethod
    def sizes(self) -> list[int]:
        """Bytes of each image file, 0 where it cannot be reached."""


class FolderImages(ImageSet):
    """Images of a folder and its subfolders; the folder that an image lies in names its class."""

    def __init__(self, root: Path):
        root = root.resolve()
        try:
            reader = create_reader("", root=str(root), input_key=";".join(IMG_EXTENSIONS))
            files = [Path(file) for file, _ in reader.samples]
        except RuntimeError:
            files = []
        inside = [file.relative_to(root) for file in files]
        self._files = [str(file) for file in files]
        super().__init__(
            root.name,
            ids=[f"{root.name}/{path.as_posix()}" for path in inside],
            class_names=[path.parent.name or None for path in inside],
            paths=list(self._files),
        )

    def read(self, index: int, tail: int | None = None) -> bytes:
        with open(self._files[index], "rb") as file:
            if tail is not None:
                file.seek(max(self.sizes[index] - tail, 0))
            return file.read()

    @cached_property
    def sizes(self) -> list[int]:
        return [_size(file) for file in self._files]


def _size(file: str) -> int:
    try:
        return os.path.getsize(file)
    except OSError:
        return 0
