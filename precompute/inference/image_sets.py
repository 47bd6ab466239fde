"""Where the images are: a folder, a tar archive, WebDataset shards or a Hugging Face dataset.

An `ImageSet` lists its images once, under names that are the same on every machine, and hands out
the bytes of any of them, also in a worker process.
"""

import os
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path

from timm.data.readers import create_reader
from torchvision.datasets.folder import IMG_EXTENSIONS

from precompute.errors import UserError


class ImageSet(ABC):
    """Images by index, without decoding them.

    Parameters
    ----------
    name : what the image ids begin with: the folder's, archive's or dataset's name
    ids : unique and stable, "<name>/<path inside>"
    class_names : name of the true category, a synset or a word; None where the set tells none
    paths : absolute file, "archive.tar::member", or None where there is no file
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
        """The bytes of an image file, or only its last `tail` bytes."""

    @cached_property
    @abstractmethod
    def sizes(self) -> list[int]:
        """Bytes of each image file."""


class FolderImages(ImageSet):
    """Images of a folder and its subfolders; the folder an image lies in names its class."""

    def __init__(self, root: Path):
        root = root.resolve()
        try:
            reader = create_reader("", root=str(root), input_key=";".join(IMG_EXTENSIONS))
            samples = reader.samples
        except RuntimeError:
            samples = []
        self.files = [Path(file) for file, _ in samples]
        inside = [file.relative_to(root) for file in self.files]
        super().__init__(
            root.name,
            ids=[f"{root.name}/{path.as_posix()}" for path in inside],
            class_names=[path.parent.name or None for path in inside],
            paths=[str(file) for file in self.files],
        )

    def read(self, index: int, tail: int | None = None) -> bytes:
        with open(self.files[index], "rb") as file:
            if tail is not None:
                file.seek(max(self.sizes[index] - tail, 0))
            return file.read()

    @cached_property
    def sizes(self) -> list[int]:
        return [os.path.getsize(file) for file in self.files]


class HubImages(ImageSet):
    """Images of a Hugging Face dataset, NAME or NAME:SPLIT; needs the library datasets.

    The images and classes are those of its first image and its first class label column.
    """

    def __init__(self, spec: str):
        name, _, split = spec.partition(":")
        self.dataset, self.column, labels = _load_hub(name, split or "train")
        super().__init__(
            name,
            ids=[f"{name}/{split or 'train'}/{row:08d}" for row in range(len(self.dataset))],
            class_names=labels,
            paths=[None] * len(self.dataset),
        )

    def read(self, index: int, tail: int | None = None) -> bytes:
        image = self.dataset[index][self.column]
        data = image["bytes"] or Path(image["path"]).read_bytes()
        return data if tail is None else data[-tail:]

    @cached_property
    def sizes(self) -> list[int]:
        return [len(self.read(index)) for index in range(len(self))]


def _load_hub(name: str, split: str) -> tuple:
    """Dataset with undecoded images, its image column, and the class names of its rows."""
    try:
        import datasets
    except ImportError as error:
        raise UserError("hfds/ needs one more library: pip install datasets") from error
    try:
        data = datasets.load_dataset(name, split=split)
    # The library raises its own, the hub's and pyarrow's errors: all mean that it cannot be opened.
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UserError(
            f"Cannot open 'hfds/{name}:{split}': {reason} Check the name, the split and the network."
        ) from error
    kinds = data.features.items()
    images = [column for column, kind in kinds if isinstance(kind, datasets.Image)]
    labels = [column for column, kind in kinds if isinstance(kind, datasets.ClassLabel)]
    if not images:
        raise UserError(f"'hfds/{name}' has no image column, only {', '.join(data.column_names)}.")
    data = data.cast_column(images[0], datasets.Image(decode=False))
    if not labels:
        return data, images[0], [None] * len(data)
    names = data.features[labels[0]].names
    classes = [names[i] if i is not None and i >= 0 else None for i in data[labels[0]]]
    return data, images[0], classes


def open_images(spec: str | Path) -> ImageSet:
    """Open a folder, FILE.tar, hfds/NAME[:SPLIT] or wds/SHARDS.

    Raises `UserError` if it does not exist, holds no images, or needs a library that is missing.
    """
    # Here, not above: tar_images builds on ImageSet.
    from precompute.inference.tar_images import TarImages, find_shards

    kind, _, rest = str(spec).partition("/")
    if kind == "hfds":
        return HubImages(rest)
    if kind == "wds":
        return TarImages(rest, find_shards(rest))
    path = Path(spec)
    if path.is_dir():
        return FolderImages(path)
    if path.is_file():
        return TarImages(path.name, [path])
    raise UserError(
        f"There are no images at '{spec}'. Give a folder, FILE.tar, hfds/NAME or wds/SHARDS."
    )
