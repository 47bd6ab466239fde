"""Ridge regression and eigenvalues by way of products between images, against those of categories."""

import numpy as np
import pytest

from precompute.equations.batches import Batch
from precompute.equations.fit import FitOptions, Problem
from precompute.equations.floor import spectrum, spectrum_of_sample
from precompute.equations.folds import moments_of
from precompute.equations.many import image_products as module
from precompute.equations.many.image_products import ImageProducts, about_point, between
from precompute.equations.yardsticks import dense

N_IMAGES, N_SOURCES, N_TARGETS = 60, 25, 18


@pytest.fixture(scope="module")
def network():
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(100, 6))
    sources = hidden @ rng.normal(size=(6, N_SOURCES)) + 0.3 * rng.normal(size=(100, N_SOURCES)) + 1
    targets = hidden @ rng.normal(size=(6, N_TARGETS)) + 0.3 * rng.normal(size=(100, N_TARGETS)) - 2
    return sources.astype(np.float32), targets.astype(np.float32)


def streams(sources, targets):
    def batches(split):
        rows = slice(0, N_IMAGES) if split == "fit" else slice(N_IMAGES, None)
        for start in range(0, len(sources[rows]), 16):
            part = sources[rows][start : start + 16]
            other = part if targets is sources else targets[rows][start : start + 16]
            yield Batch(other, part, np.zeros(len(part), np.int32))

    return batches


def cases(sources, targets):
    """Within a network, where none may use itself; between two, where some may not use one source."""
    own = np.where(np.arange(N_TARGETS) % 3, -1, np.arange(N_TARGETS))
    yield streams(sources, sources), Problem(np.arange(N_SOURCES), FitOptions())
    yield streams(sources, sources), Problem(np.arange(N_SOURCES), FitOptions(center=True))
    yield streams(sources, targets), Problem(own, FitOptions(), constant=True)


@pytest.mark.parametrize("case", range(3))
def test_ridge_errors_are_those_of_the_regression_on_categories(network, case):
    batches, problem = list(cases(*network))[case]
    images = moments_of(batches("fit"), N_IMAGES)
    fit = problem.judged(images)
    held = problem.held_out(moments_of(batches("holdout"), 40), fit)
    sample = ImageProducts(batches("fit"), N_IMAGES, fit, seed=0)
    targets, penalty = np.arange(len(problem.exclude)), 0.01
    power = float(np.diagonal(fit.moment).mean())
    others = about_point(batches("holdout"), np.ones(40, dtype=bool), fit)
    found = sample.ridge_errors(
        np.arange(N_IMAGES), others, between(others[0], sample.sources),
        (targets, problem.exclude, penalty * power),
    )  # fmt: skip
    wanted = dense._power(dense.ridge(fit, problem.exclude, targets, penalty), targets, held)
    # Logits about a point are kept in float32.
    np.testing.assert_allclose(found, wanted, rtol=1e-4)
    free = dense._power(
        dense.ridge(fit, np.full_like(problem.exclude, -1), targets, penalty), targets, held
    )
    assert not np.allclose(found, free, rtol=1e-2), "the control: the excluded source matters"


def test_the_chosen_penalty_is_one_of_the_tried_and_the_figures_are_close_to_those_of_all_folds(
    network,
):
    batches, problem = next(cases(*network))
    fit = problem.judged(moments_of(batches("fit"), N_IMAGES))
    sample = ImageProducts(batches("fit"), N_IMAGES, fit, seed=0)
    error, r2 = dense.dense_map_of_many(sample, lambda: batches("holdout"), 40, problem, fit)
    held = problem.held_out(moments_of(batches("holdout"), 40), fit)
    each = np.array([
        np.concatenate(list(dense._residual_power(fit, held, problem.exclude, p))) / held.scale
        for p in dense.PENALTIES
    ])  # fmt: skip
    nearest = np.abs(each - error).max(axis=1)
    assert nearest.min() < 1e-4 and np.isfinite(r2).all()


def test_eigenvalues_are_those_of_the_second_moment(network):
    batches, problem = next(cases(*network))
    fit = problem.judged(moments_of(batches("fit"), N_IMAGES))
    sample = ImageProducts(batches("fit"), N_IMAGES, fit, seed=0)
    found, wanted = spectrum_of_sample(sample, fit.power), spectrum(fit.moment, N_IMAGES, fit.power)
    np.testing.assert_allclose(found.values, wanted.values, rtol=1e-5, atol=1e-7 * wanted.values[0])
    assert (found.rank, found.n_images) == (wanted.rank, N_IMAGES)
    assert np.isnan(found.floor(fit.power)).all()


def test_of_more_images_a_sample_is_taken(network, monkeypatch):
    monkeypatch.setattr(module, "MOST_IMAGES", 20)
    batches, problem = next(cases(*network))
    fit = problem.judged(moments_of(batches("fit"), N_IMAGES))
    first, other = (ImageProducts(batches("fit"), N_IMAGES, fit, seed) for seed in (0, 1))
    assert len(first) == len(other) == 20 and not np.array_equal(first.sources, other.sources)
    found = spectrum_of_sample(first, fit.power)
    assert found.n_images == 20 and (found.values[20:] < 1e-6).all()
