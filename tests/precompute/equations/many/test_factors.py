"""A network with a linear last layer is solved by its features, with the same answers as by its logits."""

import numpy as np
import pandas as pd
import pytest

from precompute.atlas.head import Head
from precompute.atlas.progress import Silent
from precompute.equations import folds
from precompute.equations.batches import Batch, FeatureBatch
from precompute.equations.fit import FitOptions
from precompute.equations.floor import spectrum, spectrum_of_factor
from precompute.equations.many.factors import Factors
from precompute.equations.many.one_matrix import OneMatrix
from precompute.equations.network_pair import NetworkPair
from precompute.equations.yardsticks import control
from precompute.equations.yardsticks.learning import learning_table

N, D, COUNTS = 60, 12, {"fit": 203, "holdout": 70}
PAIRS = {"few": 1, "readable": 2, "best": 1}


def head_of(seed: int) -> Head:
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=(N, D)) * np.geomspace(1, 0.05, D)
    return Head(weights.astype(np.float32), rng.normal(size=N).astype(np.float32))


def batches_of(head: Head, by_features: bool, size: int = 32):
    """Images of both splits, by their features or by the float64 logits that the head makes of them."""
    rng = np.random.default_rng(1)
    features = {
        split: rng.exponential(size=(count, D)).astype(np.float16)
        for split, count in COUNTS.items()
    }

    def batches(split: str):
        for start in range(0, COUNTS[split], size):
            some = features[split][start : start + size]
            labels = np.arange(start, start + len(some), dtype=np.int32) % N
            logits = head.logits(some)
            yield FeatureBatch(some, head, labels) if by_features else Batch(logits, logits, labels)

    return batches


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """Sixty categories count as very many."""
    monkeypatch.setattr(folds, "MANY", D + 1)


def pair_of(seed: int, *, by_features: bool, center: bool = False) -> NetworkPair:
    options = FitOptions(max_parents=6, center=center)
    batches = batches_of(head_of(seed), by_features)
    return NetworkPair(batches, np.arange(N), options, Silent(), "m")


def tables(pair: NetworkPair) -> dict[str, pd.DataFrame]:
    """Every table that is computed from the images' moments, but the spectrum."""
    found = {"path": pair.path_table()}
    found["evaluation"], found["control"] = pair.evaluation_tables()
    found["dependencies"] = pair.dependency_table(found["evaluation"], PAIRS)
    found["learning"] = learning_table(pair.batches, pair.problem, pair.fit_moments, COUNTS, 0)
    return found


@pytest.mark.parametrize("center", [False, True])
def test_all_tables_agree_with_those_of_logits(center, monkeypatch):
    monkeypatch.setattr(control, "many", lambda n: False)  # its products would be float32
    by_logits = pair_of(0, by_features=False, center=center)
    by_features = pair_of(0, by_features=True, center=center)
    assert isinstance(by_logits.fit_moments, OneMatrix)
    assert isinstance(by_features.fit_moments, Factors)
    expected, found = tables(by_logits), tables(by_features)
    for name, table in expected.items():
        pd.testing.assert_frame_equal(found[name], table, rtol=1e-9, atol=1e-9, obj=name)
    other = tables(pair_of(1, by_features=True, center=center))
    for name, table in expected.items():
        with pytest.raises(AssertionError):
            pd.testing.assert_frame_equal(other[name], table, rtol=1e-9, atol=1e-9, obj=name)


@pytest.mark.parametrize("point", ["zero", "own mean", "another's mean"])
def test_moments_are_those_of_the_logits(point):
    by_features = Factors.of(batches_of(head_of(0), True)("fit"))
    by_logits = OneMatrix.of(batches_of(head_of(0), False)("fit"), COUNTS["fit"])
    other = OneMatrix.of(batches_of(head_of(0), False)("holdout"), COUNTS["holdout"])
    told = {
        "zero": {}, "own mean": {"on_mean": True},
        "another's mean": {"like": other.centred(on_mean=True)},
    }[point]  # fmt: skip
    found, expected = (moments.centred(**told) for moments in (by_features, by_logits))
    for name, value in vars(expected).items():
        np.testing.assert_allclose(getattr(found, name), value, rtol=1e-9, atol=1e-12, err_msg=name)
    np.testing.assert_allclose(by_features.mean_square(), by_logits.mean_square(), rtol=1e-12)
    np.testing.assert_allclose(by_features.target_sum, by_logits.target_sum, rtol=1e-12)


def test_a_constant_logit_has_nothing_left_about_its_mean():
    """By the logits' own sums rounding is left, and a path of nothing but rounding."""
    head = head_of(0)
    head.weights[7] = 0
    moments = Factors.of(batches_of(head, True)("fit"))
    about_mean, about_zero = moments.centred(on_mean=True), Factors(moments.sums, head).centred()
    assert about_mean.power[7] == about_mean.variance[7] == 0
    assert not about_mean.moment[7].any()
    assert about_zero.power[7] == pytest.approx(float(head.bias[7]) ** 2)


@pytest.mark.parametrize("by_features", [True, False])
def test_leaving_folds_out_leaves_the_matrix_of_all_images_as_it_is(by_features):
    pair = pair_of(0, by_features=by_features, center=True)
    before = pair.seen.moment.copy()
    sizes = []
    for train in pair.folds.each_without():
        sizes.append(train.n_images)
        assert np.abs(pair.problem.seen(train).moment - before).max() > 1e-3
    left_out = np.bincount(pair.dealt)[: folds.TRIED_OF_MANY]
    assert sizes == (COUNTS["fit"] - left_out).tolist() and len(sizes) == 3
    np.testing.assert_allclose(pair.seen.moment, before, atol=1e-12)


@pytest.mark.parametrize("center", [False, True])
def test_the_spectrum_is_that_of_the_matrix(center):
    pair = pair_of(0, by_features=True, center=center)
    raw = pair.fit.power + pair.fit.target_mean**2
    expected = spectrum(pair.fit.moment, 10 * N, raw)  # as if images were more than categories
    found = pair.spectrum
    np.testing.assert_allclose(found.values, expected.values, atol=1e-9 * expected.values[0])
    assert found.rank == D + (not center) == (expected.values > 1e-9).sum()
    np.testing.assert_allclose(found.floor(pair.fit.power), 0, atol=1e-9)


def test_a_direction_of_one_category_alone_has_no_floor_of_zero():
    """Every other category can do without the last feature, which nobody but the first one reads."""
    head = head_of(0)
    head.weights[:, -1] = 0
    head.weights[0] = np.eye(D)[-1]
    moments = Factors.of(batches_of(head, True)("fit"))
    fit = moments.centred(on_mean=True)
    floor = spectrum_of_factor(moments, fit).floor(fit.power)
    features = np.concatenate(
        [batch.features for batch in batches_of(head, True)("fit")], dtype=float
    )
    design = np.c_[features[:, :-1], np.ones(len(features))]
    left = features[:, -1] - design @ np.linalg.lstsq(design, features[:, -1])[0]
    assert floor[0] == pytest.approx(left.var() / features[:, -1].var(), rel=1e-9)
    np.testing.assert_array_equal(floor[1:], 0)


def test_with_hardly_any_images_the_floor_says_nothing():
    few = FeatureBatch(np.eye(D, dtype=np.float16), head_of(0), np.zeros(D, np.int32))
    moments = Factors.of(iter([few]))
    fit = moments.centred()
    assert np.isnan(spectrum_of_factor(moments, fit).floor(fit.power)).all()
