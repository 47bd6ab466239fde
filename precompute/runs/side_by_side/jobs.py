"""Jobs with what they need of each other, done as soon as that is there by as many processes as there are
threads to use."""

from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import connection
from typing import Any

import numba
from threadpoolctl import threadpool_limits

from precompute.atlas.progress import Report
from precompute.runs.side_by_side.worker import Work, Worker


@dataclass(frozen=True)
class Job:
    """One piece of work. `kind` is what its progress is counted under, none if it is not; `needs` are names
    of jobs before it in the list."""

    name: str
    work: Work
    kind: str = ""
    needs: frozenset[str] = frozenset()


def do_all(jobs: Sequence[Job], report: Report, n_processes: int | None = None) -> dict[str, Any]:
    """What every job returns, by its name. Of those that can begin, the first in the list does.

    `n_processes` are at most as many as there are jobs, and by default as many as numba may use threads.
    Raises what a job raises; the others end then, too, and leave whole files only.
    """
    n_processes = min(n_processes or numba.get_num_threads(), len(jobs))
    if n_processes > 1:
        return _in_processes(jobs, report, n_processes)
    with threadpool_limits(1, user_api="blas"):
        return _here(jobs, report)


def _here(jobs: Sequence[Job], report: Report) -> dict[str, Any]:
    counts, results = _Counts(jobs, report), dict[str, Any]()
    for job in jobs:
        results[job.name] = job.work(report)
        counts.done(job)
    return results


def _in_processes(jobs: Sequence[Job], report: Report, n: int) -> dict[str, Any]:
    counts, waiting, results = _Counts(jobs, report), list(jobs), dict[str, Any]()
    workers: list[Worker] = []
    busy: dict[Any, tuple[Worker, Job]] = {}  # by their ends
    try:
        for _ in range(n):
            workers.append(Worker())
        idle = list(workers)
        while waiting or busy:
            while idle and (job := _ready(waiting, results)):
                waiting.remove(job)
                worker = idle.pop(0)
                worker.start(job.work)
                busy[worker.ends] = worker, job
            for ends in connection.wait(list(busy)):
                worker, job = busy[ends]
                done, result = worker.receive(report)
                if done:
                    results[job.name] = result
                    counts.done(job)
                    del busy[ends]
                    idle.append(worker)
    finally:
        for worker in workers:
            worker.stop()
    return results


def _ready(waiting: list[Job], results: dict[str, Any]) -> Job | None:
    return next((job for job in waiting if job.needs <= results.keys()), None)


class _Counts:
    """How many jobs of each kind are done."""

    def __init__(self, jobs: Sequence[Job], report: Report):
        self._report = report
        kinds = [job.kind for job in jobs if job.kind]
        self._totals = {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
        self._done = dict.fromkeys(self._totals, 0)
        for kind in reversed(self._totals):  # the first is what is seen at first
            report.progress(kind, 0, self._totals[kind])

    def done(self, job: Job) -> None:
        if job.kind:
            self._done[job.kind] += 1
            self._report.progress(job.kind, self._done[job.kind], self._totals[job.kind])
