"""The atlas on disk: whole files or none, the contract checked on both ways, freshness explained."""

import os
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from precompute.atlas import schema
from precompute.atlas.contract import schema_claims, schema_robustness, schema_unseen
from precompute.atlas.files import replacing
from precompute.atlas.store import Atlas
from precompute.errors import UserError

README = Path(__file__).parents[3] / "README.md"


@pytest.fixture
def dependencies():
    return pd.DataFrame(
        {
            "choice": ["best", "few"],
            "target": [0, 1],
            "source": [1, 0],
            "coefficient": [0.5, -0.25],
            "refit": [0.5, -0.25],
            "intercept": [0.0, 0.0],
            "intercept_refit": [0.0, 0.0],
            "lambda": [0.1, 0.2],
            "relative_error": [0.3, 0.4],
            "duality_gap": [0.0, 1e-15],
            "stability": [0.9, np.nan],
            "n_half_samples": [50, 0],
        }
    )


def test_round_trip_keeps_values_and_types(tmp_path, dependencies):
    atlas = Atlas(tmp_path)
    atlas.write(schema.DEPENDENCIES, dependencies, {"stage": "test"}, "models/m")
    back = atlas.read(schema.DEPENDENCIES, "m")
    assert back.columns.tolist() == schema.DEPENDENCIES.columns
    assert back["coefficient"].dtype == np.float32
    assert back["lambda"].tolist() == dependencies["lambda"].tolist(), "float64 survives unrounded"


def test_a_choice_has_row_groups_of_its_own(tmp_path, dependencies):
    atlas = Atlas(tmp_path)
    rows = dependencies.loc[[0] * 70_000 + [1] * 3]
    atlas.write(schema.DEPENDENCIES, rows, {})
    file = pq.ParquetFile(atlas.file(schema.DEPENDENCIES))
    groups = [file.read_row_group(k, columns=["choice"]) for k in range(file.num_row_groups)]
    assert [set(group["choice"].to_pylist()) for group in groups] == [{"best"}, {"best"}, {"few"}]
    few = atlas.read(schema.DEPENDENCIES, filters=[("choice", "=", "few")])
    assert len(few) == 3 and few["stability"].isna().all()
    atlas.write(schema.DEPENDENCIES, rows[:0], {})
    assert len(atlas.read(schema.DEPENDENCIES)) == 0, "a table without rows is one, too"


def test_every_file_says_schema_version_and_what_it_was_made_from(tmp_path, dependencies):
    atlas = Atlas(tmp_path)
    atlas.write(schema.DEPENDENCIES, dependencies, {"stage": "x", "seed": 3})
    metadata = pq.read_schema(atlas.file(schema.DEPENDENCIES)).metadata
    assert metadata[b"schema_version"] == str(schema.SCHEMA_VERSION).encode()
    assert metadata[b"made_from"] == b'{"seed": 3, "stage": "x"}'


def test_staleness_names_its_reason(tmp_path, dependencies):
    atlas, made = Atlas(tmp_path), {"stage": "x", "seed": 3}
    assert atlas.stale(schema.DEPENDENCIES, made) == "missing"
    atlas.write(schema.DEPENDENCIES, dependencies, made)
    assert atlas.stale(schema.DEPENDENCIES, made) is None
    assert atlas.stale(schema.DEPENDENCIES, made | {"seed": 4}) == "changed: seed"
    assert atlas.stale(schema.DEPENDENCIES, {"stage": "x"}) == "changed: seed"


def test_a_missing_value_where_none_may_be_is_refused(tmp_path, dependencies):
    dependencies.loc[0, "coefficient"] = np.nan
    with pytest.raises(ValueError, match="coefficient.*non-nullable"):
        Atlas(tmp_path).write(schema.DEPENDENCIES, dependencies, {})
    assert not list(tmp_path.iterdir())


def test_a_failed_write_leaves_the_old_file(tmp_path):
    file = tmp_path / "table"
    file.write_text("old")
    with pytest.raises(RuntimeError), replacing(file) as temporary:
        temporary.write_text("half of the new")
        raise RuntimeError
    assert file.read_text() == "old"
    assert [f.name for f in tmp_path.iterdir()] == ["table"]


@pytest.mark.parametrize("name", ["", ".", "..", "  ", "a\nb"])
def test_a_name_that_no_folder_can_have_is_refused(name):
    with pytest.raises(UserError, match="cannot be called"):
        Atlas.model_folder(name)


def test_another_schema_version_is_refused_with_the_way_out(tmp_path):
    pq.write_table(
        pa.table({"image_id": ["a"]}).replace_schema_metadata({"schema_version": "99"}),
        tmp_path / "images.parquet",
    )
    with pytest.raises(UserError, match=r"schema version 99, this program reads 2.*--atlas"):
        Atlas(tmp_path).read(schema.IMAGES)


def test_a_file_that_is_no_parquet_is_named(tmp_path):
    (tmp_path / "images.parquet").write_bytes(b"nonsense")
    with pytest.raises(UserError, match=r"images.parquet is not a readable parquet file"):
        Atlas(tmp_path).read(schema.IMAGES)


@pytest.mark.parametrize("blocked", ["file", "parent"])
def test_an_atlas_that_cannot_be_written_is_named(tmp_path, dependencies, blocked):
    root = tmp_path / "here"
    root.write_text("a file, no folder")
    root = root if blocked == "file" else root / "atlas"
    with pytest.raises(UserError, match="Choose another folder with --atlas"):
        Atlas(root).write(schema.DEPENDENCIES, dependencies, {})
    assert os.listdir(tmp_path) == ["here"]


def test_streamed_logits_are_the_whole(atlas):
    model = atlas.models()[0]
    ids, labels, logits = atlas.logits(model, "holdout")
    batches = list(atlas.iter_logits(model, "holdout", batch_size=7))
    assert [i for batch in batches for i in batch[0]] == ids == atlas.image_ids(model, "holdout")
    assert np.concatenate([batch[1] for batch in batches]).tolist() == labels.tolist()
    assert (np.concatenate([batch[2] for batch in batches]) == logits).all()
    assert not set(ids) & set(atlas.image_ids(model, "fit")), "fit and held-out images never mix"


def test_every_table_of_a_real_atlas_keeps_the_contract(atlas):
    for table in schema.MODEL_TABLES:
        stored = pq.read_schema(atlas.file(table, atlas.model_folder(atlas.models()[0])))
        assert stored.names == table.columns, table.file
        for field in table.schema:
            if field.name != "logits":
                assert stored.field(field.name).type == field.type, f"{table.file}: {field.name}"
    assert pa.types.is_fixed_size_list(
        pq.read_schema(atlas.file(schema.LOGITS, atlas.model_folder(atlas.models()[0])))
        .field("logits")
        .type
    )


def test_readme_and_schema_name_the_same_files_and_columns():
    text = README.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([^`]+\.parquet)` \| (.+?) \|", text, flags=re.MULTILINE))
    kinds = (schema, schema_unseen, schema_claims, schema_robustness)
    tables = {file: table for kind in kinds for file, table in kind.TABLES.items()}
    assert set(rows) == set(tables)
    for file, table in tables.items():
        assert re.findall(r"`([^`]+)`", rows[file]) == table.columns, file
