"""The overview's filters, run as Streamlit runs them."""

import shutil
from functools import partial

import numpy as np
import pyarrow.parquet as pq
import pytest

from explorer.answers import dependencies, lists
from explorer.session import address
from explorer.tables.search import SearchIndex
from explorer.words.formatting import count
from tests.support.pages import header

TITLE = "Overview of dependencies"


@pytest.fixture
def page(open_page):
    return partial(open_page, "overview")


def said(app) -> str:
    assert header(app) == TITLE
    return " ".join(caption.value for caption in app.caption)


def passing(passes: np.ndarray) -> str:
    return f"{count(passes.sum())} of {count(len(passes))} dependencies pass"


def test_every_filter_comes_from_the_address(page, network):
    word = network.branches.words[0]
    community = list(network.community_names)[0]
    members = (network.categories["community"] == community).to_numpy()
    passes = dependencies.passing(
        network.edges, r2=(0.5, 0.99), solved="solved exactly", parents=(2, 6), strength=0.2,
        sign="negative", among=members & network.branches.mask(word),
    )  # fmt: skip
    app = page(
        r2=["0.5", "0.99"], certificate="solved exactly", parents=["2", "6"], strength="0.2",
        sign="negative", branch=word, communities=network.community_names[community],
    )  # fmt: skip
    assert passing(passes) in said(app) and not app.warning


def test_the_lists_obey_the_filters(page, network):
    word = network.branches.words[0]
    passes = dependencies.passing(network.edges, among=network.branches.mask(word))
    assert 0 < passes.sum() < len(passes)
    for name, wanted in (
        ("Strongest", lists.strongest(network.edges[passes])["target_name"]),
        ("Most depended on",
         lists.most_depended_on(network.categories, network.edges[passes])["name"]),
        ("Worst explained",
         lists.worst_explained(network.categories, network.chosen,
                                 among=network.edges["target"][passes])["name"]),
    ):  # fmt: skip
        (table,) = page(branch=word, list=name).dataframe
        assert table.value.iloc[:, 0].tolist() == wanted.tolist(), name


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("branch", "unicorn"),
        ("certificate", "perhaps"),
        ("communities", "[no such](http://x)"),
        ("r2", "0.5"),
        ("r2", ["0.9", "0.1"]),
        ("r2", ["nan", "1"]),
        ("parents", ["1", "99"]),
        ("strength", "-inf"),
    ],
)
def test_what_cannot_be_filtered_by_is_refused_aloud(page, key, value):
    app = page(**{key: value})
    assert header(app) == TITLE
    assert any(f"asks for {key} " in warning.value for warning in app.warning)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("r2", ["0.9", "0.1"]),
        ("parents", ["3", "99"]),
        ("strength", "99"),
        ("sign", "weird"),
        ("certificate", "certified"),  # what older addresses say
    ],
)
def test_what_is_refused_filters_nothing(page, key, value):
    app = page(**{key: value})
    assert any(f"asks for {key} " in warning.value for warning in app.warning)
    assert "dependencies pass" not in said(app)
    assert key not in app.query_params
    app.run()
    assert not app.warning and "dependencies pass" not in said(app)


def test_a_refusal_is_said_outside_the_folded_filters(page):
    app = page(sign="weird", branch="zzz", strength="abc", r2="1", parents="x", certificate="?")
    assert len(app.warning) == 6
    (folded,) = (box for box in app.get("popover") if box.get("slider"))
    assert not folded.get("warning")


def test_the_browsers_back_button_takes_a_branch_away(page, network, monkeypatch):
    word = network.branches.words[0]
    app = page(branch=word)
    assert "dependencies pass" in said(app)
    monkeypatch.setattr(address, "came_back", lambda: True)
    del app.query_params["branch"]
    app.run()
    assert "dependencies pass" not in said(app)
    assert app.session_state["branch"] is None and "branch" not in app.query_params


@pytest.mark.parametrize("hits", [0, 1, 40, 41, 118])
def test_the_page_says_how_many_are_marked(page, network, monkeypatch, hits):
    names = [network.name_of(k % len(network.categories)) for k in range(hits)]
    monkeypatch.setattr(SearchIndex, "every", lambda self, text: names)
    wanted = {0: "Nothing in this network is called “dog”.", 1: "1 marked.", 40: "40 marked."}
    assert wanted.get(hits, f"40 of {hits} found are marked") in said(page(mark="dog"))


def test_where_nothing_passes_one_click_brings_everything_back(page):
    app = page(certificate="not solved exactly")
    assert "0 of" in said(app)
    assert any("Nothing passes" in title.value for title in app.subheader)
    (clear,) = (button for button in app.button if button.label == "Clear filters")
    clear.click().run()
    assert "dependencies pass" not in said(app)
    assert len(app.dataframe) == 1


def test_a_reader_keeps_the_filters_that_another_network_can_have(page, atlas, network):
    app = page(strength="99", parents=["2", "8"], branch=network.branches.words[0])
    app.selectbox(key="model").set_value(atlas.models()[1]).run()
    assert header(app) == TITLE
    assert app.session_state["parents"] == (2, 8)
    assert app.session_state["branch"] == network.branches.words[0]


def test_without_wordnet_the_page_says_why_it_has_no_branches(page, atlas, tmp_path):
    root = tmp_path / "plain"
    shutil.copytree(atlas.root, root)
    for file in root.glob("models/*/categories.parquet"):
        table = pq.read_table(file)
        bare = table.to_pandas()
        bare["synset"], bare["hypernyms"] = None, [[]] * len(bare)
        pq.write_table(type(table).from_pandas(bare, schema=table.schema), file)
    app = page(root=root, branch="dog")
    assert "No filter by WordNet branch" in said(app)
    assert not [box for box in app.selectbox if box.key == "branch"]
