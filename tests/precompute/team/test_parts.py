"""Images that several processes look at become one file, also where some of them had to begin again."""

import numpy as np
import pytest

from precompute.atlas import parts, schema
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.runs.logits import store_logits
from precompute.sources.arrays import ArraySource
from precompute.team.current import working_in
from tests.precompute.team.numbered import Numbered

MADE_FROM = {"stage": "logits"}


class Watched(ArraySource):
    """An array in batches of 50 rows that keeps which were asked for, and can fail at one of them."""

    def __init__(self, file, names):
        super().__init__("m", file, from_names(names))
        self.logits = np.load(file)
        self.asked: list[int] = []
        self.fails_at = -1

    def batches(self, rows, on_bad):
        for start in range(rows.start, rows.stop, 50):
            some = np.arange(start, min(start + 50, rows.stop))
            if self.fails_at in some:
                raise OSError("the disk is gone")
            self.asked += some.tolist()
            yield some, np.asarray(self.logits[some], dtype=np.float32)


@pytest.fixture
def source(tmp_path, planted, names, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 100)  # a part holds two batches
    np.save(tmp_path / "logits.npy", planted.logits)
    return Watched(tmp_path / "logits.npy", names)


def look(atlas, source, *, rank=0, size=1):
    with working_in(Numbered(rank, size)):
        store_logits(atlas, source, MADE_FROM, Silent())


def file_of(atlas):
    return atlas.file(schema.LOGITS, "models/m")


@pytest.fixture
def expected(tmp_path, source) -> bytes:
    atlas = Atlas(tmp_path / "alone")
    look(atlas, source)
    source.asked.clear()
    return file_of(atlas).read_bytes()


def test_three_processes_make_the_file_of_one(tmp_path, source, expected):
    atlas = Atlas(tmp_path / "atlas")
    for rank in (2, 1, 0):  # the leader joins what all have made
        look(atlas, source, rank=rank, size=3)
    assert sorted(source.asked) == list(range(len(source.logits)))
    assert file_of(atlas).read_bytes() == expected
    assert not file_of(atlas).with_suffix(".parts").exists()


def test_a_process_that_was_lost_goes_on_in_its_share(tmp_path, source, expected):
    atlas = Atlas(tmp_path / "atlas")
    look(atlas, source, rank=2, size=3)
    source.fails_at = 500
    with pytest.raises(OSError):
        look(atlas, source, rank=1, size=3)
    source.fails_at = -1
    source.asked.clear()
    for rank in (2, 1, 0):
        look(atlas, source, rank=rank, size=3)
    share = Numbered(1, 3).share(len(source.logits))
    assert sorted(source.asked) == [*range(share.start), *range(share.start + 200, share.stop)]
    assert file_of(atlas).read_bytes() == expected


@pytest.mark.parametrize("size", [1, 2, 5])
def test_another_number_of_processes_makes_the_same_file(tmp_path, source, expected, size):
    atlas = Atlas(tmp_path / "atlas")
    for rank in (1, 2):  # what a run of three has left
        look(atlas, source, rank=rank, size=3)
    for rank in reversed(range(size)):
        look(atlas, source, rank=rank, size=size)
    assert file_of(atlas).read_bytes() == expected


def test_machines_that_do_not_share_the_folder_are_told(tmp_path, source):
    look(Atlas(tmp_path / "there"), source, rank=1, size=2)
    with pytest.raises(
        UserError, match="only the first 400 of 800 images. --atlas must be a folder"
    ):
        look(Atlas(tmp_path / "here"), source, rank=0, size=2)
