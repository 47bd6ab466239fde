"""The map's Python side: what is packed, what travels on a rerun, and what comes back."""

import base64
import gzip
import json
import struct

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from explorer.figures.atlas_map.component import (
    BUNDLE,
    MapFilters,
    _bits,
    _from_browser,
    _to_browser,
)
from explorer.figures.atlas_map.geometry import pack_geometry
from tests.support.synthetic_map import synthetic_map


def unpack(packed: bytes) -> tuple[list[str], dict[str, np.ndarray]]:
    """An independent reader of the layout that geometry.py describes."""
    data = gzip.decompress(packed)
    (length,) = struct.unpack_from("<I", data)
    header = json.loads(data[4 : 4 + length])
    columns, offset = {}, 4 + length
    for name, kind, count in header["columns"]:
        assert offset % 4 == 0  # typed arrays of the browser demand it
        columns[name] = np.frombuffer(data, kind, count, offset)
        offset += -(-columns[name].nbytes // 4) * 4
    assert offset == len(data)
    return header["names"], columns


@pytest.fixture
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    return synthetic_map(n=101, m=333)


def test_geometry_round_trip(tables):
    nodes, edges = tables
    names, columns = unpack(pack_geometry(nodes, edges))
    assert names == nodes["name"].tolist()
    for name in ("category", "x", "y", "community", "n_children"):
        np.testing.assert_array_equal(columns[name], nodes[name])
    for name in ("target", "source", "strength", "sign", "lambda_ratio"):
        np.testing.assert_array_equal(columns[name], edges[name])


def test_edges_name_rows_also_where_categories_are_not_counted_from_zero(tables):
    nodes, edges = tables
    category = 1000 - 3 * nodes["category"]
    moved = edges.assign(target=1000 - 3 * edges["target"], source=1000 - 3 * edges["source"])
    _, columns = unpack(pack_geometry(nodes.assign(category=category), moved))
    np.testing.assert_array_equal(columns["target"], edges["target"])


def test_lambda_ratio_is_optional(tables):
    nodes, edges = tables
    _, columns = unpack(pack_geometry(nodes, edges.drop(columns="lambda_ratio")))
    assert "lambda_ratio" not in columns


def test_stability_travels_as_a_byte_of_opacity_by_the_rule_of_the_small_graphs(tables):
    nodes, edges = tables
    known = edges.assign(stability=np.resize([np.nan, 0, 0.5, 1], len(edges)))
    columns = unpack(pack_geometry(nodes, known))[1]
    # In percent of what an edge has whose stability was not measured: 0.85 in a small graph.
    expected = [100, *(round(100 * opacity / 0.85) for opacity in (0.2, 0.6, 1.0))]
    assert columns["opacity"][:4].tolist() == expected
    assert columns["opacity"].dtype == np.uint8 and "stability" not in columns


def test_without_stability_the_map_is_what_it_was(tables):
    nodes, edges = tables
    lacking = pack_geometry(nodes, edges.drop(columns="stability"))
    assert "opacity" not in unpack(lacking)[1]
    assert pack_geometry(nodes, edges.assign(stability=np.nan)) == lacking


def test_equal_geometry_gives_equal_bytes(tables):
    nodes, edges = tables
    assert pack_geometry(nodes, edges) == pack_geometry(nodes.copy(), edges.copy())
    assert pack_geometry(nodes, edges) != pack_geometry(nodes.assign(x=-nodes["x"]), edges)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda n, e: (n.drop(columns="x"), e), "nodes lack the column 'x'"),
        (lambda n, e: (n, e.drop(columns="sign")), "edges lack the column 'sign'"),
        (lambda n, e: (n.assign(x=np.nan), e), "finite x and y"),
        (lambda n, e: (n, e.assign(source=999)), "Category 999 is not among the map's 101 nodes"),
    ],
)
def test_refuses_what_cannot_be_drawn(tables, spoil, message):
    with pytest.raises(ValueError, match=message):
        pack_geometry(*spoil(*tables))


def test_large_geometry_stays_small():
    packed = pack_geometry(*synthetic_map(n=21_841, m=100_000))
    assert len(packed) < 1_600_000


def test_dependencies_that_pass_become_one_bit_each(tables):
    passes = np.isin(np.arange(len(tables[1])), [0, 9, 300])
    bits = np.frombuffer(base64.b64decode(_bits(passes)), np.uint8)
    kept = np.unpackbits(bits, bitorder="little")[: len(passes)]
    assert np.flatnonzero(kept).tolist() == [0, 9, 300]


@pytest.mark.parametrize(
    "filters", [MapFilters(), MapFilters(0.25, "negative", (1, 4), min_lambda_ratio=0.5)]
)
def test_filters_survive_the_journey(filters):
    assert _from_browser(json.loads(json.dumps(_to_browser(filters)))) == filters


def page():
    import streamlit as st

    from explorer.figures.atlas_map.component import atlas_map
    from tests.support.synthetic_map import synthetic_map

    nodes, edges = synthetic_map(n=101, m=333)
    focus = 7 if st.button("Focus 7") else None
    passes = edges["strength"].to_numpy() > 0.1
    state = atlas_map(nodes, edges, key="map", version="test", focus=focus, kept=passes)
    st.text(f"{state.selected} {state.webgl}")


def sent(app: AppTest) -> dict:
    (element,) = app.get("bidi_component")
    return json.loads(element.proto.json or element.proto.mixed.json)


def test_a_rerun_sends_little_and_the_same_addresses():
    app = AppTest.from_function(page, default_timeout=30).run()
    assert not app.exception
    before = sent(app)
    app.button[0].click().run()
    after = sent(app)
    assert (before["focus"], after["focus"]) == (None, 7)
    assert before["geometry"] == after["geometry"] and before["code"] == after["code"]
    assert len(json.dumps(after)) < 1200
    assert app.text[0].value == "None True"


def test_bundle_is_committed_and_asks_no_other_host():
    code = BUNDLE.read_text(encoding="utf-8")
    assert "export{" in code
    assert "https://" not in code
