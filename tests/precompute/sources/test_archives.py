"""Files inside a tar archive: listed without unpacking, read from their place."""

import io
import tarfile

import pytest

from precompute.sources import archives
from precompute.sources.archives import members


@pytest.fixture
def archive(tmp_path):
    file = tmp_path / "a.tar"
    with tarfile.open(file, "w") as tar:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        tar.addfile(link)
        for name, data in (("./x/1.txt", b"first"), ("2.txt", b"and second")):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return file


def test_plain_files_are_listed_and_read_where_they_lie(archive):
    found = {member.name: member for member in members(archive)}

    assert list(found) == ["x/1.txt", "2.txt"]
    assert archives.read(archive, *found["2.txt"][1:]) == b"and second"
    assert archives.read(archive, found["x/1.txt"].offset + 2, 2) == b"rs"


def test_no_more_entries_are_listed_than_are_wanted(archive):
    assert [member.name for member in members(archive, 2)] == ["x/1.txt"]
    assert list(members(archive, 0)) == []


def test_what_is_no_plain_archive_is_refused(archive, tmp_path):
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        tar.add(archive)
    (tmp_path / "cut.tar").write_bytes(archive.read_bytes()[:1100])

    for name in ("a.tar.gz", "cut.tar"):
        with pytest.raises(tarfile.TarError):
            list(members(tmp_path / name))
    with pytest.raises(OSError):
        list(members(tmp_path / "nowhere.tar"))
