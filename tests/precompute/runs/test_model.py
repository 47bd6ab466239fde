"""A run is staged: it resumes, does nothing twice, and recomputes just what an option changes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from precompute.atlas import parts as parts_of_logits
from precompute.atlas import schema
from precompute.atlas.files import file_digest
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.runs.logits import merged_images
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource
from precompute.sources.protocol import split_at_random
from tests.precompute.runs.watched import Heard, Killed, in_fifties, killed_once
from tests.support.planting import plant, save

OPTIONS = FitOptions(max_parents=4)
# What follows the paths, and all stages; survival follows paths of its own.
FOLLOWS = {"evaluation", "dependencies", "learning", "categories", "redundancy", "model"}
ALL = {"logits", "path", "survival"} | FOLLOWS


@pytest.fixture
def source(tmp_path, planted, names):
    files = save(tmp_path / "input", planted, names)
    return ArraySource("m", files["logits"], from_names(names), truth=files["truth"])


def run(root, source, options=OPTIONS):
    report = Heard()
    ModelRun(Atlas(root), source, options, report).run()
    done = {line.split()[1] for line in report.lines if line.startswith("m:") and " s, " in line}
    return done, report.lines


def tables(root):
    """Digest of every table; model.parquet holds its stages' seconds and is compared without them."""
    atlas = Atlas(root)
    digests = {
        str(file.relative_to(root)): file_digest(file)
        for file in root.rglob("*.parquet")
        if file.name != schema.MODEL.file
    }
    model = atlas.read(schema.MODEL, "m").drop(columns="seconds")
    return digests | {"model": model.to_json()}


def test_a_second_run_does_nothing_and_says_why(tmp_path, source):
    first, _ = run(tmp_path / "atlas", source)
    before = tables(tmp_path / "atlas")
    second, lines = run(tmp_path / "atlas", source)
    assert first == ALL
    assert second == set()
    assert "m: path is up to date" in lines
    assert tables(tmp_path / "atlas") == before


@pytest.mark.parametrize(
    ("change", "redone"),
    [
        ({"max_parents": 3}, {"path"} | FOLLOWS),
        ({"center": True}, {"path", "survival"} | FOLLOWS),
        ({"seed": 5}, {"survival"} | FOLLOWS),
    ],
)
def test_a_changed_option_recomputes_just_what_depends_on_it(tmp_path, source, change, redone):
    run(tmp_path / "atlas", source)
    done, lines = run(tmp_path / "atlas", source, replace(OPTIONS, **change))
    assert done == redone
    assert any(f"changed: {next(iter(change))}" in line for line in lines)


@pytest.mark.parametrize(
    "stage",
    [
        schema.LOGITS,
        schema.PATH,
        schema.EVALUATION,
        schema.CONTROL,
        schema.DEPENDENCIES,
        schema.SURVIVAL,
        schema.CATEGORIES,
    ],
)
def test_a_lost_file_is_made_again_with_the_same_bytes(tmp_path, source, stage):
    run(tmp_path / "atlas", source)
    before = tables(tmp_path / "atlas")
    Atlas(tmp_path / "atlas").file(stage, "models/m").unlink()
    run(tmp_path / "atlas", source)
    assert tables(tmp_path / "atlas") == before


def test_a_run_killed_among_its_images_goes_on_there(tmp_path, source, monkeypatch):
    run(tmp_path / "whole", source)
    dies, begun = killed_once(source.batches, 300)
    monkeypatch.setattr(parts_of_logits, "MOST", 100)
    monkeypatch.setattr(source, "batches", dies)
    with pytest.raises(Killed):
        run(tmp_path / "atlas", source)
    assert not Atlas(tmp_path / "atlas").file(schema.LOGITS, "models/m").exists()
    run(tmp_path / "atlas", source)
    assert begun == [0, 300], "finished parts are not read again"
    assert tables(tmp_path / "atlas") == tables(tmp_path / "whole")
    assert not list((tmp_path / "atlas").rglob("*.parts")), "and leaves nothing behind"


def test_parts_of_another_run_are_not_joined(tmp_path, source, names, planted, monkeypatch):
    """A longer array breaks off; then a shorter one, and one of another width, take its place."""
    monkeypatch.setattr(parts_of_logits, "MOST", 100)
    broken = planted.logits.copy()
    broken[700] = np.nan
    files = save(tmp_path / "input", replace(planted, logits=broken), names)
    monkeypatch.setattr(ArraySource, "batches", in_fifties(ArraySource.batches))
    with pytest.raises(UserError, match="logit nan"):
        run(tmp_path / "atlas", ArraySource("m", files["logits"], from_names(names)))
    assert len(list((tmp_path / "atlas").rglob("*.parts/*.parquet"))) == 7
    for rows, n in ((500, len(names)), (300, len(names) - 5)):
        fewer = replace(planted, logits=planted.logits[:rows, :n], truth=planted.truth[:rows])
        files = save(tmp_path / f"input-{rows}", fewer, names[:n])
        run(tmp_path / "atlas", ArraySource("m", files["logits"], from_names(names[:n])))
        row = Atlas(tmp_path / "atlas").read(schema.MODEL, "m").iloc[0]
        assert (row["n_fit"] + row["n_holdout"], row["n_categories"]) == (rows, n)
        stored = np.concatenate([Atlas(tmp_path / "atlas").logits("m")[2]])
        np.testing.assert_array_equal(stored, fewer.logits.astype(np.float16))


def test_a_run_that_fails_leaves_a_finished_model_as_it_was(tmp_path, source, names, planted):
    run(tmp_path / "atlas", source)
    before = tables(tmp_path / "atlas")
    broken = planted.logits.copy()
    broken[5] = np.inf
    files = save(tmp_path / "input", replace(planted, logits=broken), names)
    other = ArraySource("m", files["logits"], from_names(names), holdout=0.5)
    with pytest.raises(UserError, match="logit inf"):
        run(tmp_path / "atlas", other)
    assert tables(tmp_path / "atlas") == before
    assert Atlas(tmp_path / "atlas").models() == ["m"]


def test_a_model_that_is_being_changed_counts_as_unfinished(tmp_path, source, monkeypatch):
    run(tmp_path / "atlas", source)

    def dies(*_):
        raise Killed

    monkeypatch.setattr(ModelRun, "_evaluation", dies)
    with pytest.raises(Killed):
        run(tmp_path / "atlas", source, replace(OPTIONS, max_parents=3))
    assert Atlas(tmp_path / "atlas").models() == []


def test_nothing_is_left_where_no_logit_could_be_had(tmp_path, names, planted):
    files = save(tmp_path / "input", replace(planted, logits=planted.logits * np.nan), names)
    with pytest.raises(UserError, match="logit nan"):
        run(tmp_path / "atlas", ArraySource("m", files["logits"], from_names(names)))
    assert not list((tmp_path / "atlas").rglob("*.parquet"))


@pytest.mark.parametrize("table", [schema.PATH, schema.EVALUATION, schema.CATEGORIES, schema.MODEL])
def test_a_run_killed_while_writing_leaves_whole_files_and_the_same_bytes(
    tmp_path, source, monkeypatch, table
):
    run(tmp_path / "whole", source)
    write = pq.write_table

    def dies(rows, file, *args, **kwargs):
        write(rows, file, *args, **kwargs)
        if table.file in str(file):
            raise Killed

    monkeypatch.setattr(pq, "write_table", dies)
    with pytest.raises(Killed):
        run(tmp_path / "atlas", source)
    monkeypatch.setattr(pq, "write_table", write)
    assert not Atlas(tmp_path / "atlas").file(table, "models/m").exists()
    assert not list((tmp_path / "atlas").rglob("*.tmp"))
    run(tmp_path / "atlas", source)
    assert tables(tmp_path / "atlas") == tables(tmp_path / "whole")


def test_the_split_follows_the_image_not_its_place():
    ids = [f"image {k}" for k in range(4000)]
    split = dict(zip(ids, split_at_random(ids, 0.25, seed=1), strict=True))
    fewer = ids[::-3]
    assert split_at_random(fewer, 0.25, seed=1) == [split[i] for i in fewer]
    share = sum(side == "holdout" for side in split.values()) / len(ids)
    # Binomial: 4 standard deviations of 4,000 draws are 0.027.
    assert abs(share - 0.25) < 0.027
    assert split_at_random(ids, 0.25, seed=2) != list(split.values())


def test_an_image_cannot_be_fitted_by_one_model_and_held_out_by_another(tmp_path, source, planted):
    run(tmp_path / "atlas", source)
    other = source.images.assign(
        split=source.images["split"].map({"fit": "holdout", "holdout": "fit"})
    )
    with pytest.raises(UserError, match="for another model"):
        merged_images(Atlas(tmp_path / "atlas"), other, "n")


def test_models_may_have_different_images_and_label_sets(tmp_path, source, names):
    run(tmp_path / "atlas", source)
    more = plant(seed=9)
    files = save(tmp_path / "other", more, [f"thing {k}" for k in range(40)])
    labels = from_names([f"thing {k}" for k in range(40)])
    ids = [f"row {k}" for k in range(400, 1200)]
    second = ArraySource("n", files["logits"], labels, image_ids=ids)
    ModelRun(Atlas(tmp_path / "atlas"), second, OPTIONS, Silent()).run()
    atlas = Atlas(tmp_path / "atlas")
    assert atlas.models() == ["m", "n"]
    assert len(atlas.read(schema.IMAGES)) == 1200
    assert atlas.read(schema.MODEL, "n")["top1_holdout"].isna().all()
    assert set(atlas.read(schema.EVALUATION, "n")["reference"]) == {"top1"}


def test_centred_dependencies_predict_with_their_intercept(tmp_path, planted, names):
    shifted = replace(planted, logits=planted.logits + 3)
    files = save(tmp_path / "input", shifted, names)
    source = ArraySource("m", files["logits"], from_names(names), truth=files["truth"])
    run(tmp_path / "centred", source, replace(OPTIONS, center=True))
    atlas = Atlas(tmp_path / "centred")
    table = atlas.read(schema.EVALUATION, "m")
    best = table[(table["target"] < len(planted.coefficients)) & table["best"]]
    assert (best["r2_refit"] > 0.95).all()
    mean = atlas.read(schema.CATEGORIES, "m")["mean"]
    fit = atlas.logits("m", "fit")[2].astype(float)
    # float32 column of a float64 mean.
    np.testing.assert_allclose(mean, fit.mean(axis=0), rtol=1e-6)


def test_a_gpu_solves_every_part_of_the_fit(tmp_path, source):
    """With its solver, run on the CPU: the tables are those of the compiled one, but for rounding."""
    roots = {device: tmp_path / device.replace(":", " ") for device in ("cpu", "torch:cpu")}
    for device, root in roots.items():
        run(root, source, replace(OPTIONS, device=device))
    for table in (schema.PATH, schema.EVALUATION, schema.DEPENDENCIES):
        ours, theirs = (Atlas(root).read(table, "m") for root in roots.values())
        pd.testing.assert_frame_equal(ours, theirs, rtol=1e-6, atol=1e-9)
    done, _ = run(roots["cpu"], source, replace(OPTIONS, device="torch:cpu"))
    assert done == set()
