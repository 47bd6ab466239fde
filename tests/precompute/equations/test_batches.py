"""Logits that are asked for again and again are the same each time, wherever they are kept."""

from itertools import pairwise

import numpy as np
import pytest

from precompute.equations import batches
from precompute.equations.batches import OwnLogits
from precompute.equations.many.plain_file import PlainFile
from precompute.errors import UserError
from tests.conftest import MODELS


@pytest.mark.parametrize("most", [2**29, 0], ids=["in memory", "in a file"])
def test_every_pass_over_a_models_logits_sees_what_the_atlas_has(monkeypatch, atlas, most):
    monkeypatch.setattr(batches, "_MEMORY", most)
    monkeypatch.setattr(batches, "_ROWS", 100)  # several batches, the last one not full
    before = sorted(atlas.root.rglob("*"))
    logits = OwnLogits(atlas, MODELS[0])

    for split in ("fit", "holdout", "fit"):
        _, labels, stored = atlas.logits(MODELS[0], split)
        seen = list(logits.batches(split))
        assert len(seen) > 1
        assert all(batch.within and batch.sources.dtype == np.float32 for batch in seen)
        assert (np.concatenate([batch.sources for batch in seen]) == stored).all()
        assert (np.concatenate([batch.labels for batch in seen]) == labels).all()
    assert sorted(atlas.root.rglob("*")) == before


def test_a_plain_file_without_room_says_what_to_do(tmp_path):
    with pytest.raises(
        UserError, match="Cannot keep logits in a file in .*another folder with --atlas"
    ):
        PlainFile(tmp_path / "gone")
    full = PlainFile(tmp_path)
    with (
        open("/dev/full", "wb", buffering=0) as full._file,
        pytest.raises(UserError, match="No space left on device.*2 bytes a logit"),
    ):
        full.append(np.zeros((1, 4)))


def test_a_plain_file_gives_the_rows_that_were_put_there(tmp_path):
    rows = np.random.default_rng(0).normal(size=(70, 5)).astype(np.float16)
    file = PlainFile(tmp_path)
    for start, stop in pairwise([0, 1, 40, 70]):
        file.append(rows[start:stop].astype(np.float32))

    for part in (slice(0, 70), slice(65, 70), slice(3, 50)):
        assert (file[part] == rows[part]).all()
    assert list(tmp_path.iterdir()) == []
