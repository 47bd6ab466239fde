"""Scores of a planted network: what they are by plain numpy, what they find, and from Python."""

import numpy as np
import pandas as pd
import pytest

from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.ood.learned import scores_of
from precompute.ood.score_logits import score_logits
from precompute.ood.scores import CONTROLS, DEPENDENCY, PER_SD
from precompute.ood.usual import Usual
from precompute.ood.virtual_logit import VirtualLogit, last_layer
from tests.support.scores_by_hand import scores_by_hand, vim_by_hand

MODEL = "planted-a"


def learned(atlas: Atlas, choice: str = "readable"):
    dependencies = atlas.read(schema.DEPENDENCIES, MODEL, filters=[("choice", "=", choice)])
    return scores_of(dependencies, split(atlas, "fit"), False, 0)


def split(atlas: Atlas, name: str) -> np.ndarray:
    return atlas.logits(MODEL, name)[2].astype(float)


@pytest.mark.parametrize("choice", schema.CHOICES)
def test_scores_are_what_plain_numpy_says(atlas, choice):
    logits = split(atlas, "holdout")[:20]
    found = learned(atlas, choice)(logits)
    for name, expected in scores_by_hand(atlas, MODEL, logits, choice).items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-9, err_msg=name)


def test_the_controls_have_other_sources_and_as_many(atlas):
    scores = learned(atlas)
    own = scores.equations.weights.toarray()
    for other in (scores.permuted.weights.toarray(), scores.random.weights.toarray()):
        np.testing.assert_array_equal((other != 0).sum(axis=1), (own != 0).sum(axis=1))
        assert ((other != 0) & (own != 0)).sum() < 0.5 * (own != 0).sum()
        assert not other.diagonal().any()
    np.testing.assert_allclose(
        np.sort(scores.permuted.weights.data), np.sort(scores.equations.weights.data)
    )


def test_random_equations_are_least_squares_on_the_fit_images(atlas):
    fit, weights = split(atlas, "fit"), learned(atlas).random.weights.toarray()
    for target in (0, 7, 30):
        sources = np.flatnonzero(weights[target])
        expected, *_ = np.linalg.lstsq(fit[:, sources], fit[:, target], rcond=None)
        np.testing.assert_allclose(weights[target, sources], expected, rtol=1e-6)


def test_another_seed_draws_other_controls(atlas):
    dependencies = atlas.read(schema.DEPENDENCIES, MODEL, filters=[("choice", "=", "readable")])
    fit = split(atlas, "fit")
    one, two, again = (scores_of(dependencies, fit, False, seed)(fit[:9]) for seed in (0, 1, 0))
    for name in one:
        assert (one[name] == again[name]).all()
        assert (one[name] == two[name]).all() == (name not in CONTROLS or name == PER_SD), name


def test_a_category_without_an_equation_is_predicted_by_nothing(atlas):
    dependencies = atlas.read(schema.DEPENDENCIES, MODEL, filters=[("choice", "=", "readable")])
    fit = split(atlas, "fit")
    scores = scores_of(dependencies[dependencies["target"] != 3], fit, False, 0)
    np.testing.assert_array_equal(scores.equations.residuals(fit)[:, 3], fit[:, 3])
    assert all(np.isfinite(values).all() for values in scores(fit).values())


def test_vim_is_that_of_its_authors_and_the_last_layer_is_told_from_its_images():
    rng = np.random.default_rng(0)
    features, others = rng.normal(size=(200, 6)) ** 2, rng.normal(size=(30, 6))
    head, bias = rng.normal(size=(11, 6)), rng.normal(size=11)
    logits = features @ head.T + bias
    np.testing.assert_allclose(last_layer(features, logits), head, atol=1e-9)
    vim = VirtualLogit.of(features, logits, head)
    energy = np.log(np.exp(others @ head.T + bias).sum(axis=1))
    np.testing.assert_allclose(
        vim(others, energy), vim_by_hand(features, logits, head, bias, others)
    )


def test_a_layer_that_is_not_linear_or_has_too_few_images_is_not_told():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(200, 6))
    assert last_layer(features, np.tanh(features @ rng.normal(size=(6, 11)))) is None
    assert last_layer(features[:7], rng.normal(size=(7, 11))) is None


def test_from_python_one_row_per_image(atlas):
    logits = split(atlas, "holdout")
    strange = np.r_[logits[:3], np.random.default_rng(0).normal(size=(2, 40))]
    table = score_logits(strange, atlas.root, MODEL)
    expected = learned(atlas)(strange)
    for name, values in expected.items():
        np.testing.assert_allclose(table[name], values, rtol=1e-12)
    known = learned(atlas)(logits)[DEPENDENCY]
    below = [(known < score).mean() + (known == score).mean() / 2 for score in table[DEPENDENCY]]
    np.testing.assert_allclose(table["percentile"], below)
    assert (table["percentile"].to_numpy()[3:] < 0.01).all()


def test_from_python_the_equations_that_break_most_are_named(atlas):
    logits, equations = split(atlas, "holdout")[:5], learned(atlas).equations
    table = score_logits(logits, atlas, MODEL)
    names = atlas.read(schema.CATEGORIES, MODEL)["name"]
    scale = np.sqrt(np.mean(equations.residuals(split(atlas, "fit")) ** 2, axis=0))
    off = equations.residuals(logits) / scale
    furthest = np.abs(off).argmax(axis=1)
    assert table["broken_1"].tolist() == names[furthest].tolist()
    np.testing.assert_allclose(table["off_1"], off[np.arange(5), furthest])
    assert (table["off_1"].abs() >= table["off_2"].abs()).all()
    assert (table["off_2"].abs() >= table["off_3"].abs()).all()


def test_the_scale_of_a_break_is_what_the_tables_of_the_atlas_say(atlas):
    evaluation = atlas.read(schema.EVALUATION, MODEL, filters=[("readable", "=", True)])
    error = evaluation.set_index("target")["fit_error_refit"].reindex(range(40)).to_numpy()
    usual = Usual.of(
        atlas.read(schema.DEPENDENCIES, MODEL, filters=[("choice", "=", "readable")]), error,
        atlas.read(schema.CATEGORIES, MODEL)["power"].to_numpy(), split(atlas, "holdout"),
    )  # fmt: skip
    logits = split(atlas, "holdout")[:6]
    table = score_logits(logits, atlas, MODEL)
    largest = np.abs(usual.breaks(logits)).max(axis=1)
    np.testing.assert_allclose(table["off_1"].abs(), largest, rtol=1e-4)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"logits": np.zeros((2, 39))}, r"are \(2, 39\), but planted-a has 40 categories"),
        ({"logits": np.zeros(40)}, "a row per image"),
        ({"logits": np.full((2, 40), "x")}, "give real numbers"),
        ({"logits": np.r_[np.ones((2, 40)), np.full((1, 40), np.nan)]}, "Row 2 of the logits"),
        ({"model": "planted"}, "Did you mean 'planted-"),
        ({"choice": "fewest"}, "there are few, readable, best"),
    ],
)
def test_from_python_what_does_not_fit_is_refused(atlas, change, reason):
    given = {"logits": np.ones((1, 40)), "atlas": atlas, "model": MODEL} | change
    with pytest.raises(UserError, match=reason):
        score_logits(**given)


def test_no_images_make_no_rows(atlas):
    assert isinstance(score_logits(np.ones((0, 40)), atlas, MODEL), pd.DataFrame)
