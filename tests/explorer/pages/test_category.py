"""The controls, the graph and the files of a category, run as Streamlit runs them."""

from functools import partial

import pandas as pd
import pytest

from explorer.answers import neighbourhood
from explorer.figures.graphs import ego, pinned
from explorer.pages.category import levels
from explorer.pages.category.controls import stepped
from explorer.session.address import Key
from explorer.widgets.snapshot import Snapshot
from precompute.atlas import schema

PICTURES = {"svg", "html", "png"}


@pytest.fixture
def page(open_page):
    return partial(open_page, "category")


@pytest.fixture
def files(monkeypatch) -> list[str]:
    """The names of the files that the page offers; each is made, too."""
    names: list[str] = []
    monkeypatch.setattr(
        "streamlit.download_button",
        lambda label, make, name, mime, **rest: make() and names.append(name),
    )
    monkeypatch.setattr(Snapshot, "button", lambda self, name, key: names.append(name))
    return names


def test_a_step_leads_to_the_next_whole_number(network):
    path = network.paths[0]
    assert [stepped(path, size, up=True) for size in (0, 2, 2.05, 2.95)] == [1, 3, 3, 3]
    assert [stepped(path, size, up=False) for size in (1, 3, 3.05, 2.95)] == [0, 2, 3, 2]


def test_buttons_beside_the_slider_move_one_parent_at_a_time(page, network):
    app = page(category=network.name_of(0), sparsity="2.4")
    for key, size in (("step_up", 3), ("step_up", 4), ("step_down", 3)):
        app.button(key=key).click().run()
        assert app.slider(key="sparsity").value == size
    app.slider(key="sparsity").set_value(0.0).run()
    assert app.button(key="step_down").disabled and not app.button(key="step_up").disabled
    longest = float(network.paths[0].n_parents().max())
    app.slider(key="sparsity").set_value(longest).run()
    assert app.button(key="step_up").disabled


def test_a_button_leads_back_to_the_chosen_sparsity(page, network):
    chosen = float(network.categories["n_parents"].iat[0])
    app = page(category=network.name_of(0), sparsity=f"{chosen - 0.5}")
    assert app.button(key="sparsity_back").proto.type != "tertiary"
    app.button(key="sparsity_back").click().run()
    assert app.slider(key="sparsity").value == chosen
    assert not any(button.key == "sparsity_back" for button in app.button)


def test_the_page_says_how_much_of_the_neighbourhood_it_shows(page, network, monkeypatch):
    monkeypatch.setattr(
        neighbourhood.ego, "__kwdefaults__", {**neighbourhood.ego.__kwdefaults__, "limits": (1,)}
    )
    name = network.name_of(0)
    chosen = int(network.categories["n_parents"].iat[0])
    assert chosen > 1
    said = [caption.value for caption in page(category=name, direction="parents").caption]
    shown = f"Shown: 1 of {chosen} parents, strongest first. Equations of the others: readable (8 parents"
    assert any(text.startswith(shown) for text in said)


@pytest.mark.parametrize("fit", ["lasso", "refit"])
def test_every_sparsity_has_headings_and_the_coefficients_that_are_shown(page, network, fit):
    app = page(category=network.name_of(0), table="Every sparsity", fit=fit)
    shown = app.dataframe[-1].value
    rows = network.every_sparsity[0]
    suffix = "_refit" if fit == "refit" else ""
    assert shown[f"holdout_error{suffix}"].tolist() == rows[f"holdout_error{suffix}"].tolist()
    assert {"r2_refit", "holdout_error_refit"} <= set(shown), "least squares, as the baselines"
    for choice in schema.CHOICES:
        named = shown["choice"].str.contains(choice).to_numpy()
        assert named.tolist() == rows[choice].tolist() and named.sum() == 1
    headings = levels.headings(fit == "refit", 1.0)
    assert list(headings) == shown.columns.tolist()
    assert all(column["label"] and column["help"] for column in headings.values())


def test_a_row_of_every_sparsity_moves_the_slider(page, network, monkeypatch):
    chosen = {}
    monkeypatch.setattr(
        levels, "leading_table",
        lambda frame, key, names, *, choose, **rest: chosen.update(names=names, choose=choose),
    )  # fmt: skip
    page(category=network.name_of(0), table="Every sparsity")
    moved = {}
    monkeypatch.setattr(Key, "set", lambda key, value: moved.update({key.name: value}))
    chosen["choose"](chosen["names"][2])
    assert moved == {"sparsity": network.every_sparsity[0]["n_parents"].iat[2]}


def test_coefficients_have_one_heading_that_names_their_unit(page, network):
    from explorer.pages.pins import chain, graph
    from explorer.widgets.tables import COEFFICIENT, REFIT

    assert "logit" in COEFFICIENT["help"] and "logit" in REFIT["help"]
    for columns in (chain.COLUMNS, graph.COLUMNS):
        assert columns["coefficient"] is COEFFICIENT
        assert columns["refit"] is REFIT


def test_every_graph_is_offered_in_the_same_pictures(open_page, network, files):
    edge = network.edges.iloc[0]
    source, target = edge["source_name"], edge["target_name"]

    def pictures(of: str) -> set[str]:
        return {name.rpartition(".")[2] for name in files if of in name} & PICTURES

    open_page("category", category=source)
    assert pictures(f"-{source}") == PICTURES
    files.clear()
    open_page("pins", pins=[source, target], **{"from": source, "to": target})
    assert pictures("working-set") == PICTURES
    assert pictures(f"{source}-to-{target}") == PICTURES


def test_a_pair_that_uses_each_other_keeps_both_words(network):
    """Their lines bend to different sides, so that the words can stand apart."""
    edges = pd.DataFrame({"target": [0, 1], "source": [1, 0], "coefficient": [0.5, 0.4]})
    nodes = pinned.weighted(pinned.nodes_among([0, 1], network.categories), edges)
    from explorer import theme

    drawn = pinned.drawing(edges, nodes, network.categories, theme.LIGHT)["edges"]
    assert [edge["label"] for edge in drawn] == ["0.50", "0.40"]
    assert ego.BOW and all(edge["bow"] for edge in drawn)
