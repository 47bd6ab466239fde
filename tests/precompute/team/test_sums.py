"""Moments of images that several processes share are those of one process."""

import numpy as np
import pytest

from precompute.equations import folds
from precompute.team.current import current, working_in
from tests.precompute.team import sums_of_all
from tests.precompute.team.numbered import Numbered
from tests.precompute.team.torchrun import done, torchrun


@pytest.fixture(autouse=True)
def _as_it_was(monkeypatch):
    monkeypatch.setattr(folds, "MANY", folds.MANY)


@pytest.mark.parametrize(("count", "size"), [(101, 2), (101, 3), (2, 5), (0, 2), (12, 4)])
def test_shares_have_no_gaps_and_no_repeats(count, size):
    parts = [np.arange(count)[Numbered(rank, size).share(count)] for rank in range(size)]
    assert np.concatenate(parts).tolist() == list(range(count))
    lengths = [len(part) for part in parts]
    assert max(lengths) - min(lengths) <= 1


def test_who_works_alone_has_all_of_it():
    alone = current()
    assert alone.leads and alone.share(7) == slice(0, 7) and alone.gather("x") == ["x"]
    numbers = np.arange(3.0)
    alone.sum(numbers)
    assert numbers.tolist() == [0, 1, 2]


def test_two_processes_find_the_moments_of_one(tmp_path):
    code, said = done(torchrun(2, "tests.precompute.team.sums_of_all", tmp_path / "two.npz"))
    assert code == 0, said
    found, expected = np.load(tmp_path / "two.npz"), sums_of_all.every_kind()
    assert found["shares"].tolist() == [50, 51]
    for name, moments in expected.items():
        np.testing.assert_allclose(found[name], moments, rtol=1e-10, atol=1e-12, err_msg=name)
    with working_in(Numbered(0, 2)):  # the control: a share alone has other moments
        halves = sums_of_all.every_kind()
    for name in expected:
        assert not np.allclose(halves[name], expected[name], rtol=1e-3), name
