"""The categories that a reader has visited, with a way back and a way forward."""

from collections.abc import Container
from dataclasses import dataclass

LONGEST = 100  # steps that are remembered on each side


@dataclass(frozen=True)
class History:
    """Two stacks around the category that is open: what lies `behind` (oldest first) and what lies
    `ahead` (nearest first)."""

    behind: tuple[str, ...] = ()
    here: str | None = None
    ahead: tuple[str, ...] = ()

    def visit(self, name: str) -> "History":
        """A new choice cuts off what lay ahead; choosing what is open changes nothing."""
        if name == self.here:
            return self
        return History((*self.behind, *self._own)[-LONGEST:], name)

    def follow(self, name: str) -> "History":
        """Where the address leads: the browser's own buttons go to a neighbour, and that is a step
        along the history; anything else is a new choice."""
        if self.behind and name == self.behind[-1]:
            return self.back()
        if self.ahead and name == self.ahead[0]:
            return self.forward()
        return self.visit(name)

    def back(self) -> "History":
        """One step back, as far as there is one."""
        if not self.behind:
            return self
        return History(self.behind[:-1], self.behind[-1], (*self._own, *self.ahead)[:LONGEST])

    def forward(self) -> "History":
        """One step forward, as far as there is one."""
        if not self.ahead:
            return self
        return History((*self.behind, *self._own)[-LONGEST:], self.ahead[0], self.ahead[1:])

    def back_among(self, names: Container[str]) -> "History":
        """Back to the nearest of these categories, as far as there is one."""
        there = self.back()
        while there.behind and there.here not in names:
            there = there.back()
        return there if there.here in names else self

    def forward_among(self, names: Container[str]) -> "History":
        """Forward to the nearest of these categories, as far as there is one."""
        there = self.forward()
        while there.ahead and there.here not in names:
            there = there.forward()
        return there if there.here in names else self

    def among(self, names: Container[str]) -> "History":
        """The same history without the categories that a network lacks."""
        return History(
            tuple(name for name in self.behind if name in names),
            self.here,
            tuple(name for name in self.ahead if name in names),
        )

    def recent(self, count: int) -> list[str]:
        """Other categories in the history, those visited last first, each once."""
        others = dict.fromkeys((*reversed(self.behind), *self.ahead))
        return [name for name in others if name != self.here][:count]

    @property
    def _own(self) -> tuple[str, ...]:
        """The category that is open, if one is."""
        return () if self.here is None else (self.here,)
