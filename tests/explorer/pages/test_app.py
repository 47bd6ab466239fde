"""Every page, run as Streamlit runs it, and recognised by its own header."""

import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from precompute.atlas import schema
from precompute.atlas.store import Atlas
from tests.support.pages import components, equations, header

HEADERS = {
    "overview": "Overview of dependencies",
    "category": None,  # the category's own name
    "pins": "Working set",
    "compare": "Two networks side by side",
    "redundancy": "Redundancy",
    "foreign": "Foreign images",
    "cut": "Cut dependencies",
    "models": "Models in this atlas",
    "glossary": "Words and worked examples",
}


def equation(app: AppTest) -> str:
    (found,) = equations(app)
    return found


def label(app: AppTest, kind: str) -> list[str]:
    return [element.label for element in app.get(kind)]


@pytest.mark.parametrize("page", HEADERS)
def test_every_page_opens_under_its_own_header(open_page, network, page):
    app = open_page(page)
    assert header(app) == (HEADERS[page] or network.edges["target_name"].iat[0])
    assert [box.value for box in app.error] == []
    warned = [box.value for box in app.warning]
    if page == "category":  # whose verdict, that its claim does not hold, stands in such a box
        warned = [text for text in warned if "asks for" in text]
    assert warned == []


def test_the_overview_shows_five_figures_with_help(open_page, network):
    app = open_page()
    assert [metric.label for metric in app.metric] == [
        "Categories", "Dependencies", "Held-out error", "Held-out R²", "Top-1",
    ]  # fmt: skip
    assert app.metric[1].value == f"{len(network.edges)}"
    assert all(metric.help for metric in app.metric)


def test_a_link_opens_the_exact_view(open_page, network):
    name = network.name_of(3)
    app = open_page("category", category=name, sparsity="2.5", fit="refit", depth="2")
    assert header(app) == name
    assert app.slider(key="sparsity").value == 2.5
    plain = open_page("category", category=name, sparsity="2.5", fit="lasso", depth="1")
    assert equation(app) != equation(plain)
    (deep,), (shallow,) = (components(seen, "nodes") for seen in (app, plain))
    assert len(deep["nodes"]) > len(shallow["nodes"])


def test_the_models_name_comes_from_the_address(open_page, atlas):
    app = open_page("models", model=atlas.models()[1])
    assert app.selectbox(key="model").value == atlas.models()[1]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("model", "resnet5000"),
        ("category", "[no such](http://x)"),
        ("sparsity", "nan"),
        ("sparsity", "-3"),
        ("sparsity", "many"),
        ("fit", "ols"),
        ("depth", "99"),
        ("direction", "<script>"),
    ],
)
def test_an_address_that_cannot_be_shown_falls_back_aloud(open_page, key, value):
    app = open_page("category", **{key: value})
    assert header(app)
    said = " ".join(warning.value for warning in app.warning)
    assert key in said


@pytest.mark.parametrize("page", ["category", "overview"])
def test_a_refused_category_is_told_with_what_is_shown_instead(open_page, network, page):
    (warning,) = open_page(page, category="nonsense").warning
    instead = f"Showing {network.first_choice} instead" if page == "category" else "None is chosen"
    assert instead in warning.value


def test_a_misspelt_category_is_answered_with_a_suggestion(open_page, network):
    name = network.name_of(5)
    app = open_page("category", category=name[:-1] + "x")
    assert any("Did you mean" in warning.value for warning in app.warning)


def test_the_slider_moves_the_equation(open_page, network):
    app = open_page("category", category=network.name_of(0))
    app.slider(key="sparsity").set_value(0.0).run()
    assert "no source has entered" in equation(app)
    app.slider(key="sparsity").set_value(3.0).run()
    path = network.paths[0]
    weights = path.coefficients_at(path.position_of_size(3))
    strongest = network.name_of(path.sources[abs(weights).argmax()])
    assert strongest in equation(app)
    assert not app.exception


def go_to(app: AppTest, name: str) -> AppTest:
    app.query_params["category"] = name
    return app.run()


def test_every_category_starts_at_its_own_sparsity(open_page, network):
    app = open_page("category", category=network.name_of(0))
    for target in (1, 8, 0):
        go_to(app, network.name_of(target))
        assert app.slider(key="sparsity").value == network.categories["n_parents"].iat[target]


def test_a_sparsity_of_ones_own_goes_along(open_page, network):
    app = open_page("category", category=network.name_of(0), sparsity="1.5")
    go_to(app, network.name_of(1))
    assert app.slider(key="sparsity").value == 1.5
    app.button(key="sparsity_back").click().run()
    assert app.slider(key="sparsity").value == network.categories["n_parents"].iat[1]


def test_a_sparsity_beyond_the_path_is_brought_in(open_page):
    app = open_page()
    app.session_state["sparsity"] = 30.0  # from an example, or another network with longer paths
    app.switch_page("explorer/pages/category/category.py").run()
    assert not app.exception
    assert app.slider(key="sparsity").value == app.slider(key="sparsity").max < 30


@pytest.mark.parametrize("page", HEADERS)
def test_networks_without_any_dependency_open_on_every_page(
    open_page, atlas, network, tmp_path, page
):
    copy = tmp_path / "atlas"
    shutil.copytree(atlas.root, copy)
    for file in copy.glob("models/*/dependencies.parquet"):
        pq.write_table(pq.read_table(file).slice(0, 0), file)
    app = open_page(page, root=copy)
    assert header(app) == (HEADERS[page] or network.name_of(0))


def test_the_search_leads_to_a_category(open_page, network):
    name = network.name_of(7)
    app = open_page("category")
    app.text_input(key="find").set_value(name).run()
    app.button(key=f"found-{name}").click().run()
    assert header(app) == name


@pytest.mark.parametrize(
    ("first", "second", "best"), [(0.7, 0.9, 1), (0.9, 0.7, 0), (0.9, 0.9, 0), (None, 0.1, 1)]
)
def test_who_has_not_chosen_sees_the_best_network(open_page, atlas, tmp_path, first, second, best):
    root, models = tmp_path / "atlas", atlas.models()
    shutil.copytree(atlas.root, root)
    for model, top1 in zip(models, (first, second), strict=True):
        file = root / Atlas.model_folder(model) / schema.MODEL.file
        table = pq.read_table(file)
        row = table.to_pandas().assign(top1_holdout=np.float32(np.nan if top1 is None else top1))
        pq.write_table(type(table).from_pandas(row, schema=table.schema), file)
    assert open_page(root=root).selectbox(key="model").value == models[best]
    linked = open_page(root=root, model=models[1 - best])
    assert linked.selectbox(key="model").value == models[1 - best] and not linked.warning


@pytest.mark.parametrize(("page", "depends"), [("overview", True), ("unseen", False)])
def test_a_page_without_a_network_of_its_own_says_so(open_page, page, depends):
    side = " ".join(caption.value for caption in open_page(page).sidebar.caption)
    assert ("top-1" in side) == depends
    assert ("does not depend on it" in side) != depends


def test_filters_come_from_the_address(open_page):
    app = open_page(strength="0.4", sign="negative")
    assert app.slider(key="strength").value == 0.4
    assert any("pass the filters" in caption.value for caption in app.caption)


def test_each_list_is_made_only_when_it_is_open(open_page):
    app = open_page(list="Worst explained")
    assert not app.exception
    (table,) = app.dataframe
    assert list(table.value)[:2] == ["name", "r2"]


def test_without_an_atlas_the_page_says_what_to_do(open_page, tmp_path):
    app = open_page(root=tmp_path / "nothing")
    assert header(app) == "Welcome to the Neural Dependency Explorer"
    assert "python -m precompute demo" in app.code[0].value
    assert label(app, "button") == ["Build the demo atlas"]


def test_an_atlas_of_another_version_is_refused_in_one_line(open_page, atlas, tmp_path):
    root = tmp_path / "old"
    shutil.copytree(atlas.root, root)
    for file in root.glob("models/*/categories.parquet"):
        table = pq.read_table(file)
        pq.write_table(table.replace_schema_metadata({"schema_version": "0"}), file)
    app = open_page(root=root)
    assert not app.exception
    assert "schema version 0" in app.error[0].value


def test_the_button_builds_the_demo_and_opens_the_overview(open_page, atlas, tmp_path, monkeypatch):
    from precompute.runs import demo

    def quick(root, report):
        """The tiny atlas in place of the bundled one, which takes a minute."""
        report.progress("networks", 1, 2)
        report.say("half *done*")
        shutil.copytree(atlas.root, root)

    monkeypatch.setattr(demo, "build_demo", quick)
    app = open_page(root=tmp_path / "new")
    app.button[0].click().run()
    assert header(app) == HEADERS["overview"]
