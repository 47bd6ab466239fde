"""Pieces of work for other processes, which import this and little else."""

import os
import signal
from pathlib import Path

from precompute.atlas.files import replacing


def write(file: Path, needed: Path | None, report) -> int:
    """Write a file if the one that is needed is there; who did it."""
    assert needed is None or needed.exists()
    file.write_text("here")
    report.say(f"wrote {file.name}")
    return os.getpid()


def fail(error: Exception, report) -> None:
    raise error


def vanish(report) -> None:
    os._exit(3)


def begin_and_wait(file: Path, report) -> None:
    """A job that is cut short while its file is half-written."""
    with replacing(file) as temporary:
        temporary.write_text("half")
        report.say("begun")
        signal.pause()
