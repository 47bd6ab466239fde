"""Estimates with 95 % bootstrap intervals: rank correlations, and means over independent cases.

A bootstrap sample is kept as how often it holds each case, so that ranks within the sample follow from
cumulated counts and nothing is sorted a thousand times. Of very many cases no samples
are drawn: their spread is known in closed form.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from precompute.resamples import LEVEL, MOST, N_DRAWS, draws

_AT_ONCE = 100  # resamples whose ranks are in memory


@dataclass(frozen=True)
class Estimate:
    """A figure with the ends of its 95 % interval; `n` cases stand behind it. NaN where there are too few
    cases, or where all are alike."""

    value: float
    low: float
    high: float
    n: int

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.value))


def nothing(n: int) -> Estimate:
    """What `n` cases say where they say nothing."""
    return Estimate(np.nan, np.nan, np.nan, n)


def spearman(x: np.ndarray, y: np.ndarray) -> Estimate:
    """Spearman's rank correlation of pairs (n,), ties by midranks, with its interval over resampled pairs:
    percentiles, or of more than MOST pairs a normal one of the same spread (`influence`). Pairs in which
    either is NaN do not count; three are the least."""
    x, y = _known(x, y)
    value = correlation(x, y)
    if np.isnan(value):
        return nothing(len(x))
    if len(x) > MOST:
        found = _normal(value, influence(x, y))
        return replace(found, low=max(found.low, -1.0), high=min(found.high, 1.0))
    counts = draws(len(x)).counts
    resamples = [
        weighted_spearman(x, y, counts[start : start + _AT_ONCE])
        for start in range(0, N_DRAWS, _AT_ONCE)
    ]
    return Estimate(value, *_ends(np.concatenate(resamples)), len(x))


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """The value of `spearman` alone; NaN where it says nothing."""
    x, y = _known(x, y)
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan
    return float(weighted_spearman(x, y, np.ones((1, len(x))))[0])


def mean(values: np.ndarray) -> Estimate:
    """Mean of independent cases (n,) with its interval: percentiles, or of more than MOST cases a normal
    one. NaN cases do not count; two are the least."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return nothing(len(values))
    value = float(values.mean())
    if len(values) > MOST:
        return _normal(value, values - value)
    resamples = draws(len(values)).counts @ values / len(values)
    return Estimate(value, *_ends(resamples), len(values))


def weighted_spearman(x: np.ndarray, y: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Spearman's correlation (B,) of B samples, each of which holds pair k `counts[b, k]` times."""
    total = counts.sum(axis=1, keepdims=True)
    a, b = _midranks(x, counts), _midranks(y, counts)
    # The mean of midranks is always (N + 1) / 2.
    a, b = a - (total + 1) / 2, b - (total + 1) / 2
    both = np.einsum("bk,bk,bk->b", counts, a, b)
    power = np.einsum("bk,bk,bk->b", counts, a, a) * np.einsum("bk,bk,bk->b", counts, b, b)
    return np.divide(both, np.sqrt(power), out=np.full(len(counts), np.nan), where=power > 0)


def influence(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How fast Spearman's correlation of known pairs (n,) grows with the weight of each pair, as a share of
    all (n,). The mean of its squares over n is the variance of the correlation over resamples, but for
    terms that fall as 1 / n^2: the infinitesimal jackknife (Efron, "The jackknife, the bootstrap and other
    resampling plans", 1982, chapter 6), ties and all."""
    once = np.ones((1, len(x)))
    a, b = ((_midranks(values, once)[0] - (len(x) + 1) / 2) / len(x) for values in (x, y))
    ab, aa, bb = np.mean(a * b), np.mean(a * a), np.mean(b * b)
    # A pair that gains weight counts more itself, and lifts the ranks of all that lie above it.
    both = a * b + _mean_above(x, b) + _mean_above(y, a)
    one, other = (c * c + 2 * _mean_above(values, c) for values, c in ((x, a), (y, b)))
    return (both - ab / 2 * (one / aa + other / bb)) / np.sqrt(aa * bb)


def _normal(value: float, influences: np.ndarray) -> Estimate:
    """A figure with the interval that the influence of each of its cases (n,) gives it."""
    error = np.sqrt(np.mean(influences**2) / len(influences))
    low, high = value + error * ndtri(LEVEL)
    return Estimate(value, float(low), float(high), len(influences))


def _known(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pairs of which both are known, as floats."""
    known = np.isfinite(x) & np.isfinite(y)
    return np.asarray(x, float)[known], np.asarray(y, float)[known]


def _midranks(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Rank of every case within each sample (B, n), the mean rank where values are equal."""
    order, starts, group = _ties(values)
    weight = np.add.reduceat(counts[:, order], starts, axis=1)
    rank = np.cumsum(weight, axis=1) - (weight - 1) / 2
    return rank[:, group]


def _mean_above(values: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Sum of `of` (n,) over the cases with a larger value than each (n,), equal ones half, over n."""
    order, starts, group = _ties(values)
    level = np.add.reduceat(of[order], starts)
    return (level.sum() - np.cumsum(level) + level / 2)[group] / len(values)


def _ties(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ascending order (n,), where in it groups of equal values start, and the group of each case (n,)."""
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(values[order]) != 0])
    group = np.empty(len(values), dtype=int)
    group[order] = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(values)]))
    return order, starts, group


def _ends(resamples: np.ndarray) -> tuple[float, float]:
    low, high = np.nanquantile(resamples, LEVEL)
    return float(low), float(high)
