"""Where CovLasso is solved: on the CPU by the compiled solver, on a GPU by torch's."""

import ctypes
import sys

from precompute.errors import UserError

# The GPU's solver on the CPU: slower there than the compiled one, but it can be tested without a GPU.
TORCH_CPU = "torch:cpu"
# From so many sources on a GPU pays. Of fewer its rounds, hundreds of small steps each, take longer than
# the paths on one core: at 1,000 an H100 takes 0.28 s and a core 0.1 s.
GPU_PAYS = 4000


def picked(device: str, n_sources: int) -> str:
    """ "auto" is "cuda" for many sources where torch has a GPU, else "cpu"; any other device is itself.

    Raises UserError for a device without a solver, and for one that this machine lacks.
    """
    if not isinstance(device, str):
        raise UserError(f"device must be a name like 'cpu' or 'cuda', got {device!r}.")
    if device == "auto":
        pays = n_sources >= GPU_PAYS and _has_driver() and _why_not("cuda") is None
        return "cuda" if pays else "cpu"
    if device in ("cpu", TORCH_CPU):
        return device
    reason = _why_not(device) if device.startswith("cuda") else "CovLasso has no solver for it"
    if reason is not None:
        raise UserError(
            f"Device {device!r} is not usable here ({reason}). Use 'cpu', 'cuda', 'cuda:1' (another GPU), "
            "or 'auto' (a GPU if there is one and it pays)."
        )
    return device


def _why_not(device: str) -> str | None:
    """Why torch cannot use a device here; None if it can."""
    import torch  # heavy: nobody who solves on the CPU has to load it

    try:
        torch.empty(0, device=device)
    # torch answers with another exception for each kind of device that it lacks.
    except Exception as error:
        return str(error).splitlines()[0]
    return None


def _has_driver() -> bool:
    """Whether a GPU could be here, asked without torch where nobody has loaded it yet."""
    if "torch" in sys.modules:
        return True
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    return True
