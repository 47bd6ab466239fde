"""Exponent, effective rank and participation ratio, against closed forms and planted power laws."""

import numpy as np
import pandas as pd
import pytest

from precompute.equations.moments import Moments
from precompute.redundancy.spectrum import (
    FIRST,
    effective_rank,
    fitted,
    numerical_rank,
    participation_ratio,
    power_law,
)


def table(values, without=None, edge=0.0):
    n = len(values)
    parts = [None] * n if without is None else list(np.asarray(without).T)
    return pd.DataFrame({"eigenvalue": values, "without": parts, "edge": edge})


def planted(exponent, n=200, scale=3.0):
    """Eigenvalues whose roots are scale * rank^-exponent."""
    return (scale * np.arange(1, n + 1) ** -exponent) ** 2


@pytest.mark.parametrize("exponent", [0.5, 0.8, 2.0])
def test_a_planted_power_law_is_read_off_exactly(exponent):
    found = power_law(table(planted(exponent)))
    # Closed form, float64.
    assert found.exponent == pytest.approx(exponent, rel=1e-10)
    assert found.scale == pytest.approx(3.0, rel=1e-10)
    assert (found.head, found.tail) == pytest.approx((exponent, exponent), rel=1e-10)
    assert (found.first, found.last) == (FIRST, 100)
    assert found.holds


def test_the_line_is_weighted_least_squares():
    values = planted(0.7) * np.exp(np.random.default_rng(0).normal(scale=0.3, size=200))
    rank = np.arange(5, 61)
    slope, constant = np.polyfit(
        np.log(rank), np.log(values[4:60]) / 2, 1, w=np.sqrt(1 / rank)
    )  # polyfit squares its weights
    assert fitted(values, 5, 60) == pytest.approx((-slope, np.exp(constant)), rel=1e-9)


def test_two_slopes_are_no_one_power_law():
    values = planted(0.2)
    values[14:] = values[14] * (np.arange(15, 201) / 15) ** -2.4
    found = power_law(table(values))
    assert found.head < 0.3 and found.tail > 1.0 and not found.holds


def test_the_first_direction_and_rounding_stay_out_of_the_line():
    values = planted(0.6)
    values[0] *= 1000
    values[150:] = 1e-9
    found = power_law(table(values, edge=1e-8))
    assert found.exponent == pytest.approx(0.6, rel=1e-10)
    assert found.last == 75


def test_too_few_directions_have_no_exponent():
    assert power_law(table(planted(0.6, n=12))) is None


def test_the_interval_is_that_of_leaving_out_one_part():
    rng = np.random.default_rng(1)
    parts = []
    for _ in range(5):
        part = Moments(40)
        part.update(rng.normal(size=(200, 40)) * np.arange(1, 41) ** -0.9)
        parts.append(part)
    whole = sum(parts[1:], parts[0])

    def spectrum(moments):
        return np.linalg.eigvalsh(moments.gram / moments.n_images)[::-1]

    without = [spectrum(whole - part) for part in parts]
    found = power_law(table(spectrum(whole), without))
    each = [fitted(values, FIRST, 20)[0] for values in without]
    error = np.sqrt(4 / 5 * np.sum((np.array(each) - np.mean(each)) ** 2))
    # Student's t with 4 degrees of freedom at 97.5 %, from a table.
    assert found.high - found.low == pytest.approx(2 * 2.7764 * error, rel=1e-4)
    assert found.low < 0.9 < found.high
    alone = power_law(table(spectrum(whole)))
    assert np.isnan([alone.low, alone.high]).all(), "no parts, no interval"


def test_effective_rank_and_participation_ratio_in_closed_form():
    for n in (1, 5, 300):
        assert effective_rank(np.full(n, 2.5)) == pytest.approx(n)
        assert participation_ratio(np.full(n, 2.5)) == pytest.approx(n)
    one = np.r_[4.0, np.zeros(9)]
    assert effective_rank(one) == participation_ratio(one) == 1
    two = np.array([3.0, 1.0])
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert effective_rank(two) == pytest.approx(np.exp(entropy))
    assert participation_ratio(two) == pytest.approx(16 / 10)
    assert np.isnan([effective_rank(np.zeros(3)), participation_ratio(np.zeros(3))]).all()


def test_negative_rounding_does_not_count():
    assert effective_rank(np.array([1.0, 1.0, -1e-17])) == pytest.approx(2)
    assert numerical_rank(np.array([1.0, 1e-3, 1e-9, -1e-17]), edge=1e-6) == 2
