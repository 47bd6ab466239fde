"""How much memory a link takes, so that no machine is asked for more than it has."""

import os

import numba

from precompute.equations.folds import N_FOLDS
from precompute.errors import UserError

# Sums of as many sets of images exist at once: the folds, all of them, all but one, and two about a point.
SETS = N_FOLDS + 4


def link_bytes(n_targets: int, n_sources: int) -> int:
    """Memory in bytes of a link's second moments: sources with sources, and sources with targets."""
    return SETS * 8 * n_sources * (n_sources + n_targets)


def memory_bytes() -> int:
    """Memory of this machine in bytes."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def processes_for(needed: int) -> int:
    """How many processes that need so many bytes each may work side by side: at least one, and no more than
    numba may use threads."""
    return max(1, min(numba.get_num_threads(), memory_bytes() // max(needed, 1)))


def require_room(n_targets: int, n_sources: int, name: str) -> None:
    """Raises UserError where this machine has less memory than a link takes."""
    needed, there = link_bytes(n_targets, n_sources), memory_bytes()
    if needed > there:
        raise UserError(
            f"{name}: a link of {n_targets:,} categories to {n_sources:,} takes about "
            f"{needed / 1e9:.0f} GB of memory, and this machine has {there / 1e9:.0f} GB. "
            "Run it on a larger one."
        )
