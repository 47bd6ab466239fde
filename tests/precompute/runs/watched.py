"""Runs as tests watch them: what they say, and what a signal in their midst leaves behind."""

from collections.abc import Callable

from precompute.atlas.progress import Silent


class Heard(Silent):
    """A report that keeps what it was told."""

    def __init__(self):
        self.lines: list[str] = []

    def say(self, text: str) -> None:
        self.lines.append(text)


class Killed(Exception):
    """Stands for the signal that ends a run."""


def in_fifties(whole: Callable) -> Callable:
    """`batches` or `features` of a source, fifty rows at a time; rows and on_bad come last."""

    def some(*of_whom):
        *who, rows, on_bad = of_whom
        for start in range(rows.start, rows.stop, 50):
            yield from whole(*who, range(start, min(start + 50, rows.stop)), on_bad)

    return some


def killed_once(whole: Callable, at: int) -> tuple[Callable, list[int]]:
    """The same of a source that is killed at row `at`, the first time; and where each call began."""
    begun: list[int] = []
    fatal = {at}

    def dies(rows, on_bad):
        if rows.start in fatal:
            fatal.remove(rows.start)
            raise Killed
        yield from whole(rows, on_bad)

    def counted(rows, on_bad):
        begun.append(rows.start)
        yield from in_fifties(dies)(rows, on_bad)

    return counted, begun
