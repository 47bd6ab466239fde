"""The links page, run as Streamlit runs it."""

import shutil
from functools import partial

import pytest

from explorer.answers import links
from explorer.answers.verdicts import links as link_verdicts
from explorer.session import cache, yardsticks
from explorer.tables.link import Link
from explorer.words.formatting import number, percent, plain
from precompute.atlas import schema
from precompute.atlas.store import Atlas
from tests.support.pages import header, metrics

TITLE = "Links between networks"
CHOICE = "readable"


@pytest.fixture
def page(open_page, linked_atlas):
    return partial(open_page, "links", root=linked_atlas.root)


@pytest.fixture
def link(linked_atlas) -> Link:
    target, source = linked_atlas.models()
    return cache.link(
        linked_atlas.root, cache.linked_pairs(linked_atlas.root)[target, source], CHOICE
    )


def test_the_equation_stands_at_its_chosen_sparsity(page, linked_atlas, link):
    name = cache.network(linked_atlas.root, link.target_model, CHOICE).name_of(3)
    app = page(category=name)
    assert header(app) == TITLE
    chosen = link.chosen[link.chosen["target"] == 3].iloc[0]
    assert app.slider(key="sparsity").value == chosen["n_parents"]
    assert metrics(app)["Held-out R²"] == number(chosen["r2"])
    assert "link_graph_drawn" in [part.key for part in app.get("bidi_component")]


def test_the_address_holds_the_whole_view(page, linked_atlas):
    first, second = linked_atlas.models()
    app = page(model=second, source=first, fit="refit", sparsity="2", category="tench")
    assert header(app) == TITLE
    assert app.selectbox(key="model").value == second
    assert app.selectbox(key="source").value == first
    assert app.slider(key="sparsity").value == 2
    assert app.session_state["fit"] == "refit"


def test_swapping_looks_from_the_other_side(page, linked_atlas):
    first, second = linked_atlas.models()
    app = page()
    assert app.selectbox(key="model").value == first
    next(button for button in app.button if button.label == "Swap").click().run()
    assert header(app) == TITLE
    assert (app.session_state["model"], app.session_state["source"]) == (second, first)


def test_the_pair_shows_its_figures_and_lists(page, link):
    app = page(view="The pair")
    assert header(app) == TITLE
    assert metrics(app)["Links"] == f"{len(link.dependencies)}"
    best = app.dataframe[0].value
    assert best["r2"].is_monotonic_decreasing
    assert page(view="The pair", order="worst").dataframe[0].value["r2"].is_monotonic_increasing


@pytest.mark.parametrize("fit", ["lasso", "refit"])
@pytest.mark.parametrize("choice", ["readable", "best"])
def test_the_pair_is_judged_in_words_with_its_interval(page, linked_atlas, link, fit, choice):
    app = page(view="The pair", fit=fit, choice=choice)
    assert header(app) == TITLE
    pairs = cache.pair_figures(linked_atlas.root, choice).set_index("target_model")
    holds, text = link_verdicts.between(pairs.loc[link.target_model], fit == "refit")
    assert holds is False, "planted combinations of one network are not in the other"
    assert [box.value for box in app.warning] == [plain(text, 500)]
    assert app.dataframe[-1].value["verdict"].tolist() == ["does not hold"] * 2


def test_agreement_with_the_equations_inside_has_its_chance_level(page, linked_atlas, link):
    app = page()
    models = linked_atlas.models()
    networks = [cache.network(linked_atlas.root, model, CHOICE) for model in models]
    categories = [network.categories for network in networks]
    levels = [
        links.also_inside(link.dependencies, *inside, *categories)
        for inside in (
            [network.edges for network in networks],
            [yardsticks.control(linked_atlas.root, network) for network in networks],
        )
    ]
    said = [caption.value for caption in app.caption if "Over all categories" in caption.value]
    assert len(said) == 1
    assert f"{percent(levels[0], 0)} of the sources do, and {percent(levels[1])} would" in said[0]


def test_a_network_of_plain_names_finds_its_counterparts(linked_atlas, open_page, tmp_path):
    root = tmp_path / "named"
    shutil.copytree(linked_atlas.root, root)
    atlas = Atlas(root)
    source = atlas.models()[1]
    rows = atlas.read(schema.CATEGORIES, source)
    atlas.write(schema.CATEGORIES, rows.assign(synset=None), {}, atlas.model_folder(source))
    name = cache.network(root, source, CHOICE).name_of(
        0
    )  # planted, so both networks have an equation
    app = open_page("links", root=root, category=name)
    assert header(app) == TITLE
    assert not any("no equation for it" in caption.value for caption in app.caption)
    shared = app.dataframe[0].value.dropna(subset=["in_target", "in_source"])
    assert len(shared), "and these have sources in common"


def test_the_consensus_lists_what_is_shared(page, linked_atlas):
    app = page(view="Consensus", shared="one network")
    assert header(app) == TITLE
    assert metrics(app)["Networks"] == "2"
    table = app.dataframe[-1].value
    assert (table["n_models"] == 1).all()


@pytest.mark.parametrize("choice", schema.CHOICES)
def test_the_consensus_stands_beside_what_chance_gives(page, linked_atlas, choice):
    app = page(view="Consensus", choice=choice)
    label_set = linked_atlas.read(schema.MODEL, linked_atlas.models()[0])["label_set"].iat[0]
    chance = cache.chance(linked_atlas.root, label_set, choice).sort_values("n_models")
    table = app.dataframe[0].value
    assert table["n"].tolist() == chance["n_dependencies"].tolist()
    assert table["chance"].tolist() == chance["n_shuffled"].tolist()
    assert any("shuffled, so that there is nothing to find" in text.value for text in app.caption)


def test_without_chance_the_consensus_says_that_it_has_none(open_page, linked_atlas, tmp_path):
    root = tmp_path / "old"
    shutil.copytree(linked_atlas.root, root)
    (root / schema.CHANCE.file).unlink()
    app = open_page("links", root=root, view="Consensus")
    assert header(app) == TITLE
    assert any("does not say what shuffled" in caption.value for caption in app.caption)


def test_sign_conflicts_alone(page):
    app = page(view="Consensus", conflicts="true", shared="several")
    assert header(app) == TITLE
    # Two networks are either one or all: nothing can be shared by several.
    assert any("None" in title.value for title in app.subheader)


def test_an_unknown_source_is_refused_aloud(page):
    app = page(source="resnet5000")
    assert header(app) == TITLE
    assert any("resnet5000" in warning.value for warning in app.warning)


def test_without_links_the_page_says_how_to_make_one(open_page):
    app = open_page("links")
    assert header(app) == TITLE
    assert any("python -m precompute link" in text.value for text in app.markdown)
