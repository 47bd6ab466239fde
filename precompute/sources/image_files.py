"""Where the image files of an atlas are now, and their bytes.

Ids and paths come from images.parquet, which anybody may have written. So nothing is opened but plain
files and members of plain tar archives, an id never leads out of its folder, and nothing larger than a
picture is read.
"""

import os
import stat
import tarfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from precompute.sources import archives

MOST_MEMBERS = 100_000  # of an archive; listing more would keep the reader waiting


class Place(NamedTuple):
    """Bytes of an image: a whole file, or a part of an archive. `version` is the time of the file."""

    file: str
    offset: int
    size: int
    version: int


def find(image_id: str, path: str | None, folder: Path | None) -> Place | None:
    """Where an image lies: in the user's `folder` of images if there is one, else where it was when
    the atlas was made (`path`: a file, or "archive.tar::member"). None where it is not."""
    for file, member in _candidates(image_id, path, folder):
        found = _whole(file) if member is None else _member(file, member)
        if found is not None:
            return found
    return None


def read(place: Place, most: int | None = None) -> bytes:
    """Its bytes, but not more than `most` + 1, so that what is too large can be seen. Raises OSError."""
    size = place.size if most is None else min(place.size, most + 1)
    return archives.read(place.file, place.offset, size)


def _candidates(
    image_id: str, path: str | None, folder: Path | None
) -> Iterator[tuple[str, str | None]]:
    """Files, and members of archives, where an image may be. Ids are "<set>/<path inside>": the folder
    may be the set, or hold it; the same for archives."""
    inside = PurePosixPath(image_id)
    if folder is not None and not inside.is_absolute() and ".." not in inside.parts:
        rest = PurePosixPath(*inside.parts[1:])
        yield str(folder / inside), None
        yield str(folder / rest), None
        yield str(folder / PurePosixPath(*inside.parts[:1])), str(rest)
        yield str(folder), str(rest)
    if path:
        file, mark, member = path.partition("::")
        yield file, member if mark else None


def _whole(file: str) -> Place | None:
    found = _stat(file)
    return None if found is None else Place(file, 0, found.st_size, found.st_mtime_ns)


def _member(archive: str, member: str) -> Place | None:
    found = _stat(archive)
    if found is None:
        return None
    return _members(archive, found.st_mtime_ns, found.st_size).get(member)


def _stat(file: str) -> os.stat_result | None:
    """Of a plain file; None for everything else, devices and pipes among it."""
    try:
        found = os.stat(file)
    except (OSError, ValueError):  # ValueError: a path with a null character
        return None
    return found if stat.S_ISREG(found.st_mode) else None


@lru_cache(maxsize=4)
def _members(archive: str, version: int, size: int) -> dict[str, Place]:
    """The files of an uncompressed tar archive; none where it is damaged or no archive."""
    try:
        return {
            name: Place(archive, offset, size, version)
            for name, offset, size in archives.members(archive, MOST_MEMBERS)
        }
    except (OSError, tarfile.TarError):
        return {}
