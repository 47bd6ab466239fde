"""The buffer that paths are written into, knot after knot, target after target (numba)."""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import kernel, maker


class KnotBuffer(NamedTuple):
    """Knots in falling lambda, and for each the end of its range in sources and coefs."""

    n_knots: np.ndarray  # one number
    lambdas: np.ndarray
    ends: np.ndarray
    sources: np.ndarray
    coefs: np.ndarray


@maker
def empty_buffer(n_knots, n_entries):
    """Room for so many knots and entries."""
    return KnotBuffer(
        np.zeros(1, np.int64),
        np.empty(n_knots),
        np.empty(n_knots, np.int64),
        np.empty(n_entries, np.int32),
        np.empty(n_entries),
    )


@kernel
def record(buffer, first, lam, support, names, joining):
    """Write the solution at lam as a knot; return False if there is no room.

    `first` is where the target's knots begin: there everything is zero, and `joining` is noted. A knot
    at the same lambda is replaced, but for the first. `names` are the sources of the support's slots.
    """
    k, m = support.size[0], buffer.n_knots[0]
    if m == first and joining < 0:
        return True
    if m > first and lam >= buffer.lambdas[m - 1]:
        if m == first + 1:
            return True
        m -= 1
    end = buffer.ends[m - 1] if m > 0 else 0
    if m >= len(buffer.lambdas) or end + k + 1 > len(buffer.sources):
        return False
    if m == first:
        buffer.sources[end] = joining
        buffer.coefs[end] = 0.0
        end += 1
    else:
        for i in range(k):
            # A source that joined at this lambda is still zero, and so is a wrong sign within rounding.
            if support.beta[i] * support.signs[i] > 0.0:
                buffer.sources[end] = names[support.members[i]]
                buffer.coefs[end] = support.beta[i]
                end += 1
    buffer.lambdas[m] = lam
    buffer.ends[m] = end
    buffer.n_knots[0] = m + 1
    return True
