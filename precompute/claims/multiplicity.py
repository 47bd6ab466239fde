"""Many tests at once: every interval is widened so that, with 95 % confidence, none of them misses.

Bonferroni: of m tests each gets the error 0.05 / m. A bootstrap of a thousand draws does not show such far
percentiles, so each half of the 95% interval is stretched as the half of a normal one would be, by
z(1 - 0.05 / 2m) / z(0.975); the interval keeps its asymmetry.
"""

from statistics import NormalDist

ERROR = 0.05  # of all tests together


def stretch(n_tests: int) -> float:
    """How many times as long each half of a 95% interval has to be for `n_tests` tests; 1 for one."""
    z = NormalDist().inv_cdf
    return z(1 - ERROR / (2 * max(n_tests, 1))) / z(1 - ERROR / 2)


def stretched(value: float, low: float, high: float, n_tests: int) -> tuple[float, float]:
    """The 95% interval low..high of `value`, widened for `n_tests` tests; one that does not hold the value
    reaches to it first."""
    factor = stretch(n_tests)
    low, high = min(low, value), max(high, value)
    return value - factor * (value - low), value + factor * (high - value)
