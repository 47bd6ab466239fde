"""Does classification survive? The curve on Models and beside a category's replacement test."""

import shutil

import pytest

from precompute.atlas import schema
from precompute.atlas.labels import from_names
from precompute.atlas.progress import Silent
from precompute.atlas.store import Atlas
from precompute.equations.fit import FitOptions
from precompute.runs.consensus import compare_models
from precompute.runs.model import ModelRun
from precompute.runs.weighted import WeightedSource
from precompute.sources.arrays import ArraySource
from tests.support.pages import header
from tests.support.planting import save


def charts(app) -> list[str]:
    return [element.proto.id for element in app.get("plotly_chart")]


def test_models_show_the_curve_its_rule_and_the_same_as_a_table(open_page, atlas):
    app = open_page("models", fit="refit")
    assert header(app)
    assert any("survival" in key for key in charts(app))
    said = " ".join(element.value for element in [*app.markdown, *app.caption])
    assert "Where classification survives" in said and "as they are, with a constant" in said
    assert "With fewer than 10 images neither is said" in said
    table = atlas.read(schema.SURVIVAL, atlas.models()[0])
    n = table["category"].nunique()
    assert f"{n} of {n} categories that have held-out images" in said
    (twin,) = [
        t.value for t in app.dataframe if "Recall kept" in t.value or "recall_kept" in t.value
    ]
    assert len(twin) == 6 * (table["n_parents"].nunique() + 1)
    assert set(twin["verdict"]) <= {"holds", "does not hold", "not decided"}
    (wide,) = [t.value for t in app.dataframe if "dense" in t.value]
    assert set(wide["model"]) == set(atlas.models())


def test_a_categorys_test_stands_beside_the_networks_curve(open_page, atlas):
    table = atlas.read(schema.SURVIVAL, atlas.models()[0])
    names = atlas.read(schema.CATEGORIES, atlas.models()[0])["name"]
    images = table.groupby("category")["n_images"].first()
    for enough, words in (
        (True, "the black line is its own"),
        (False, "too few for a line of its own"),
    ):
        found = images[(images >= 10) == enough].index
        if len(found):
            app = open_page("category", category=names[found[0]], evidence="Replacement test")
            said = " ".join(element.value for element in app.caption)
            assert not app.exception and words in said
    absent = sorted(set(range(len(names))) - set(images.index))
    app = open_page("category", category=names[absent[0]], evidence="Replacement test")
    said = " ".join(element.value for element in app.caption)
    assert "not in the sample" in said
    assert any("cannot be tested here" in box.value for box in app.info)


@pytest.fixture(scope="module")
def weighted(linked_atlas, names, planted, tmp_path_factory):
    """The linked atlas with a weighted twin of its first network."""
    folder = tmp_path_factory.mktemp("weighted")
    root = folder / "atlas"
    shutil.copytree(linked_atlas.root, root)
    files, atlas = save(folder / "input", planted, names), Atlas(root)
    source = ArraySource("planted-a", files["logits"], from_names(names), truth=files["truth"])
    options = FitOptions(max_parents=8, weight_positives=0.2)
    ModelRun(atlas, WeightedSource(atlas, source, 0.2), options, Silent(), tried=6).run()
    compare_models(atlas, Silent())
    return atlas


@pytest.mark.parametrize(
    "page", ["overview", "category", "models", "compare", "links", "redundancy"]
)
def test_a_weighted_model_is_shown_like_any_other_with_a_note(open_page, weighted, page):
    app = open_page(page, root=weighted.root, model="planted-a+positives-0.2")
    assert header(app)
    assert any("Weighted equations" in element.value for element in app.sidebar.caption)


def test_nobody_meets_it_who_did_not_ask(open_page, weighted):
    app = open_page("overview", root=weighted.root)
    assert not any("Weighted equations" in element.value for element in app.sidebar.caption)
    assert weighted.plain_models() == ["planted-a", "planted-b"]
    assert set(weighted.read(schema.CONSENSUS)["n_compared"]) == {2}
