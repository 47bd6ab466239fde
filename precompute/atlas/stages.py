"""Staging: a stage runs when one of its files is missing or stale, says why, and is timed."""

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence

import pandas as pd

from precompute.atlas.files import file_digest, replacing, require_writable
from precompute.atlas.progress import Report
from precompute.atlas.schema import Table
from precompute.atlas.store import Atlas
from precompute.team.current import current


class Stages:
    """The stages of one folder of the atlas.

    Its `last` table says that all others are there and belong together: it goes before any of them
    changes (`write`), so that nobody reads a folder that is half old.

    All processes of a team do the work of a stage; what is stale says their leader, who alone writes.
    """

    def __init__(self, atlas: Atlas, folder: str, report: Report, last: Table | None = None):
        self.atlas, self.folder, self.report, self.last = atlas, folder, report, last

    def run(
        self, name: str, tables: Sequence[Table], made_from: dict, work: Callable[[dict], None]
    ) -> None:
        """Call `work(made_from)`, which writes `tables`, unless all of them were made from the same."""
        made_from = {"stage": name} | made_from
        reason = self._reason(tables, made_from) if current().leads else None
        reason = current().gather(reason)[0]
        label = self.folder.split("/", 1)[-1] or "atlas"
        if reason is None:
            self.report.say(f"{label}: {name} is up to date")
            return
        require_writable(self.atlas.root / self.folder)
        start = time.perf_counter()
        work(made_from)
        current().wait()
        seconds = time.perf_counter() - start
        if current().leads:
            self._remember(name, seconds)
        self.report.say(f"{label}: {name} ({reason}) {seconds:.1f} s, peak {_peak_mb():.0f} MB")

    def write(self, table: Table, data: pd.DataFrame, made_from: dict) -> None:
        """Write a table of the folder, which counts as unfinished until its last one follows."""
        if not current().leads:
            return
        if table is not self.last:
            self.unfinish()
        self.atlas.write(table, data, made_from, self.folder)

    def unfinish(self) -> None:
        """Take the last table away: the others are about to change."""
        if self.last is not None and current().leads:
            self.atlas.remove(self.last, self.folder)

    def digest(self, table: Table) -> str:
        """SHA-256 of one of the folder's files."""
        return file_digest(self.atlas.file(table, self.folder))

    def seconds(self) -> dict[str, float]:
        """Seconds that each stage took when it last ran.

        They live beside the tables, which stay byte-for-byte the same from run to run.
        """
        try:
            return dict(json.loads(self._log.read_text()))
        except (OSError, ValueError):  # never run, or cut short: only how long it took is lost
            return {}

    def _reason(self, tables: Sequence[Table], made_from: dict) -> str | None:
        """Why the stage is to be run; None where all of it is fresh."""
        reasons = [self.atlas.stale(table, made_from, self.folder) for table in tables]
        return next((reason for reason in reasons if reason), None)

    def _remember(self, name: str, seconds: float) -> None:
        with replacing(self._log) as temporary:
            temporary.write_text(json.dumps(self.seconds() | {name: round(seconds, 3)}))

    @property
    def _log(self):
        return self.atlas.root / self.folder / "seconds.json"


def _peak_mb() -> float:
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
