"""The float32 copy of M, which c of all sources is read from at the ends of stages (numba).

c = g - sum_r b_r M_rj over k terms, each rounded on being read, multiplied and added, is wrong by at most
(k + 5) 2^-24 (|g_j| + sum_r |b_r M_rj|), and so by Cauchy and Schwarz by at most eps sqrt(M_jj) with

    eps = (k + 5) 2^-24 (sqrt(E[target^2]) + sum_r |b_r| sqrt(M_rr)).
"""

from typing import NamedTuple

import numpy as np

from precompute.covlasso.compiled import combine_rows, inlined
from precompute.threads import in_threads

# Sources are looked over so many at a time: one word of flags.
WORD = 8
# Rows are of whole registers.
GLANCE = 32
# A thread copies so many numbers at a time.
AT_ONCE = 2**19
# Half a unit in the last place of float32, and roundings of a sum besides those of its terms.
HALF_UNIT, MORE_ROUNDINGS = 2.0**-24, 8
# Squares of scales further apart might leave the range of float32.
RANGE = 2.0**80


class Coarse(NamedTuple):
    """M in float32, brought to a largest power near 1: what takes long is reading it."""

    moment: np.ndarray  # (n, n rounded up to GLANCE) float32, scale * M
    deviation: np.ndarray  # (n rounded up) float32, sqrt(scale * M_jj) rounded up
    scale: float


# Of no sources: paths are followed on all.
NO_COPY = Coarse(np.zeros((0, 0), np.float32), np.zeros(0, np.float32), 1.0)


def coarse(moment: np.ndarray) -> Coarse | None:
    """The float32 copy of M, half its size; None where M leaves the range of float32."""
    n = len(moment)
    power = np.maximum(moment.diagonal(), 0.0)
    positive = power[power > 0.0]
    if not len(positive) or positive.max() > RANGE * positive.min():
        return None
    # A power of 4: its square root is exact too.
    scale = 4.0 ** -(np.frexp(positive.max())[1] // 2)
    width = -(-n // GLANCE) * GLANCE
    result = np.zeros((n, width), np.float32)
    deviation = np.zeros(width, np.float32)

    n_rows = max(1, AT_ONCE // width)

    def copy(start: int) -> None:
        rows = slice(start, start + n_rows)
        np.multiply(moment[rows], scale, out=result[rows, :n], casting="same_kind")

    in_threads(copy, range(0, n, n_rows))
    deviation[:n] = np.nextafter(np.sqrt(power * scale).astype(np.float32), np.float32(np.inf))
    deviation[:n][power == 0.0] = 0.0
    return Coarse(result, deviation, scale)


@inlined
def sweep(stage, coarse, excluded, n_left):
    """c of all sources at the end of the stage, in float32."""
    c_end = stage.c_end
    combine_rows(coarse.moment, stage.sources, stage.coarse_coefs, n_left, len(c_end), c_end)
    for j in range(len(c_end)):
        c_end[j] = stage.g[j] - c_end[j]
    if excluded >= 0:
        c_end[excluded] = 0.0
