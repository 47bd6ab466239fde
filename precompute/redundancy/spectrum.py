"""What the eigenvalues of the second moment say: how steeply they fall, and over how many directions the
logits spread.

Eigenvalues of M = F'F / N are squared singular values of F / sqrt(N): a power law with exponent a of the
singular values is one with 2a of the eigenvalues. All functions take eigenvalues (n,), largest first.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

FIRST = 2  # rank; the first direction is mostly the mean logit, which an uncentred moment contains
LAST = 0.5  # share of the numerical rank; beyond, few images and rounding bend the spectrum down
FEWEST = 8  # ranks that a line is put through


@dataclass(frozen=True)
class PowerLaw:
    """singular value = scale * rank^-exponent over the ranks `first` to `last`. `head` and `tail` are the
    exponents of the first and of the second half of them on the logarithmic axis: where they differ much,
    there is no one power law. `low` and `high` are the ends of a 95 % interval over images, or NaN."""

    exponent: float
    scale: float
    head: float
    tail: float
    first: int
    last: int
    low: float = np.nan
    high: float = np.nan

    @property
    def holds(self) -> bool:
        """Whether one exponent describes both halves: they differ by less than a third of it."""
        return abs(self.head - self.tail) < self.exponent / 3


def power_law(table: pd.DataFrame) -> PowerLaw | None:
    """The power law of spectrum.parquet, with the interval by its delete-one-part jackknife; None where
    fewer than FEWEST ranks are between FIRST and LAST."""
    values = table["eigenvalue"].to_numpy()
    last = int(LAST * numerical_rank(values, table["edge"].iat[0]))
    if last - FIRST + 1 < FEWEST:
        return None
    exponent, scale = fitted(values, FIRST, last)
    middle = round(np.sqrt(FIRST * last))
    low, high = _jackknife(_without(table), exponent, last)
    return PowerLaw(
        exponent, scale, fitted(values, FIRST, middle)[0], fitted(values, middle, last)[0],
        FIRST, last, low, high,
    )  # fmt: skip


def fitted(values: np.ndarray, first: int, last: int) -> tuple[float, float]:
    """Exponent and scale of the singular values over ranks `first` to `last` (from 1, both included): least
    squares of log singular value on log rank, each rank weighing 1 / rank, so that every octave of ranks
    counts alike and the many last ones do not decide alone."""
    rank = np.arange(first, last + 1)
    x, y = np.log(rank), np.log(values[first - 1 : last]) / 2
    weight = 1 / rank / (1 / rank).sum()
    x0, y0 = weight @ x, weight @ y
    slope = weight @ ((x - x0) * (y - y0)) / (weight @ (x - x0) ** 2)
    return float(-slope), float(np.exp(y0 - slope * x0))


def numerical_rank(values: np.ndarray, edge: float) -> int:
    """Eigenvalues above the largest that rounding alone can make."""
    return int((values > edge).sum())


def effective_rank(values: np.ndarray) -> float:
    """exp of the entropy of the eigenvalues as shares of their sum: n for n equal ones, 1 for a single one
    (Roy and Vetterli, EUSIPCO 2007, there of singular values). NaN where all are zero."""
    share = _shares(values)
    share = share[share > 0]
    return float(np.exp(-(share * np.log(share)).sum())) if len(share) else np.nan


def participation_ratio(values: np.ndarray) -> float:
    """(sum of eigenvalues)^2 / sum of their squares: as the effective rank, but large ones decide."""
    share = _shares(values)
    return float(1 / (share**2).sum()) if share.any() else np.nan


def _shares(values: np.ndarray) -> np.ndarray:
    positive = np.maximum(values, 0.0)  # rounding makes tiny negative ones
    return positive / (positive.sum() or 1.0)


def _without(table: pd.DataFrame) -> np.ndarray:
    """Spectra with one part of the images left out, (parts, n); none where there are none."""
    known = table["without"].dropna()
    return np.stack(known.to_numpy()).T if len(known) else np.empty((0, len(table)))


def _jackknife(spectra: np.ndarray, exponent: float, last: int) -> tuple[float, float]:
    """95 % interval of the exponent from spectra that each lack one of as many parts of the images."""
    parts = len(spectra)
    if parts < 2 or (spectra[:, :last] <= 0).any():
        return np.nan, np.nan
    each = np.array([fitted(values, FIRST, last)[0] for values in spectra])
    error = np.sqrt((parts - 1) / parts * ((each - each.mean()) ** 2).sum())
    reach = stdtrit(parts - 1, 0.975) * error
    return exponent - reach, exponent + reach
