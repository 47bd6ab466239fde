"""A model that keeps features and its head in place of logits: the same atlas, from fewer numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from precompute.atlas import parts, schema
from precompute.atlas.files import file_digest
from precompute.atlas.labels import from_names
from precompute.atlas.store import Atlas
from precompute.equations import batches, folds
from precompute.equations.batches import Batch
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.runs.features.kept_in_place import store_features
from precompute.runs.features.made_later import fresh_features
from precompute.runs.model import ModelRun
from precompute.runs.weighted import WeightedSource
from precompute.sources.arrays import ArraySource, Rows
from precompute.sources.feature_arrays import FeatureArraySource
from tests.precompute.runs.watched import Heard, Killed, killed_once

OPTIONS = FitOptions(max_parents=4)
COUNT, N, D = 500, 40, 9
LABELS = from_names([f"c{k}" for k in range(N)])


@pytest.fixture
def many(monkeypatch):
    """Forty categories count as very many."""
    monkeypatch.setattr(folds, "MANY", N - 1)


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    np.save(tmp_path / "features.npy", rng.exponential(size=(COUNT, D)).astype(np.float16))
    np.savez(tmp_path / "head.npz", weights=rng.normal(size=(N, D)), bias=rng.normal(size=N))
    np.savez(tmp_path / "other.npz", weights=rng.normal(size=(N, D)), bias=rng.normal(size=N))
    np.save(tmp_path / "truth.npy", rng.integers(-1, N, COUNT))
    return tmp_path


def source_of(folder, head="head.npz"):
    rows = Rows(LABELS, truth=folder / "truth.npy")
    return FeatureArraySource("m", folder / "features.npy", folder / head, rows)


def run(root, source, features=None):
    report = Heard()
    ModelRun(Atlas(root), source, OPTIONS, report, tried=4, features=features).run()
    return Atlas(root), report.lines


def kept(atlas):
    """The files of the model that hold something an image or a category of the head."""
    tables = (schema.LOGITS, schema.FEATURES, schema.HEAD)
    return {table.file for table in tables if atlas.file(table, "models/m").exists()}


def tables(atlas):
    """What was computed from the images, by file, but the floor: by logits it is not known here."""
    computed = (
        schema.PATH, schema.EVALUATION, schema.CONTROL, schema.DEPENDENCIES, schema.LEARNING,
        schema.SURVIVAL, schema.CATEGORIES, schema.SUPPORT, schema.COMPLIANCE,
    )  # fmt: skip
    found = {table.file: atlas.read(table, "m") for table in computed}
    del found[schema.CATEGORIES.file]["floor"]
    return found


def differing(found, expected):
    """Files whose tables are not the same to 1e-9 (float32 columns: to a digit of theirs)."""
    wrong = []
    for file, table in expected.items():
        narrow = table.select_dtypes("float32").columns
        try:
            pd.testing.assert_frame_equal(
                found[file].drop(columns=narrow), table.drop(columns=narrow), rtol=1e-9, atol=1e-9
            )
            pd.testing.assert_frame_equal(found[file][narrow], table[narrow], rtol=2e-7, atol=1e-9)
        except AssertionError:
            wrong.append(file)
    return wrong


def by_logits(monkeypatch):
    """From here on equations are computed from the float64 logits of kept features, as if there were no
    features."""
    by_features = batches.own_batches

    def own_batches(atlas, model, split):
        for batch in by_features(atlas, model, split):
            yield Batch(batch.targets, batch.targets, batch.labels)

    monkeypatch.setattr(batches, "own_batches", own_batches)


def test_every_table_is_that_of_the_logits(many, folder, monkeypatch):
    atlas, lines = run(folder / "a", source_of(folder))
    assert f"m: keeps {D} features an image in place of {N} logits" in lines
    assert kept(atlas) == {"logits.parquet", "features.parquet", "head.parquet"}
    other, _ = run(folder / "other", source_of(folder, "other.npz"))
    by_logits(monkeypatch)
    expected, _ = run(folder / "b", source_of(folder))
    expected = tables(expected)
    assert differing(tables(atlas), expected) == []
    assert set(differing(tables(other), expected)) == set(expected), "the control: another head"


def test_logits_are_made_again_for_whoever_reads_them(many, folder):
    source = source_of(folder)
    atlas, _ = run(folder / "atlas", source)
    ids, labels, logits = atlas.logits("m", "holdout")
    place = [int(image.split()[1]) for image in ids]
    exact = source.head().logits(np.load(folder / "features.npy")[place])
    np.testing.assert_array_equal(logits, exact.astype(np.float32))
    np.testing.assert_array_equal(labels, np.load(folder / "truth.npy")[place])
    streamed = [part for _, _, part in atlas.iter_logits("m", "holdout", 7)]
    np.testing.assert_allclose(np.concatenate(streamed), logits, rtol=1e-6)
    assert atlas.image_ids("m", "holdout") == ids
    assert pq.read_table(atlas.file(schema.LOGITS, "models/m"))["logits"].null_count == COUNT
    np.testing.assert_array_equal(fresh_features(atlas, "m"), np.load(folder / "features.npy"))


def test_few_categories_keep_logits_unless_asked_and_a_change_of_mind_counts(folder):
    atlas, _ = run(folder / "atlas", source_of(folder))
    assert kept(atlas) == {"logits.parquet"}
    assert atlas.head("m") is None
    atlas, lines = run(folder / "atlas", source_of(folder), features=True)
    assert kept(atlas) == {"logits.parquet", "features.parquet", "head.parquet"}
    assert any("m: logits (changed: kept, head)" in line for line in lines)
    atlas, _ = run(folder / "atlas", source_of(folder))
    assert kept(atlas) == {"logits.parquet"}
    assert atlas.head("m") is None


def test_features_stay_away_on_request(many, folder):
    atlas, _ = run(folder / "atlas", source_of(folder), features=False)
    assert kept(atlas) == {"logits.parquet"}


def test_a_source_without_a_head_says_so(many, folder):
    np.save(folder / "logits.npy", np.random.default_rng(0).normal(size=(COUNT, N)))
    source = ArraySource("m", folder / "logits.npy", LABELS)
    atlas, lines = run(folder / "atlas", source)
    assert f"m: no linear head was found: keeps {N} logits an image" in lines
    assert kept(atlas) == {"logits.parquet"}
    with pytest.raises(UserError, match="no linear last layer"):
        run(folder / "atlas", source, features=True)


def test_more_features_than_logits_are_not_kept_by_themselves(many, folder):
    np.save(folder / "features.npy", np.random.default_rng(0).normal(size=(COUNT, N)))
    np.savez(folder / "head.npz", np.random.default_rng(1).normal(size=(N, N)))
    atlas, _ = run(folder / "atlas", source_of(folder))
    assert kept(atlas) == {"logits.parquet"}


def test_a_second_run_does_nothing_and_a_lost_file_comes_back(many, folder):
    atlas, _ = run(folder / "atlas", source_of(folder))
    files = {*atlas.root.rglob("*.parquet")} - {atlas.file(schema.MODEL, "models/m")}  # has seconds
    before = {file: file_digest(file) for file in files}
    for table in (None, schema.FEATURES, schema.HEAD, schema.LOGITS):
        if table is not None:
            atlas.file(table, "models/m").unlink()
        _, lines = run(folder / "atlas", source_of(folder))
        made = [line.split()[1] for line in lines if " s, peak" in line]
        assert made == ([] if table is None else ["logits", "model"])
        assert {file: file_digest(file) for file in before} == before


def test_a_run_killed_among_its_images_goes_on_there(many, folder, monkeypatch):
    whole, _ = run(folder / "whole", source_of(folder))
    source = source_of(folder)
    dies, begun = killed_once(source.features, 300)
    monkeypatch.setattr(parts, "MOST", 100)
    monkeypatch.setattr(source, "features", dies)
    with pytest.raises(Killed):
        run(folder / "atlas", source)
    atlas, _ = run(folder / "atlas", source)
    assert begun == [0, 300], "finished parts are not read again"
    for table in (schema.LOGITS, schema.FEATURES, schema.HEAD, schema.PATH):
        files = (each.file(table, "models/m") for each in (atlas, whole))
        assert len({file_digest(file) for file in files}) == 1


def test_an_image_that_cannot_be_read_has_no_row(many, folder, monkeypatch):
    source = source_of(folder)
    features = source.features

    def without_the_third(rows, on_bad):
        on_bad("row 3", "it is broken")
        for seen, found in features(rows, on_bad):
            yield seen[seen != 3], found[seen != 3]

    monkeypatch.setattr(source, "features", without_the_third)
    atlas, _ = run(folder / "atlas", source)
    rows = atlas.read(schema.LOGITS, "m")
    assert len(rows) == COUNT - 1 and "row 3" not in set(rows["image_id"])
    truth = dict(enumerate(np.load(folder / "truth.npy")))
    assert [truth[int(i.split()[1])] for i in rows["image_id"]] == rows["label"].tolist()


def test_features_too_small_for_float16_are_refused(many, folder):
    np.save(folder / "features.npy", np.load(folder / "features.npy").astype(np.float32) * 1e-7)
    np.savez(folder / "head.npz", weights=np.random.default_rng(0).normal(size=(N, D)) * 1e7)
    with pytest.raises(UserError, match=r"moves an image's logits by .*--no-features"):
        run(folder / "atlas", source_of(folder))
    atlas, _ = run(folder / "atlas", source_of(folder), features=False)
    assert kept(atlas) == {"logits.parquet"}


def test_weighted_equations_take_their_logits_from_kept_features(folder, monkeypatch):
    atlas, _ = run(folder / "atlas", source_of(folder), features=True)
    source = source_of(folder)
    monkeypatch.setattr(source, "features", lambda *_: pytest.fail("an image is looked at again"))
    weighted = WeightedSource(atlas, source, 0.1)
    found = np.concatenate([logits for _, logits in weighted.batches(range(COUNT), print)])
    np.testing.assert_allclose(found, atlas.logits("m")[2], rtol=1e-6)
    options = replace(OPTIONS, weight_positives=0.1)
    ModelRun(atlas, weighted, options, Heard(), tried=4).run()
    assert "m+positives-0.1" in atlas.models()


def test_no_array_of_all_logits_is_made_where_features_are_kept(folder):
    """Memory of the stage, against the array of logits that it does without."""
    import tracemalloc

    count, n, d = 3000, 2000, 4
    rng = np.random.default_rng(0)
    np.save(folder / "features.npy", rng.exponential(size=(count, d)).astype(np.float16))
    np.savez(folder / "head.npz", rng.normal(size=(n, d)))
    rows = Rows(from_names([f"c{k}" for k in range(n)]))
    source = FeatureArraySource("m", folder / "features.npy", folder / "head.npz", rows)
    tracemalloc.start()
    store_features(Atlas(folder / "atlas"), source, source.head(), {"stage": "logits"}, Heard())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < count * n * 8 / 2  # float64; some images at a time need a tenth of it
