"""The page on redundancy, and what it says where something cannot be known."""

import numpy as np
import pytest

from explorer.answers.redundancy import compliance
from precompute.atlas import schema
from precompute.redundancy.spectrum import effective_rank, power_law
from tests.support import redundant
from tests.support.pages import header, metrics


def captions(app) -> str:
    return "\n".join(caption.value.replace("\\", "") for caption in app.caption)


def subheaders(app) -> str:
    return "\n".join(found.value for found in app.subheader)


def table_with(app, column):
    (found,) = (table.value for table in app.dataframe if column in table.value)
    return found


def test_the_cards_say_what_the_spectrum_says(open_page, atlas):
    app = open_page("redundancy", model=atlas.models()[0])
    assert header(app) == "Redundancy"
    spectrum = atlas.read(schema.SPECTRUM, atlas.models()[0])
    cards = metrics(app)
    assert cards["Categories n"] == "40" and cards["Rank"] == "40" and cards["Width d"] == "–"
    assert cards["Effective rank"] == f"{effective_rank(spectrum['eigenvalue'].to_numpy()):.0f}"
    assert cards["Exponent"] == f"{power_law(spectrum).exponent:.2f}"
    share = table_with(app, "share")["share"]
    assert share.is_monotonic_increasing and share.iat[-1] == pytest.approx(1)


def test_with_enough_images_the_floor_is_the_yardstick(open_page, atlas):
    """Planted categories are redundant and have small errors, all others neither."""
    app = open_page("redundancy")
    rows = table_with(app, "redundancy")
    floor = atlas.read(schema.CATEGORIES, atlas.models()[0]).set_index("name")["floor"]
    np.testing.assert_allclose(rows["redundancy"], floor[rows["name"]], rtol=1e-6)
    assert rows["redundancy"].is_monotonic_increasing
    assert rows["error"].head(8).max() < rows["error"].tail(30).median()
    correlation = table_with(app, "median_error").query("n_parents == 3").iloc[0]
    assert correlation["low"] > 0.3 and correlation["spearman"] <= correlation["high"] <= 1
    assert "In its place stands" not in captions(app)


def test_what_an_array_cannot_show_is_said(open_page):
    app = open_page("redundancy")
    assert "an array of logits shows no layer" in captions(app)
    measures = set(table_with(app, "auroc")["measure"])
    assert measures == {compliance.TITLES["confusion"], compliance.TITLES["wordnet"]}
    assert "by label" in captions(app), "planted targets have no images"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("redundant")


def test_with_few_images_the_dense_error_stands_in(open_page, folder):
    atlas = redundant.few_images(folder / "few")
    app = open_page("redundancy", root=atlas.root)
    header(app)
    assert "no more fit images than categories" in captions(app)
    dense = atlas.read(schema.EVALUATION, redundant.MODEL).drop_duplicates("target")
    shown = table_with(app, "redundancy")["redundancy"]
    np.testing.assert_allclose(shown, np.sort(dense["dense_error"]), rtol=1e-6)


def test_a_narrow_layer_forces_every_floor_to_zero(open_page, folder):
    atlas = redundant.low_rank(folder / "narrow")
    app = open_page("redundancy", root=atlas.root)
    header(app)
    assert metrics(app)["Rank"] == "6"
    assert "the floor of every category is 0" in captions(app)
    assert "so narrow that every category" in captions(app)
    assert "have no WordNet ids" in captions(app)
    assert "None here" in subheaders(app)
    assert any("known in two measures" in found.value for found in app.markdown)


def test_a_wide_layer_is_not_called_narrow_when_its_images_lack_a_few_ranks(open_page, folder):
    atlas = redundant.few_images(folder / "wide")
    model = atlas.read(schema.MODEL, redundant.MODEL)
    model = model.assign(n_features=1280.0, rank=model["n_fit"] - 4)
    atlas.write(schema.MODEL, model, {}, atlas.model_folder(redundant.MODEL))
    app = open_page("redundancy", root=atlas.root)
    header(app)
    assert "no more fit images than categories" in captions(app)
    assert "so narrow" not in captions(app)


def test_the_least_explained_dependencies_are_listed(open_page, folder):
    atlas = redundant.headed(folder / "headed")
    app = open_page("redundancy", root=atlas.root)
    header(app)
    assert "Head weights are unknown" not in captions(app)
    found = atlas.read(schema.COMPLIANCE, redundant.MODEL)
    names = atlas.read(schema.CATEGORIES, redundant.MODEL)["name"]
    readable = atlas.read(schema.DEPENDENCIES, redundant.MODEL).query("choice == 'readable'")
    expected = compliance.named(found, readable, names)
    assert len(expected), "planted coefficients are strong and stable"
    assert (
        table_with(app, "source_name")["target_name"].tolist() == expected["target_name"].tolist()
    )
    assert compliance.said(expected) in captions(app)


def test_the_choice_at_the_side_moves_the_errors_and_not_the_compliance(open_page):
    readable, best = (open_page("redundancy", choice=choice) for choice in ("few", "best"))
    assert not table_with(readable, "redundancy").equals(table_with(best, "redundancy"))
    assert table_with(readable, "auroc").equals(table_with(best, "auroc"))
