"""Images inside tar archives: one archive of class folders, or the shards of a WebDataset.

An archive is listed by seeking from header to header, and a member is read straight from its place
in the file. So WebDataset shards need no further library, and their images keep a name and an index,
which a streaming reader does not give. (timm's tar reader reads the whole archive to list it, and
shares one open archive among all worker processes.)
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

CLASS_NAMES = "classnames.txt"


class Member(NamedTuple):
    """An image inside an archive: which archive, its name there, its place and its class."""

    archive: Path
    name: str
    offset: int
    size: int
    class_name: str | None


class TarImages(ImageSet):
    """Images of uncompressed tar archives.

    A sidecar NAME.cls beside NAME.jpg, as WebDataset has it, tells the class (a number is looked up in
    classnames.txt beside the archive, if there is one); otherwise it is the folder of the member.
    """

    def __init__(self, name: str, archives: list[Path]):
        self.members = [member for archive in archives for member in _list(archive.resolve())]
        super().__init__(
            name,
            ids=[f"{member.archive.name}/{member.name}" for member in self.members],
            class_names=[member.class_name for member in self.members],
            paths=[f"{member.archive}::{member.name}" for member in self.members],
        )

    def read(self, index: int, tail: int | None = None) -> bytes:
        member = self.members[index]
        length = member.size if tail is None else min(tail, member.size)
        with open(member.archive, "rb") as file:
            file.seek(member.offset + member.size - length)
            return file.read(length)

    @cached_property
    def sizes(self) -> list[int]:
        return [member.size for member in self.members]


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


def _list(archive: Path) -> list[Member]:
    names = archive.with_name(CLASS_NAMES)
    known = names.read_text(encoding="utf-8").splitlines() if names.is_file() else []
    images, classes = {}, {}
    try:
        with tarfile.open(archive, "r:") as tar:
            for info in filter(tarfile.TarInfo.isfile, tar):
                path = PurePosixPath(info.name)
                if path.suffix.lower() in IMG_EXTENSIONS:
                    images[path] = info
                elif path.suffix == ".cls":
                    classes[_key(path)] = tar.extractfile(info).read().decode().strip()
    except (tarfile.TarError, OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"Cannot list '{archive}': {error}. Give an undamaged tar archive, not compressed."
        ) from error

    def class_name(path: PurePosixPath) -> str | None:
        text = classes.get(_key(path), path.parent.name or None)
        number = int(text) if text and text.isdecimal() else -1
        return known[number] if 0 <= number < len(known) else text

    return [
        Member(archive, str(path), info.offset_data, info.size, class_name(path))
        for path, info in sorted(images.items(), key=lambda item: natural_key(str(item[0])))
    ]


def _key(path: PurePosixPath) -> str:
    """What the files of one WebDataset sample share: their path up to the name's first dot."""
    return str(path.parent / path.name.split(".")[0])
