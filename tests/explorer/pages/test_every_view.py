"""What every view of every page owes its reader: files that agree with what is shown, help on every
figure, words for those who cannot see it, and an address that names every choice."""

import base64
import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import plotly.io
import pytest
from pandas.api.types import is_bool_dtype, is_numeric_dtype
from streamlit.testing.v1 import AppTest

from explorer.session.address import shared
from explorer.theme import FONT
from explorer.words import citation
from precompute.atlas import schema
from precompute.atlas.store import Atlas
from tests.support.cuts import write_cut
from tests.support.pages import header

VIEWS = (
    ("overview", {"list": "Strongest"}),
    ("overview", {"list": "Most depended on"}),
    ("overview", {"list": "Worst explained"}),
    ("category", {"table": "The graph as a table", "evidence": "Predicted and true"}),
    ("category", {"table": "Used by", "evidence": "How often it is off"}),
    ("category", {"table": "Every sparsity", "evidence": "Replacement test"}),
    ("links", {}),
    ("links", {"view": "The pair"}),
    ("links", {"view": "Consensus"}),
    ("unseen", {}),
    ("compare", {"choice": "few"}),  # its list has the first 500 rows, the file has all
    ("redundancy", {}),
    ("foreign", {}),
    ("foreign", {"choice": "few", "foreign_table": "Images", "ends": "held-out"}),
    ("foreign", {"foreign_table": "All networks"}),
    ("claims", {}),
    ("models", {}),
    ("glossary", {}),
)
FIGURES = ("plotly_chart", "echarts_chart", "arrow_data_frame")


@pytest.fixture
def taken(monkeypatch) -> dict[str, bytes]:
    """What the download buttons of the page would hand out, by file name."""
    files: dict[str, bytes] = {}

    def offered(label, make, name, mime, **rest):
        content = make()
        assert name not in files
        files[name] = content.encode() if isinstance(content, str) else content

    monkeypatch.setattr("streamlit.download_button", offered)
    return files


def elements(app: AppTest) -> Iterator:
    """Everything on the page, the sidebar included."""
    yield from (element for element in app._tree if hasattr(element, "proto"))


def same(shown: pd.DataFrame, file: pd.DataFrame) -> bool:
    """Whether a table and a file have the same rows, in every column that both have."""
    shared = [column for column in shown.columns if column in file.columns]
    if not shared or len(shown) != len(file):
        return False
    return all(same_column(shown[name].reset_index(drop=True), file[name]) for name in shared)


def same_column(shown: pd.Series, file: pd.Series) -> bool:
    """The same values; shares may be shown in percent, truth as marks."""
    if is_bool_dtype(file) and not is_bool_dtype(shown):
        return shown.eq("✓").tolist() == file.tolist()
    if not (is_numeric_dtype(shown) and is_numeric_dtype(file)):
        return shown.astype(str).tolist() == file.astype(str).tolist()
    one, other = shown.to_numpy(float), file.to_numpy(float)
    return any(np.allclose(one, scale * other, 1e-5, 1e-6, equal_nan=True) for scale in (1, 100))


def unpacked(packed: dict[str, str]) -> np.ndarray:
    """A matrix as Plotly sends it."""
    numbers = np.frombuffer(base64.b64decode(packed["bdata"]), packed["dtype"])
    return numbers.reshape([int(size) for size in packed["shape"].split(",")])


def drawn(app: AppTest, file: pd.DataFrame) -> bool:
    """Whether the page draws the file: a heatmap of its numbers, or the parents of a link whose sources
    stand in a table of three equations."""
    for chart in app.get("plotly_chart"):
        (heat, *_) = plotly.io.from_json(chart.proto.spec).data
        if heat.type == "heatmap":
            numbers = file.select_dtypes("number").to_numpy(float)
            values = unpacked(heat.z)
            if values.shape == numbers.shape:
                return np.allclose(values, numbers, 1e-5, 1e-6, equal_nan=True)
    for table in (table.value for table in app.dataframe):
        if "between" in table and "coefficient" in file:
            rows = table.dropna(subset="between").set_index("source_name")["between"]
            return rows.to_dict() == pytest.approx(
                file.set_index("source_name")["coefficient"].to_dict()
            )
    return False


@pytest.mark.parametrize(("page", "address"), VIEWS)
def test_what_a_view_owes(open_page, linked_atlas, taken, page, address):
    owes(open_page(page, root=linked_atlas.root, **address), page, taken)


def test_what_the_page_of_cut_networks_owes(open_page, atlas, taken, tmp_path):
    shutil.copytree(atlas.root, tmp_path / "atlas")
    cut, model = Atlas(tmp_path / "atlas"), atlas.models()[0]
    for mark in ("few0", "many"):
        write_cut(cut, model, mark)
    owes(open_page("cut", root=cut.root, model=model), "cut", taken)


def owes(app: AppTest, page: str, taken: dict[str, bytes]) -> None:
    """Fails where the page lacks a header, a file that agrees with a table, help, words or captions."""
    assert header(app)
    tables = [table.value for table in app.dataframe]
    assert bool(taken) == (page != "glossary"), "no file to take away"
    for name, content in taken.items():
        if name.endswith(".csv"):
            file = pd.read_csv(io.BytesIO(content))
            agrees = any(same(shown, file) for shown in tables) or drawn(app, file)
            assert agrees, f"{name} is not what is shown"
            twin = pd.read_parquet(io.BytesIO(taken[f"{name.removesuffix('.csv')}.parquet"]))
            assert twin.columns.tolist() == file.columns.tolist() and len(twin) == len(file)
    assert not [e.value for e in app.subheader if not e.help], "headings without help"
    figures = [e for e in elements(app) if e.type in FIGURES]
    assert not [e.type for e in figures if not e.proto.alt], "figures without words"
    assert uncaptioned(app) == []
    assert fonts(app) <= {FONT}, "a font that the picture of a plot would lack"
    bound = {getattr(e.proto, "query_param_key", "") for e in elements(app)} - {""}
    assert bound <= {key.name for key in shared(page)}


def uncaptioned(app: AppTest) -> list[str]:
    """The words for the page's Plotly figures that say nothing about themselves where they are saved, or
    say it behind their legend."""
    found = []
    for chart in app.get("plotly_chart"):
        layout = plotly.io.from_json(chart.proto.spec).layout
        if not layout.title.text or (layout.legend.y or 0) > 0.5:
            found.append(chart.proto.alt)
    return found


def fonts(app: AppTest) -> set[str]:
    """Every font of the page's Plotly figures, Streamlit's own where its theme is put over them."""
    charts = [chart.proto for chart in app.get("plotly_chart")]
    named = {name for chart in charts for name in re.findall(r'"family":"(.*?)"', chart.spec)}
    return named | {chart.theme for chart in charts if chart.theme}


def test_what_is_said_about_a_live_picture_can_be_saved_too(open_page, photo_atlas):
    app = open_page("live", root=photo_atlas.root)
    assert header(app) == "Live image"
    assert len(app.get("plotly_chart")) == 2 and uncaptioned(app) == []
    assert fonts(app) == {FONT}


def test_a_figure_without_a_caption_is_found():
    def page():
        import plotly.graph_objects as go
        import streamlit as st

        from explorer.figures.looks import captioned
        from explorer.theme import LIGHT

        st.plotly_chart(captioned(go.Figure(), ["Whose it is."], LIGHT), alt="one that says so")
        st.plotly_chart(captioned(go.Figure(), [""], LIGHT), alt="one that says nothing")
        above = go.Figure(layout={"legend": {"y": 1.02, "yanchor": "bottom"}})
        st.plotly_chart(captioned(above, ["Whose it is."], LIGHT), alt="one whose legend is above")

    app = AppTest.from_function(page).run()
    assert uncaptioned(app) == ["one that says nothing", "one whose legend is above"]


def put_back(app: AppTest) -> list[str]:
    """Widgets that this run has put where the code says, over what their reader does meanwhile."""
    return [e.label for e in elements(app) if getattr(e.proto, "set_value", False) is True]


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("overview", {"strength": "0.01", "parents": ["1", "7"], "stability": "25"}),
        ("category", {"sparsity": "2.5"}),
        ("links", {"sparsity": "2.5"}),
        ("unseen", {"gamma": "0.5", "unseen_parents": "2"}),
        ("compare", {"kind": ["sign flip"]}),
        ("models", {"measure": "R²"}),
    ],
)
def test_a_run_leaves_widgets_where_their_reader_moves_them(open_page, linked_atlas, page, address):
    app = open_page(page, root=linked_atlas.root, **address)
    assert header(app.run())
    assert put_back(app) == []


def test_what_is_put_back_is_seen(open_page):
    app = open_page("category", sparsity="2.5")
    app.button(key="step_up").click()
    (label,) = put_back(app.run())
    assert label.startswith("Sparsity") and app.session_state["sparsity"] == 3


def test_the_comparison_above_can_fail():
    shown = pd.DataFrame({"name": ["a", "b"], "r2": [0.5, 0.7]})
    assert same(shown, shown)
    assert not same(shown, shown.assign(r2=[0.5, 0.71]))
    assert not same(shown, shown.iloc[::-1].reset_index(drop=True))
    assert not same(shown, shown.head(1))
    assert same(shown.assign(r2=100 * shown["r2"]), shown)
    assert not same(shown, pd.DataFrame({"other": [1, 2]}))


def test_what_is_cited_is_what_is_shown(linked_atlas):
    model = linked_atlas.models()[0]
    info = linked_atlas.read(schema.MODEL, model).iloc[0].to_dict()
    text = citation.made_from(info)
    for part in (model, info["weights_sha256"], f"on {info['n_fit']}", f"on {info['n_holdout']}"):
        assert str(part) in text
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    assert citation.PAPER in readme and "2211.12339" in citation.PAPER
    assert f"schema version {schema.SCHEMA_VERSION}" in citation.PROGRAM
