"""How the solver is compiled, and the two products of a matrix that it spends its time in (numba).

numba's cache of a compiled function watches the file of that function and the values that it closes
over, and nothing else. So the functions here, which are called and not inlined, share a file with the
options they are compiled with; and whoever inlines from several files closes over their `digest`.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit

from precompute.covlasso import thresholds

# Fused multiply-adds, but no reordered sums; x / 0 is inf; other threads may run meanwhile.
OPTIONS: dict[str, Any] = {
    "cache": True,
    "nogil": True,
    "fastmath": {"contract"},
    "error_model": "numpy",
}
# What vectorised loops take in one go: two of the widest registers.
LANES = 16

_files = {thresholds.__file__}  # its numbers are compiled in


def kernel(function: Callable) -> Any:
    """Compile a function that is called."""
    _files.add(function.__code__.co_filename)
    return njit(**OPTIONS)(function)


def inlined(function: Callable) -> Any:
    """Compile a function into each of its callers.

    A call counts a reference to every array it is given, which here takes as long as the work itself.
    """
    _files.add(function.__code__.co_filename)
    return njit(inline="always", **OPTIONS)(function)


def digest() -> str:
    """SHA-256 of all files that hold a function or a number of the solver and are imported by now."""
    state = sha256()
    for file in sorted(map(Path, _files), key=lambda file: file.name):
        state.update(file.read_bytes())
    return state.hexdigest()


@kernel
def padded(k):
    """k rounded up to LANES: the scalar remainders of vectorised loops are slow."""
    return (k + LANES - 1) // LANES * LANES


@kernel
def add_product(matrix, k, factor, x, out):
    """out += factor * matrix @ x over the leading k x k block, symmetric, row by row.

    Columns up to `padded(k)` are summed too; whoever reads `out` stops at k.
    """
    width = padded(k)
    for i in range(k):
        weight = factor * x[i]
        if weight != 0.0:
            for j in range(width):
                out[j] += weight * matrix[i, j]


@kernel
def combine_rows(moment, rows, weights, k, out):
    """out = sum_i weights[i] * moment[rows[i]] over i < k.

    Four rows at a time, so that `out` is read and written once for four multiplications, not for each:
    the loop is bound by memory. BLAS would want the k rows copied together first.
    """
    n, last = len(moment), k - 1
    for j in range(n):
        out[j] = 0.0
    for i in range(0, k, 4):
        # Beyond the last row: that row again, with weight zero.
        r0, r1, r2, r3 = (
            rows[i],
            rows[min(i + 1, last)],
            rows[min(i + 2, last)],
            rows[min(i + 3, last)],
        )
        w0 = weights[i]
        w1 = weights[i + 1] if i + 1 < k else 0.0
        w2 = weights[i + 2] if i + 2 < k else 0.0
        w3 = weights[i + 3] if i + 3 < k else 0.0
        for j in range(n):
            out[j] += (
                w0 * moment[r0, j] + w1 * moment[r1, j] + w2 * moment[r2, j] + w3 * moment[r3, j]
            )
