"""The forces that keep the dots of a layout apart, compiled by numba.

Every pair, without a tree of cells: at a thousand dots that is a million cheap terms, shared out among
the cores.
"""

import numpy as np
from numba import njit, prange


@njit(cache=True, parallel=True, fastmath=True)
def repulsion(at, mass):
    """sum_j m_i m_j (x_i - x_j) / |x_i - x_j|^2 of every point (n, 2)."""
    force = np.empty_like(at)
    for i in prange(len(at)):
        x = y = np.float32(0.0)
        for j in range(len(at)):
            dx, dy = at[i, 0] - at[j, 0], at[i, 1] - at[j, 1]
            # The bound keeps two dots on one spot, and a dot and itself, from dividing by zero.
            pull = mass[j] / max(dx * dx + dy * dy, np.float32(1e-4))
            x += pull * dx
            y += pull * dy
        force[i, 0], force[i, 1] = mass[i] * x, mass[i] * y
    return force
