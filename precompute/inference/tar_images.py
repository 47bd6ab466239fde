"""Images inside tar archives: one archive of class folders, or the shards of a WebDataset.

A member is read straight from its place in the file. So WebDataset shards need no further library, and
their images keep a name and an index, which a streaming reader does not give.
"""

import re
import tarfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from timm.utils.misc import natural_key
from torchvision.datasets.folder import IMG_EXTENSIONS

from precompute.errors import UserError
from precompute.inference.images import ImageSet
from precompute.sources import archives
from precompute.sources.archives import Member

CLASS_NAMES = "classnames.txt"


class Packed(NamedTuple):
    """An image inside an archive, and the name of its class."""

    archive: Path
    member: Member
    class_name: str | None


class TarImages(ImageSet):
    """Images of uncompressed tar archives.

    A sidecar NAME.cls beside NAME.jpg, as WebDataset has it, tells the class (a number is looked up in
    classnames.txt beside the archive, if there is one); otherwise it is the folder of the member.
    """

    def __init__(self, name: str, files: list[Path]):
        self.packed = [image for file in files for image in _list(file.resolve())]
        super().__init__(
            name,
            ids=[f"{image.archive.name}/{image.member.name}" for image in self.packed],
            class_names=[image.class_name for image in self.packed],
            paths=[f"{image.archive}::{image.member.name}" for image in self.packed],
        )

    def read(self, index: int, tail: int | None = None) -> bytes:
        archive, (_, offset, size), _ = self.packed[index]
        length = size if tail is None else min(tail, size)
        return archives.read(archive, offset + size - length, length)

    @cached_property
    def sizes(self) -> list[int]:
        return [image.member.size for image in self.packed]


def find_shards(spec: str) -> list[Path]:
    """Archives of a WebDataset: a folder of .tar files, one file, or a {0000..0012} range of files.

    Raises `UserError` if one of them is missing.
    """
    if "://" in spec or spec.startswith("pipe:"):
        raise UserError(f"'wds/{spec}' is not on this machine. Download the shards first.")
    path = Path(spec)
    shards = sorted(path.glob("*.tar")) if path.is_dir() else [Path(s) for s in _expand(spec)]
    missing = next((shard for shard in shards if not shard.is_file()), path if not shards else None)
    if missing is not None:
        raise UserError(f"There are no shards at '{missing}'. Give wds/FOLDER or wds/FILE.tar.")
    return shards


def _expand(pattern: str) -> Iterator[str]:
    found = re.search(r"\{(\d+)\.\.(\d+)\}", pattern)
    if not found:
        yield pattern
        return
    first, last = found.groups()
    for number in range(int(first), int(last) + 1):
        head, tail = pattern[: found.start()], pattern[found.end() :]
        yield from _expand(f"{head}{number:0{len(first)}d}{tail}")


def _list(archive: Path) -> list[Packed]:
    names = archive.with_name(CLASS_NAMES)
    known = names.read_text(encoding="utf-8").splitlines() if names.is_file() else []
    images, classes = {}, {}
    try:
        for member in archives.members(archive):
            path = PurePosixPath(member.name)
            if path.suffix.lower() in IMG_EXTENSIONS:
                images[path] = member
            elif path.suffix == ".cls":
                text = archives.read(archive, member.offset, member.size)
                classes[_key(path)] = text.decode().strip()
    except (tarfile.TarError, OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"Cannot list '{archive}': {error}. Give an undamaged tar archive, not compressed."
        ) from error

    def class_name(path: PurePosixPath) -> str | None:
        text = classes.get(_key(path), path.parent.name or None)
        number = int(text) if text and text.isdecimal() else -1
        return known[number] if 0 <= number < len(known) else text

    return [
        Packed(archive, member, class_name(path))
        for path, member in sorted(images.items(), key=lambda item: natural_key(str(item[0])))
    ]


def _key(path: PurePosixPath) -> str:
    """What the files of one WebDataset sample share: their path up to the name's first dot."""
    return str(path.parent / path.name.split(".")[0])
