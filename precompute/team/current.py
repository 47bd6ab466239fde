"""Who works on a run: this process alone, or several that share images, targets and equations.

Which processes there are is a fact of the process, like its number of threads: whoever has work to share
asks for `current()`. All processes of a team run the same program and call `sum` and `gather` in the same
order, never from a thread; what is not shared, each computes alike; files are written by the leader.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


class Team:
    """A process that works alone. Others of `size` have numbers (`rank`) from 0 on."""

    rank, size = 0, 1

    @property
    def leads(self) -> bool:
        """Whether this is the process that decides and writes."""
        return self.rank == 0

    def share(self, count: int) -> slice:
        """This process's part of so many things: all parts lie in the order of the processes, without gaps
        or repeats, and differ in length by one at most."""
        return slice(self.rank * count // self.size, (self.rank + 1) * count // self.size)

    def sum(self, *arrays: np.ndarray) -> None:
        """Add up every array over all processes, in place."""

    def gather(self, thing: Any) -> list[Any]:
        """What every process gives, in their order."""
        return [thing]

    def wait(self) -> None:
        """Go on when all processes are here."""
        self.gather(None)

    def device(self, asked: str) -> str:
        """The device of this process where the user has asked for this one."""
        return asked


_current = Team()


def current() -> Team:
    """The team that this process belongs to."""
    return _current


@contextmanager
def working_in(team: Team) -> Iterator[Team]:
    """Let `current()` be this team."""
    global _current
    before, _current = _current, team
    try:
        yield team
    finally:
        _current = before
