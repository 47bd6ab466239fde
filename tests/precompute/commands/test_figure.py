"""`precompute figure`: the pictures that the category page hands out, without a browser or a page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer.files import pdf
from explorer.files.category_file import read_category_file
from precompute.atlas.progress import Silent
from precompute.atlas.schema import CATEGORIES
from precompute.atlas.store import Atlas
from precompute.commands.figure import Kind, draw_figures
from precompute.equations.fit import FitOptions
from precompute.errors import UserError
from precompute.runs.model import ModelRun
from precompute.sources.arrays import ArraySource

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def model(atlas) -> str:
    return atlas.models()[0]


@pytest.fixture(scope="module")
def category(atlas, model) -> str:
    return str(atlas.read(CATEGORIES, model)["name"].iat[0])


def equation(page: str) -> str:
    """The words of the equation on a page, without markup."""
    (found,) = re.findall(r'<p class="nde-equation">.*?</p>', page)
    return re.sub(r"<[^>]+>", "", found)


def shown(atlas, model, category, **address) -> str:
    """The equation on the category page."""
    app = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    app.session_state["image_folder"] = None
    for key, value in {"model": model, "category": category, **address}.items():
        app.query_params[key] = value
    app.run().switch_page("explorer/pages/category/category.py").run()
    assert not app.exception
    (body,) = [e.proto.body for e in app.get("html") if 'nde-equation"' in e.proto.body]
    return equation(body)


@pytest.mark.parametrize(
    ("asked", "address"),
    [({}, {}), ({"parents": 2.0, "refit": True}, {"sparsity": "2.0", "fit": "refit"})],
)
def test_a_figure_says_what_the_page_says(
    atlas, model, category, tmp_path, monkeypatch, asked, address
):
    (file,) = draw_figures(atlas, [category], [model], Kind.HTML, tmp_path, Silent(), **asked)
    monkeypatch.setattr(sys, "argv", ["app.py", "--atlas", str(atlas.root)])
    assert equation(file.read_text()) == shown(atlas, model, category, **address)


def test_every_model_and_category_has_its_file(atlas, category, tmp_path):
    files = draw_figures(atlas, [category], None, Kind.SVG, tmp_path, Silent())
    assert [file.name for file in files] == [f"{model}-{category}.svg" for model in atlas.models()]
    assert all(file.read_text().startswith("<svg") for file in files)


def test_a_category_is_found_by_its_wordnet_id(atlas, model):
    first = atlas.read(CATEGORIES, model).iloc[0]
    assert read_category_file(atlas, model, first["synset"], "readable").name == first["name"]


def test_the_constant_of_a_centred_model_is_part_of_its_figure(
    atlas, planted, names, model, category, tmp_path
):
    from precompute.atlas.labels import from_names
    from tests.support.planting import save

    files = save(tmp_path / "files", planted, names)
    source = ArraySource("centred", files["logits"], from_names(names), truth=files["truth"])
    own = Atlas(tmp_path / "atlas")
    ModelRun(own, source, FitOptions(max_parents=4, center=True), Silent()).run()
    assert read_category_file(own, "centred", category, "readable").intercept is not None
    assert read_category_file(atlas, model, category, "readable").intercept is None


def test_what_cannot_be_drawn_is_said_and_nothing_is_written(atlas, model, category, tmp_path):
    def draw(categories, out=tmp_path, **options):
        return draw_figures(atlas, categories, [model], Kind.SVG, out, Silent(), **options)

    with pytest.raises(UserError, match="no category 'no such thing at all'"):
        draw([category, "no such thing at all"])
    with pytest.raises(UserError, match=f"Did you mean .*{category}"):
        draw([category[:-1] + "q"])
    with pytest.raises(UserError, match="--parents 99: the path of .* has 0 to"):
        draw([category], parents=99)
    assert list(tmp_path.iterdir()) == []
    draw([category])
    with pytest.raises(UserError, match="is there already.*--overwrite"):
        draw([category])


@pytest.mark.browser
def test_pdf_is_printed_by_chromium(atlas, model, category, tmp_path):
    (file,) = draw_figures(atlas, [category], [model], Kind.PDF, tmp_path, Silent())
    assert file.read_bytes().startswith(b"%PDF")


def test_without_chromium_the_way_out_is_said(atlas, model, category, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="apt-get install chromium.*--format svg"):
        draw_figures(atlas, [category], [model], Kind.PDF, tmp_path, Silent())
    assert list(tmp_path.iterdir()) == []


FIGURE = """
import sys
from precompute.commands.cli import main
sys.argv = ["precompute", "figure", {category!r}, "--atlas", {atlas!r}, "--out", {out!r}]
try:
    main()
finally:
    print("LOADED", *({{"streamlit", "torch"}} & set(sys.modules)))
"""


def test_drawing_needs_no_streamlit(atlas, category, tmp_path):
    code = FIGURE.format(category=category, atlas=str(atlas.root), out=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("LOADED")[1].split() == []


def test_without_the_dashboards_libraries_the_way_out_is_told(
    atlas, category, tmp_path, monkeypatch
):
    for module in [name for name in sys.modules if name.split(".")[0] in ("explorer", "plotly")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "plotly", None)
    with pytest.raises(UserError, match=r"needs plotly.* pip install -r requirements\.txt"):
        draw_figures(atlas, [category], None, Kind.SVG, tmp_path, Silent())
    assert list(tmp_path.iterdir()) == []
