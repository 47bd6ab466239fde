"""Uncompressed tar archives: where their files lie, and bytes straight from there.

An archive is listed by seeking from header to header, and nothing of it is unpacked. (timm's tar reader
reads the whole archive to list it, and shares one open archive among all worker processes.)
"""

import tarfile
from collections.abc import Iterator
from itertools import islice
from os import PathLike
from pathlib import PurePosixPath
from typing import NamedTuple


class Member(NamedTuple):
    """A plain file inside an archive: its path there, and its place in the archive in bytes."""

    name: str
    offset: int
    size: int


def members(archive: str | PathLike, most: int | None = None) -> Iterator[Member]:
    """The plain files among the first `most` entries of an archive, in its order.

    Raises tarfile.TarError and OSError for what is damaged, compressed or no archive.
    """
    with tarfile.open(archive, "r:") as tar:
        for info in islice(tar, most):
            if info.isfile():
                yield Member(str(PurePosixPath(info.name)), info.offset_data, info.size)


def read(file: str | PathLike, offset: int, size: int) -> bytes:
    """So many bytes of a file from `offset`, fewer where it ends. Raises OSError."""
    with open(file, "rb") as opened:
        opened.seek(offset)
        return opened.read(size)
