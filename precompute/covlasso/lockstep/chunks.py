"""As many targets at once as the device has room for (torch)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch

from precompute.covlasso.lockstep.rounds import Problem, follow
from precompute.covlasso.lockstep.tape import Written
from precompute.covlasso.validation import Inputs
from precompute.errors import UserError

# Bytes that a round takes at most for each source of a target: six numbers of float64 side by side (c, its
# slope, where it is going, its side, its speed, its step), g, and masks.
PER_SOURCE = 72
# And numbers of float64 for each pair of slots of a support: the Gram matrix, its factors, and what makes
# them.
PER_PAIR = 8
# Of the memory that is free; the rest is the allocator's, for what does not fit where something was.
SHARE = 0.8
# What a CPU is given; it gains nothing from more.
CPU_BYTES = 2**30


def follow_paths(
    inputs: Inputs, targets: np.ndarray, max_parents: int, min_lambda_ratio: float, device: str
) -> list[Written]:
    """Paths of some targets, chunk after chunk, in float64.

    `device` is a name of torch's. Raises UserError where not even the second moment and one target fit.
    """
    try:
        moment = _tensor(inputs.moment, device)
    except torch.OutOfMemoryError:
        raise _too_large(inputs, device) from None

    def solve(chunk: np.ndarray) -> Written:
        places = _tensor(chunk, device)
        # Within a network the rows are there already.
        own = inputs.rows is inputs.moment
        rows = moment[places] if own else _tensor(inputs.rows[chunk], device)
        power, exclude = (
            _tensor(inputs.power[chunk], device),
            _tensor(inputs.exclude[chunk], device),
        )
        return follow(Problem(moment, rows, power, exclude, max_parents, min_lambda_ratio))

    try:
        with _one_thread():
            return in_chunks(solve, targets, _room(len(moment), max_parents, moment.device))
    except torch.OutOfMemoryError:
        raise _too_large(inputs, device) from None


def in_chunks(
    solve: Callable[[np.ndarray], Written], targets: np.ndarray, size: int
) -> list[Written]:
    """`solve` of all targets, at most `size` at a time, and half as many whenever the memory is too small
    for them. Raises torch.OutOfMemoryError where it is too small for one."""
    found: list[Written] = []
    start = 0
    while start < len(targets) or not found:
        chunk = targets[start : start + size]
        try:
            found.append(solve(chunk))
            start += size
        except torch.OutOfMemoryError:
            if size == 1:
                raise
            size = max(1, min(size, len(chunk)) // 2)
    return found


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread of the CPU: a round is hundreds of small steps, which others would mostly wait for."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def _room(n: int, max_parents: int, device: torch.device) -> int:
    """For how many targets there is room."""
    free = CPU_BYTES
    if device.type == "cuda":
        # What torch keeps for its next tensors would not count as free.
        torch.cuda.empty_cache()
        free = int(SHARE * torch.cuda.mem_get_info(device)[0])
    return max(1, free // (PER_SOURCE * n + 8 * PER_PAIR * max_parents**2))


def _tensor(array: np.ndarray, device: str) -> torch.Tensor:
    # torch will not share what numpy must not write, and says so in a warning.
    return torch.from_numpy(array if array.flags.writeable else array.copy()).to(device)


def _too_large(inputs: Inputs, device: str) -> UserError:
    n = len(inputs.moment)
    return UserError(
        f"The memory of device '{device}' is too small for the second moment of {n} sources "
        f"({inputs.moment.nbytes / 2**30:.1f} GiB) and one target beside it. Use device='cpu'."
    )
