"""Estimates with 95 % bootstrap intervals: rank correlations, and means over independent cases.

A bootstrap sample is kept as how often it holds each case, so that ranks within the sample follow from
cumulated counts and nothing is sorted a thousand times.
"""

from dataclasses import dataclass

import numpy as np

from precompute.resamples import LEVEL, N_DRAWS, draws

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
    """Spearman's rank correlation of pairs (n,), ties by midranks, with its percentile interval over
    resampled pairs. Pairs in which either is NaN do not count; three are the least."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = np.asarray(x, float)[known], np.asarray(y, float)[known]
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return nothing(len(x))
    once = np.ones((1, len(x)))
    (value,) = weighted_spearman(x, y, once)
    drawn = draws(len(x))
    groups = drawn.groups()
    resamples = [
        weighted_spearman(x, y, drawn.counts[start : start + _AT_ONCE, groups])
        for start in range(0, N_DRAWS, _AT_ONCE)
    ]
    return Estimate(float(value), *_ends(np.concatenate(resamples)), len(x))


def mean(values: np.ndarray) -> Estimate:
    """Mean of independent cases (n,) with its percentile interval; NaN cases do not count."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 2:
        return nothing(len(values))
    # Random groups of very many cases need not be of one size.
    drawn = draws(len(values))
    resamples = drawn.sums(values) / drawn.sums(np.ones(len(values)))
    return Estimate(float(values.mean()), *_ends(resamples), len(values))


def weighted_spearman(x: np.ndarray, y: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Spearman's correlation (B,) of B samples, each of which holds pair k `counts[b, k]` times."""
    total = counts.sum(axis=1, keepdims=True)
    a, b = _midranks(x, counts), _midranks(y, counts)
    # The mean of midranks is always (N + 1) / 2.
    a, b = a - (total + 1) / 2, b - (total + 1) / 2
    both = np.einsum("bk,bk,bk->b", counts, a, b)
    power = np.einsum("bk,bk,bk->b", counts, a, a) * np.einsum("bk,bk,bk->b", counts, b, b)
    return np.divide(both, np.sqrt(power), out=np.full(len(counts), np.nan), where=power > 0)


def _midranks(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Rank of every case within each sample (B, n), the mean rank where values are equal."""
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(values[order]) != 0])
    weight = np.add.reduceat(counts[:, order], starts, axis=1)
    rank = np.cumsum(weight, axis=1) - (weight - 1) / 2
    group = np.empty(len(values), dtype=int)
    group[order] = np.repeat(np.arange(len(starts)), np.diff(np.r_[starts, len(values)]))
    return rank[:, group]


def _ends(resamples: np.ndarray) -> tuple[float, float]:
    low, high = np.nanquantile(resamples, LEVEL)
    return float(low), float(high)
