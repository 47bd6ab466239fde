"""`run --weight-positives`: a model of its own, whose equations give a target's own images their share."""

from dataclasses import replace

import numpy as np
import pytest

from precompute.atlas import schema
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.covlasso import covlasso_path
from precompute.equations.fit import FitOptions
from precompute.equations.weighting import weighted_moment
from precompute.errors import UserError
from precompute.runs.consensus import compare_models
from precompute.runs.link import chosen_pairs
from precompute.runs.model import ModelRun
from precompute.runs.weighted import WeightedSource, checked_share, weighted_name
from precompute.sources.arrays import ArraySource
from tests.support.planting import save

OPTIONS = FitOptions(max_parents=4)
SHARE = 0.25
NAME = "m+positives-0.25"


@pytest.fixture(scope="module")
def source(tmp_path_factory, planted, names):
    files = save(tmp_path_factory.mktemp("input"), planted, names)
    return ArraySource("m", files["logits"], from_names(names), truth=files["truth"])


@pytest.fixture(scope="module")
def atlas(tmp_path_factory, source) -> Atlas:
    """The plain model and its weighted twin."""
    atlas = Atlas(tmp_path_factory.mktemp("weighted"))
    ModelRun(atlas, source, OPTIONS, Silent(), tried=8).run()
    run(atlas, WeightedSource(atlas, source, SHARE))
    return atlas


def run(atlas, source, share=SHARE):
    ModelRun(atlas, source, replace(OPTIONS, weight_positives=share), Silent(), tried=8).run()


def moment_of(atlas, target):
    """M_i from the stored logits, by their labels."""
    _, labels, logits = atlas.logits("m", "fit")
    fit = logits.astype(np.float32).astype(float)
    return weighted_moment(fit.T @ fit / len(fit), fit[labels == target], SHARE)


def test_it_has_every_table_and_says_its_share(atlas):
    assert atlas.models() == ["m", NAME]
    for table in schema.MODEL_TABLES:
        assert atlas.file(table, atlas.model_folder(NAME)).exists(), table.file
    assert atlas.read(schema.MODEL, NAME)["weight_positives"][0] == SHARE
    assert atlas.read(schema.MODEL, "m")["weight_positives"][0] == 0
    assert set(atlas.read(schema.SURVIVAL, NAME)["weighting"]) == {0.0, SHARE}


def test_every_path_is_that_of_its_own_moment(atlas):
    path = atlas.read(schema.PATH, NAME)
    plain = atlas.read(schema.PATH, "m")
    for target in (9, 20, 33):
        moment = moment_of(atlas, target)
        solved = covlasso_path(moment, [target], max_parents=4)
        rows = path[path["target"] == target]
        assert len(rows)
        np.testing.assert_allclose(rows["lambda"].iat[0], solved.knots(target)[0], rtol=1e-12)
        for lam, knot in rows[rows["knot"] > 0].groupby("lambda"):
            # Moments were summed fold by fold: the last knot may differ in its last digits.
            lam = max(lam, solved.knots(target)[-1])
            dense = np.zeros(len(moment))
            dense[knot["source"]] = knot["coefficient"]
            np.testing.assert_allclose(dense, solved.coefficients(target, lam), atol=1e-9)
            support = knot["source"][knot["coefficient"] != 0].to_numpy()
            refit = np.linalg.solve(moment[np.ix_(support, support)], moment[support, target])
            found = knot.set_index("source")["refit"][support]
            np.testing.assert_allclose(found, refit, rtol=1e-5)
        assert set(rows["lambda"]) != set(plain[plain["target"] == target]["lambda"]), "control"


def test_a_target_without_own_images_keeps_the_plain_equation(atlas):
    """No image shows the planted categories: truth is drawn from the others."""
    paths = {m: atlas.read(schema.PATH, m) for m in ("m", NAME)}
    for target in (0, 5):
        plain, weighted = (paths[m][paths[m]["target"] == target] for m in ("m", NAME))
        assert plain["coefficient"].tolist() == weighted["coefficient"].tolist()


def test_each_path_is_certified_against_its_own_moment(atlas):
    assert atlas.read(schema.DEPENDENCIES, NAME)["duality_gap"].max() < 1e-9


def test_its_own_images_are_predicted_better_and_the_others_worse(atlas):
    """That is what weight does; judged on all held-out images, as every model is."""
    _, labels, logits = atlas.logits("m", "fit")
    fit = logits.astype(float)
    errors = {}
    for model in ("m", NAME):
        rows = atlas.read(schema.DEPENDENCIES, model)
        rows = rows[rows["choice"] == "readable"]
        own = other = 0.0
        for target in range(8, 40):
            equation = rows[rows["target"] == target]
            said = fit[:, equation["source"]] @ equation["refit"].to_numpy(float)
            squared = (fit[:, target] - said) ** 2
            own += squared[labels == target].mean()
            other += squared[labels != target].mean()
        errors[model] = own, other
    assert errors[NAME][0] < 0.8 * errors["m"][0]
    assert errors[NAME][1] > errors["m"][1]


def test_the_logits_are_read_from_the_atlas_where_it_has_them(tmp_path, source, monkeypatch):
    atlas = Atlas(tmp_path)
    asked = []
    whole = source.batches

    def counted(rows, on_bad):
        asked.append(rows)
        return whole(rows, on_bad)

    monkeypatch.setattr(source, "batches", counted)
    run(atlas, WeightedSource(atlas, source, 0.5), 0.5)
    assert len(asked) == 1, "control: an empty atlas has none"
    ModelRun(atlas, source, OPTIONS, Silent(), tried=8).run()
    run(atlas, WeightedSource(atlas, source, SHARE))
    assert len(asked) == 2
    (_, labels, logits), (_, same_labels, same) = (atlas.logits(m) for m in ("m", NAME))
    np.testing.assert_array_equal(logits, same)
    np.testing.assert_array_equal(labels, same_labels)


def test_networks_are_compared_without_it(atlas):
    compare_models(atlas, Silent())
    consensus = atlas.read(schema.CONSENSUS)
    assert set(consensus["n_compared"]) == {1}
    assert {name for names in consensus["models"] for name in names} == {"m"}
    with pytest.raises(UserError, match="fewer than two models without --weight-pos"):
        chosen_pairs(atlas, None, None, every=True, both=False)
    assert chosen_pairs(atlas, "m", NAME, every=False, both=False) == [("m", NAME)]


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 2.0, float("nan")])
def test_a_share_that_leaves_no_mass_is_refused_with_a_way_out(share):
    with pytest.raises(UserError, match=f"{share:g} is no share between 0 and 1. Try 0.1"):
        checked_share(share)


def test_two_shares_never_have_one_name():
    assert weighted_name("m", SHARE) == NAME
    assert weighted_name("m", 0.9999999) == "m+positives-0.9999999"
    assert weighted_name("m", 0.1234567) != weighted_name("m", 0.1234568)
