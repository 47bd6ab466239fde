"""How the solver is compiled, and the two products of a matrix that it spends its time in (numba).

numba's cache of a compiled function watches the file of that function and the values that it closes
over, and nothing else. So only the loop over targets is cached, with everything that it calls compiled
into it, and it closes over the `digest` of all their files.
"""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from numba import njit

from precompute.covlasso import thresholds

# Fused multiply-adds, but no reordered sums; x / 0 is inf; other threads may run meanwhile.
OPTIONS: dict[str, Any] = {"nogil": True, "fastmath": {"contract"}, "error_model": "numpy"}
# Without the wrappers by which Python would call it: they take longer to compile than most bodies.
CALLED: dict[str, Any] = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
NO_COUNTS: dict[str, Any] = CALLED | {"_nrt": False}
# Sums and minima in any order, so that they vectorise: for those that no order changes, of numbers.
ANY_ORDER: dict[str, Any] = NO_COUNTS | {"fastmath": {"contract", "reassoc", "nnan", "nsz"}}
# What vectorised loops take in one go: two of the widest registers.
LANES = 16

_files = {thresholds.__file__}  # its numbers are compiled in


def entry(function: Callable) -> Any:
    """Compile a function that Python calls, and keep it in numba's cache."""
    _files.add(function.__code__.co_filename)
    return njit(cache=True, **OPTIONS)(function)


def kernel(function: Callable) -> Any:
    """Compile a function that compiled ones call, and that makes no arrays.

    Hence without numba's reference counts: passing some twenty arrays on takes longer than the work.
    """
    _files.add(function.__code__.co_filename)
    return njit(**NO_COUNTS)(function)


def reduction(function: Callable) -> Any:
    """Compile a kernel that counts, or finds the least of numbers."""
    _files.add(function.__code__.co_filename)
    return njit(**ANY_ORDER)(function)


def maker(function: Callable) -> Any:
    """Compile a function that compiled ones call to make arrays."""
    _files.add(function.__code__.co_filename)
    return njit(**CALLED)(function)


def inlined(function: Callable) -> Any:
    """Compile a function into its only caller.

    LLVM optimises the body of a called function again in every caller above it.
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
def add_product(matrix, k, factor, x, base, out):
    """out = base + factor * matrix @ x over the leading k x k block, symmetric, row by row.

    Four rows at a time, as in `combine_rows`. Columns up to `padded(k)` are summed too; whoever reads
    `out` stops at k.
    """
    width = padded(k)
    whole = k // 4 * 4
    if whole == 0:
        for j in range(width):
            out[j] = base[j]
    for i in range(0, whole, 4):
        w0, w1, w2, w3 = factor * x[i], factor * x[i + 1], factor * x[i + 2], factor * x[i + 3]
        if i == 0:
            for j in range(width):
                out[j] = base[j] + (
                    w0 * matrix[i, j]
                    + w1 * matrix[i + 1, j]
                    + w2 * matrix[i + 2, j]
                    + w3 * matrix[i + 3, j]
                )
        else:
            for j in range(width):
                out[j] += (
                    w0 * matrix[i, j]
                    + w1 * matrix[i + 1, j]
                    + w2 * matrix[i + 2, j]
                    + w3 * matrix[i + 3, j]
                )
    for i in range(whole, k):
        weight = factor * x[i]
        for j in range(width):
            out[j] += weight * matrix[i, j]


@kernel
def combine_rows(matrix, rows, weights, k, n, out):
    """out[:n] = sum_i weights[i] * matrix[rows[i], :n] over i < k; sets three more weights to zero.

    Four rows at a time, so that `out` is read and written once for four multiplications, not for each:
    the loop is bound by memory. BLAS would want the k rows copied together first.
    """
    last = k - 1
    weights[k] = weights[k + 1] = weights[k + 2] = 0.0
    if k == 0:
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
        w0, w1, w2, w3 = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        if i == 0:
            for j in range(n):
                out[j] = (
                    w0 * matrix[r0, j]
                    + w1 * matrix[r1, j]
                    + w2 * matrix[r2, j]
                    + w3 * matrix[r3, j]
                )
        else:
            for j in range(n):
                out[j] += (
                    w0 * matrix[r0, j]
                    + w1 * matrix[r1, j]
                    + w2 * matrix[r2, j]
                    + w3 * matrix[r3, j]
                )
