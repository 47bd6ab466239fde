"""Links between two networks: planted ones are found, shuffled ones are not, images are joined by name."""

import numpy as np
import pytest

from precompute.atlas import schema
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.runs.link import LinkRun, chosen_pairs
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource
from tests.precompute.runs.watched import Heard
from tests.support.planting import N_PLANTED, Planted, plant, save

OPTIONS = FitOptions(max_parents=5)


def add_model(root, name, planted: Planted, names, image_ids=None):
    files = save(root.parent / name, planted, names)
    labels = from_names(names)
    source = ArraySource(name, files["logits"], labels, truth=files["truth"], image_ids=image_ids)
    ModelRun(Atlas(root), source, OPTIONS, Silent()).run()


def two_networks(root, names, target_ids=None):
    """Source network of 40 categories, target network of 20 others whose first logits are planted
    combinations of the source's."""
    source, rng = plant(seed=3), np.random.default_rng(4)
    # Or each target would be the source network's own planted category, one parent instead of three.
    source.logits[:, :N_PLANTED] = rng.normal(size=(len(source.logits), N_PLANTED))
    logits = rng.normal(size=(len(source.logits), 20)).astype(np.float32)
    logits[:, :N_PLANTED] = source.logits @ source.coefficients.T
    target = Planted(logits, np.full(len(logits), 10), source.coefficients)
    add_model(root, "source", source, names)
    add_model(root, "target", target, [f"t{k}" for k in range(20)], target_ids)
    return Atlas(root), source


@pytest.fixture(scope="module")
def linked(tmp_path_factory, names):
    atlas, source = two_networks(tmp_path_factory.mktemp("linked") / "atlas", names)
    LinkRun(atlas, "target", "source", OPTIONS, Silent()).run()
    return atlas, source


def test_planted_links_are_recovered_between_label_sets_of_different_size(linked):
    atlas, source = linked
    links = atlas.read(schema.DEPENDENCIES, folder="links/target--source")
    links = links[links["choice"] == "few"]
    for target, wanted in enumerate(source.coefficients):
        mine = links[links["target"] == target].set_index("source")["refit"]
        for parent in np.flatnonzero(wanted):
            # Logits are stored as float16, so coefficients agree to about 1e-3.
            assert mine[parent] == pytest.approx(wanted[parent], abs=5e-3)


def test_a_links_intercept_is_that_of_least_squares_on_the_stored_logits(linked):
    atlas, _ = linked
    folder = "links/target--source"
    links = atlas.read(schema.DEPENDENCIES, folder=folder)
    sources, targets = (atlas.logits(m, "fit")[2].astype(float) for m in ("source", "target"))
    row = atlas.read(schema.LINK, folder=folder).iloc[0]
    np.testing.assert_allclose(row["target_mean"], targets.mean(axis=0), rtol=1e-9, atol=1e-9)
    for (_, target), rows in links.groupby(["choice", "target"]):
        design = np.column_stack([sources[:, rows["source"]], np.ones(len(sources))])
        wanted = np.linalg.lstsq(design, targets[:, target])[0]
        # float32 columns.
        assert rows["intercept_refit"].iloc[0] == pytest.approx(wanted[-1], abs=1e-5)
        np.testing.assert_allclose(rows["refit"], wanted[:-1], atol=1e-5)
        means = row["source_mean"][rows["source"]]
        shift = row["target_mean"][target] - rows["coefficient"] @ means
        assert rows["intercept"].iloc[0] == pytest.approx(shift, abs=1e-5)


def test_only_readable_links_are_tried_on_half_samples(linked):
    atlas, source = linked
    links = atlas.read(schema.DEPENDENCIES, folder="links/target--source").set_index("choice")
    assert (links.loc["readable", "n_half_samples"] == 20).all()
    assert links.loc[["few", "best"], "stability"].isna().all()
    readable = links.loc["readable"].set_index(["target", "source"])["stability"]
    for target, wanted in enumerate(source.coefficients):
        assert all(readable[target, parent] == 1 for parent in np.flatnonzero(wanted))


def test_links_hold_on_held_out_images_and_noise_does_not(linked):
    atlas, _ = linked
    table = atlas.read(schema.EVALUATION, folder="links/target--source")
    chosen = table[table["few"]].set_index("target")
    planted = chosen.loc[: N_PLANTED - 1]
    assert (planted["r2_refit"] > 0.99).all()
    assert (planted["control_r2"] < 0.1).all(), "shuffled rows explain nothing"
    assert (chosen.loc[N_PLANTED:, "r2_refit"] < 0.1).all(), "nor does what was never planted"


def test_the_own_category_is_left_out_unless_allowed(atlas):
    first, second = atlas.models()
    LinkRun(atlas, first, second, OPTIONS, Silent()).run()
    folder = f"links/{first}--{second}"
    links = atlas.read(schema.DEPENDENCIES, folder=folder)
    assert not (links["target"] == links["source"]).any()
    assert atlas.read(schema.LINK, folder=folder)["same_strongest"].isna().all()


def test_allowed_the_own_category_is_the_strongest_source_of_a_twin(tmp_path, planted, names):
    root = tmp_path / "atlas"
    noise = np.random.default_rng(5).normal(size=planted.logits.shape)
    twin = Planted(
        (planted.logits + 0.1 * noise).astype(np.float32), planted.truth, planted.coefficients
    )
    add_model(root, "one", planted, names)
    add_model(root, "two", twin, names)
    LinkRun(Atlas(root), "one", "two", OPTIONS, Silent(), allow_same=True).run()
    row = Atlas(root).read(schema.LINK, folder="links/one--two").iloc[0]
    assert row["n_same"] == 40
    assert row["same_strongest"] > 0.95


def test_images_are_joined_by_name_and_those_of_one_model_are_left_out_and_told(tmp_path, names):
    ids = [f"row {row}" for row in range(50, 850)]
    atlas, _ = two_networks(tmp_path / "atlas", names, ids)
    report = Heard()
    run = LinkRun(atlas, "target", "source", OPTIONS, report)
    run.run()
    row = atlas.read(schema.LINK, folder="links/target--source").iloc[0]
    assert row["n_fit"] + row["n_holdout"] == 750
    assert (row["n_only_target"], row["n_only_source"]) == (50, 50)
    assert "50 images are missing in source and left out" in report.lines
    of = dict(zip(*atlas.logits("source", "fit")[::2], strict=True))
    common = [of[i] for i in atlas.image_ids("target", "fit") if i in of]
    joined = np.concatenate([batch.sources for batch in run.pair.batches("fit")])
    assert (joined == np.array(common)).all()


def test_pairs_are_asked_for_clearly(atlas):
    models = atlas.models()
    assert chosen_pairs(atlas, None, None, every=True, both=False) == [
        (models[0], models[1]),
        (models[1], models[0]),
    ]
    assert len(chosen_pairs(atlas, *models, every=False, both=True)) == 2
    with pytest.raises(UserError, match="leave the model names away"):
        chosen_pairs(atlas, models[0], None, every=True, both=False)
