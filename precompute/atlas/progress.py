"""How a long run talks: one protocol, and its face in the terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

DEFAULT_ATLAS = Path("atlas")


class Report(Protocol):
    """What a run tells while it works; `total` is in the stage's own unit (images, folds, models)."""

    def progress(self, stage: str, done: int, total: int) -> None: ...

    def say(self, text: str) -> None: ...


class Silent:
    """A report that nobody hears."""

    def progress(self, stage: str, done: int, total: int) -> None:
        pass

    def say(self, text: str) -> None:
        pass


class _Rate(ProgressColumn):
    def render(self, task: Task) -> str:
        speed = task.finished_speed or task.speed
        return f"{speed:.1f}/s" if speed else ""


class TerminalReport:
    """A rich progress bar with rate and time left, and lines above it."""

    def __init__(self, progress: Progress):
        self._bar = progress
        self._tasks: dict[str, TaskID] = {}

    def progress(self, stage: str, done: int, total: int) -> None:
        if stage not in self._tasks:
            for task in self._tasks.values():
                self._bar.update(task, visible=False)
            self._tasks[stage] = self._bar.add_task(stage, total=total)
        self._bar.update(self._tasks[stage], completed=done, total=total, visible=True)

    def say(self, text: str) -> None:
        self._bar.console.print(text, markup=False, emoji=False, highlight=False, soft_wrap=True)

    @classmethod
    @contextmanager
    def open(cls, console: Console) -> Iterator["TerminalReport"]:
        columns = (
            TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), _Rate(),
            TimeRemainingColumn(),
        )  # fmt: skip
        with Progress(*columns, console=console, transient=True) as progress:
            yield cls(progress)


def finished(atlas: Path) -> None:
    """Say what comes next, once the folder holds what was asked for."""
    argument = "" if atlas == DEFAULT_ATLAS else f" -- --atlas {atlas}"
    Console(stderr=True).print(
        f"Done. Look at it with: streamlit run app.py{argument}",
        markup=False, emoji=False, highlight=False, soft_wrap=True,
    )  # fmt: skip
