"""A link that does not fit into this machine is refused before it begins; what fits is shared out."""

import numba
import pytest

from precompute.errors import UserError
from precompute.runs import room


@pytest.fixture
def small_machine(monkeypatch):
    monkeypatch.setattr(room, "memory_bytes", lambda: 16 * 10**9)


def test_a_link_takes_a_square_of_the_sources_and_a_product_with_the_targets_for_every_set():
    assert room.link_bytes(10, 1000) == room.SETS * 8 * (1000 * 1000 + 1000 * 10)


def test_what_does_not_fit_is_refused_with_both_numbers(small_machine):
    with pytest.raises(UserError, match=r"a <- b: .* 21,841 .* 69 GB .* 16 GB"):
        room.require_room(21841, 21841, "a <- b")
    room.require_room(5000, 5000, "a <- b")


def test_processes_are_as_many_as_fit_and_at_least_one(small_machine, monkeypatch):
    monkeypatch.setattr(numba, "get_num_threads", lambda: 8)
    assert room.processes_for(room.link_bytes(1000, 1000)) == 8
    assert room.processes_for(5 * 10**9) == 3
    assert room.processes_for(50 * 10**9) == 1


def test_memory_is_that_of_the_machine():
    assert 10**8 < room.memory_bytes() < 10**14
