"""The rows of one target, whatever row groups they lie in."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from explorer.tables.target_rows import TargetRows


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    """Targets 0..19 with 0 to 9 rows each; 13 has none."""
    counts = np.random.default_rng(0).integers(1, 10, size=20)
    counts[13] = 0
    target = np.repeat(np.arange(20), counts)
    return pd.DataFrame({"target": target, "value": np.arange(len(target)), "other": 1.0})


@pytest.fixture(scope="module")
def file(table, tmp_path_factory):
    """Groups of 4 rows, so that most targets lie across a border."""
    path = tmp_path_factory.mktemp("rows") / "table.parquet"
    pq.write_table(pa.Table.from_pandas(table), path, row_group_size=4)
    return path


def test_every_target_has_its_rows_in_file_order(file, table):
    rows = TargetRows(file)
    for target in (*range(20), 5, 0):
        expected = table[table["target"] == target]
        assert rows[target]["value"].tolist() == expected["value"].tolist()
    assert sum(len(rows[target]) for target in range(20)) == len(table)


@pytest.mark.parametrize("target", [13, -1, 20, 10**9])
def test_a_target_that_the_file_lacks_has_no_rows(file, target):
    assert len(TargetRows(file)[target]) == 0


def test_only_the_columns_asked_for(file):
    assert list(TargetRows(file, ["target", "value"])[3]) == ["target", "value"]


def test_what_was_opened_is_what_is_read_though_the_file_is_replaced(table, tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.Table.from_pandas(table), path, row_group_size=4)
    rows = TargetRows(path)
    pq.write_table(pa.Table.from_pandas(table.assign(value=-1)), tmp_path / "new")
    (tmp_path / "new").replace(path)
    assert rows[2]["value"].min() >= 0
    assert TargetRows(path)[2]["value"].max() == -1


def test_a_table_without_rows_has_none_for_anybody(table, tmp_path):
    path = tmp_path / "empty.parquet"
    pq.write_table(pa.Table.from_pandas(table.iloc[:0]), path)
    assert len(TargetRows(path)[0]) == 0
