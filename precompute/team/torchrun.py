"""A team of processes that torchrun has started, on one machine or on several.

Sums travel between CPUs (gloo), also where images go through GPUs: they are float64, and few.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from precompute.errors import UserError
from precompute.team.current import Team, current, working_in

if TYPE_CHECKING:
    from torch.distributed import Store

# A process that is done with its images waits for the others, which may have had more left to do.
PATIENCE = timedelta(hours=6)
_TO_MEET = timedelta(minutes=10)  # machines that come up
_BEAT = 1.0  # seconds
_LEFT = "left"
_AT_ONCE = 2**23  # float64 numbers of a sum: it needs as much again
_KEPT = "What was finished is kept: give the same command again, and it goes on from there."


def n_processes() -> int:
    """How many processes torchrun has started; 1 without it."""
    told = os.environ.get("WORLD_SIZE", "1")
    if not told.isdecimal():
        raise UserError(f"WORLD_SIZE={told} is no number of processes. Start it with torchrun.")
    return int(told)


@contextmanager
def joined() -> Iterator[Team]:
    """The team of this process, for as long as the block takes.

    What ends the work is said by one process: the others leave with code 2 and no word.
    """
    if n_processes() < 2:
        yield current()
        return
    _keep_to_own_cores()
    team = Torchrun()
    try:
        with working_in(team), team.told_to_stop():
            yield team
            team.wait()
    except UserError as error:
        if not team.says(str(error)):
            sys.exit(2)
        raise
    finally:
        team.leave()


class Torchrun(Team):
    """Processes that torchrun has started; see `Team`.

    Raises UserError where they do not find each other, and where one of them is lost.
    """

    def __init__(self) -> None:
        import torch.distributed as dist  # heavy: one process does without it

        self._dist, self._leaving = dist, threading.Event()
        self._store: Store
        try:
            self._store, self.rank, self.size = next(dist.rendezvous("env://", timeout=_TO_MEET))
            dist.init_process_group(
                "gloo", store=self._store, rank=self.rank, world_size=self.size, timeout=PATIENCE
            )
        except (RuntimeError, ValueError) as error:
            raise UserError(
                f"The processes of this run do not find each other: {_line(error)}. Start them with "
                "torchrun; on several machines, GLOO_SOCKET_IFNAME names the network that joins them."
            ) from error
        self._heart = threading.Thread(target=self._beat, daemon=True)
        self._heart.start()

    def sum(self, *arrays: np.ndarray) -> None:
        """See `Team`."""
        import torch

        with self._together():
            for array in arrays:
                assert array.flags.c_contiguous, "a copy would be added up in its place"
                flat = torch.from_numpy(array.reshape(-1))
                for start in range(0, len(flat), _AT_ONCE):
                    self._dist.all_reduce(flat[start : start + _AT_ONCE])

    def gather(self, thing: Any) -> list[Any]:
        """See `Team`."""
        found: list[Any] = [None] * self.size
        with self._together():
            self._dist.all_gather_object(found, thing)
        return found

    def device(self, asked: str) -> str:
        """See `Team`: each process of a machine takes a GPU of its own, where there are any."""
        import torch

        if asked not in ("auto", "cuda") or not torch.cuda.is_available():
            return asked
        mine = int(os.environ.get("LOCAL_RANK", "0")) % torch.cuda.device_count()
        torch.cuda.set_device(mine)  # what others call "cuda", then
        return f"cuda:{mine}"

    def says(self, text: str) -> bool:
        """Whether this process is the first to say why the work ends."""
        mine = f"{self.rank} {text}"
        try:
            return self._store.compare_set("why", "", mine).decode() == mine
        except RuntimeError:  # nobody is left to ask
            return True

    def leave(self) -> None:
        """The work is over."""
        self._leaving.set()
        self._heart.join(_BEAT)
        with suppress(RuntimeError):
            self._store.set(f"heard {self.rank}", _LEFT)
        self._dist.destroy_process_group()

    @contextmanager
    def told_to_stop(self) -> Iterator[None]:
        """Torchrun ends what is left of a team that has lost a process: say so."""

        def stop(_signal, _frame) -> None:
            raise UserError(self._lost("it was told to stop"))

        before = signal.signal(signal.SIGTERM, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGTERM, before)

    @contextmanager
    def _together(self) -> Iterator[None]:
        try:
            yield
        except RuntimeError as error:
            raise UserError(self._lost(_line(error))) from error

    def _beat(self) -> None:
        """Let the others hear of this process, time and again."""
        with suppress(RuntimeError):  # nobody is left to hear it
            while not self._leaving.is_set():
                now = f"last heard of on {socket.gethostname()} at {time.strftime('%H:%M:%S')}"
                self._store.set(f"heard {self.rank}", now)
                self._leaving.wait(_BEAT)

    def _heard(self) -> list[str]:
        """Where and when every process was last heard of."""
        keys = [f"heard {rank}" for rank in range(self.size)]
        return [
            self._store.get(key).decode() if self._store.check([key]) else "never heard of"
            for key in keys
        ]

    def _lost(self, why: str) -> str:
        """What to say when work cannot go on, and who has left without a word."""
        signal.signal(
            signal.SIGTERM, signal.SIG_IGN
        )  # torchrun ends the rest: not before this is said
        try:
            before = self._heard()
            time.sleep(3 * _BEAT)
            heard = list(zip(before, self._heard(), strict=True))
        except RuntimeError:  # who kept what was heard is lost, too
            heard = []
        silent = [
            f"process {rank} of {self.size} ({now})"
            for rank, (then, now) in enumerate(heard)
            if now == then != _LEFT
        ]
        lost = " and ".join(silent) or "another process"
        return f"The run has lost {lost}, or was ended: {why}. {_KEPT}"


def _keep_to_own_cores() -> None:
    """Processes of one machine share out its cores: else each would start a thread for every one."""
    local, count = (int(os.environ.get(name, "0")) for name in ("LOCAL_RANK", "LOCAL_WORLD_SIZE"))
    if not hasattr(os, "sched_getaffinity"):  # macOS
        return
    cores = sorted(os.sched_getaffinity(0))
    if 1 < count <= len(cores):
        os.sched_setaffinity(
            0, cores[local * len(cores) // count : (local + 1) * len(cores) // count]
        )


def _line(error: Exception) -> str:
    """What happened, without the file of C++ before it and the advice behind it."""
    return str(error).strip().split("\n")[0].split("] ", 1)[-1].split(". ")[0].rstrip(".")
