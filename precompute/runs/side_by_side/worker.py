"""A process of one thread that does one piece of work after another, told to it over a pipe.

At a thousand categories a network is a chain of thousands of short steps: threads inside a step wait for
each other longer than they compute, processes side by side do not. multiprocessing would run the program
that called us once more in each of them, be it a script without a guard or a page of the dashboard.
"""

import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from precompute.atlas.progress import Report, Silent

Work = Callable[[Report], Any]  # can be pickled, as its result can

# Read by numpy's BLAS and by numba when they are imported, which is before anything else happens.
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)
SAID, DONE, FAILED = "said", "done", "failed"
_PATIENCE = 10.0  # seconds that a process has to take its half-written files away


class Worker:
    """One such process. `ends` can be waited for: it has something to `receive`."""

    def __init__(self):
        self.ends, theirs = Pipe()
        path = os.pathsep.join(filter(None, sys.path))
        with theirs:
            # In a session of its own: Ctrl-C is for the parent, who tells everybody.
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno())],
                env=os.environ | ONE_THREAD | {"PYTHONPATH": path},
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def start(self, work: Work) -> None:
        """Hand over the next piece of work."""
        self.ends.send(work)

    def receive(self, report: Report) -> tuple[bool, Any]:
        """Whether the work is done, and its result; what the process says goes to `report`.

        Raises what the work raised, and RuntimeError where the process is gone.
        """
        try:
            kind, content = self.ends.recv()
        except (EOFError, ConnectionError):
            code = self._process.wait()
            raise RuntimeError(
                f"A process that computed a part ended with code {code}, as where memory runs out. "
                "The same command goes on where this one stopped; NUMBA_NUM_THREADS=1 keeps it to one."
            ) from None
        if kind == FAILED:
            raise content
        if kind == SAID:
            report.say(content)
        return kind == DONE, content

    def stop(self) -> None:
        """End the process, whatever it is at."""
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self.ends.close()


class _Told(Silent):
    """A report whose lines go to the parent. Its bars do not: they would be those of several processes."""

    def __init__(self, parent: Connection):
        self._parent = parent

    def say(self, text: str) -> None:
        self._parent.send((SAID, text))


def _serve(parent: Connection) -> None:
    """Do what comes until the parent is gone."""
    # An exception, so that what is half-written goes away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    report, told = _Told(parent), SimpleQueue[Work]()
    threading.Thread(target=_listen, args=(parent, told), daemon=True).start()
    with suppress(ConnectionError):
        while True:
            work = told.get()
            try:
                parent.send((DONE, work(report)))
            except Exception as error:
                parent.send((FAILED, _whole(error)))


def _listen(parent: Connection, told: SimpleQueue[Work]) -> None:
    """Pass on what comes. Where the parent was killed nobody else ends a process that is at work."""
    with suppress(EOFError, ConnectionError):
        while True:
            told.put(parent.recv())
    os.kill(os.getpid(), signal.SIGTERM)


def _whole(error: Exception) -> Exception:
    """The error with the place where it happened as its note; its text alone, if it cannot travel."""
    error.add_note(f"In a process beside this one:\n{traceback.format_exc()}")
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError("".join(traceback.format_exception(error)))
    return error


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
