"""Two networks side by side, run as Streamlit runs them."""

from functools import partial

import numpy as np
import pandas as pd
import pytest

from explorer import theme
from explorer.answers import comparison
from explorer.figures.graphs import compared
from explorer.pages.compare import two_maps
from explorer.session import yardsticks
from explorer.words.formatting import count, percent, plain
from tests.support.pages import components, header, metrics

TITLE = "Two networks side by side"


@pytest.fixture
def page(open_page):
    return partial(open_page, "compare")


def table(networks, **options):
    a, b = networks
    return comparison.compare(a.edges, b.edges, set(a.search.names), **options)


@pytest.mark.parametrize("fit", ["lasso", "refit"])
def test_the_figures_count_every_dependency_once(page, networks, fit):
    app = page(fit=fit)
    assert header(app) == TITLE
    found = comparison.counts(table(networks, refit=fit == "refit"))
    shown = {label.lower(): value for label, value in metrics(app).items()}
    flipped, stable = comparison.stable_flips(table(networks, refit=True))
    sure = {"flips among stable": percent(flipped / stable if stable else None)}
    assert shown == {kind.lower(): count(n) for kind, n in found.items()} | sure


@pytest.mark.parametrize("fit", ["lasso", "refit"])
def test_what_both_have_stands_beside_what_their_shuffled_targets_give(page, atlas, networks, fit):
    one, other = (yardsticks.control(atlas.root, network) for network in networks)
    names = set(networks[0].search.names)
    chance = comparison.counts(comparison.compare(one, other, names, refit=fit == "refit"))
    found = comparison.counts(table(networks, refit=fit == "refit"))
    app = page(fit=fit)
    notes = {metric.label.lower(): metric.delta for metric in app.metric}
    assert notes["shared"] == f"{count(chance['shared'])} by chance"
    assert notes["sign flip"] == f"{count(chance['sign flip'])} by chance"
    assert not notes["only in a"] and not notes["only in b"]
    assert plain(comparison.said(found, chance), 500) in [caption.value for caption in app.caption]
    # The control: planted networks agree on more, though 36 of 40 targets of each are noise.
    assert found["shared"] > 1.5 * (chance["shared"] + chance["sign flip"])


def test_both_maps_turn_to_the_category_of_the_address(page, networks):
    name = networks[0].name_of(7)
    maps = components(page(category=name), "geometry")
    assert [given["focus"] for given in maps] == [network.index_of(name) for network in networks]
    assert all(given["linked"] and not given["legend"] for given in maps)
    unfocused = components(page(), "geometry")
    assert [given["focus"] for given in unfocused] == [None, None]


def test_maps_draw_the_coefficients_that_the_switch_chose(page, networks):
    lasso, refit = (
        [given["geometry"] for given in components(page(fit=fit), "geometry")]
        for fit in ("lasso", "refit")
    )
    assert len({*lasso, *refit}) == 4  # each network and each fit has a geometry of its own
    for network in networks:
        assert two_maps.as_fitted(network, refit=False) is network
        seen = two_maps.as_fitted(network, refit=True)
        assert seen.version != network.version
        np.testing.assert_array_equal(seen.edges["strength"], network.edges["refit"].abs())
        np.testing.assert_array_equal(seen.edges["sign"], np.sign(network.edges["refit"]))
        ends = ["target", "source"]  # rows keep their places: masks name them
        pd.testing.assert_frame_equal(seen.edges[ends], network.edges[ends])


def test_kinds_decide_which_dependencies_the_maps_and_the_list_show(page, networks):
    app = page(kind="only in A")
    rows = comparison.of_kinds(table(networks), ["only in A"])
    said = [text.value for text in app.markdown]
    assert any(f"{count(len(rows))} of {count(len(networks[0].edges))} dep" in s for s in said)
    assert any(f"0 of {count(len(networks[1].edges))} dep" in s for s in said)
    assert app.dataframe[0].value["target_name"].tolist() == rows["target_name"].tolist()
    everything = components(page(), "geometry")
    assert [given["kept"] for given in everything] == [None, None]


@pytest.mark.parametrize(
    ("key", "value"), [("other", "resnet5000"), ("kind", "<b>"), ("fit", "ols")]
)
def test_an_address_that_cannot_be_shown_falls_back_aloud(page, key, value):
    app = page(**{key: value})
    assert header(app) == TITLE
    assert any(f"asks for {key} " in warning.value for warning in app.warning)


def test_the_tables_say_what_the_graphs_draw(page, networks):
    name = networks[0].name_of(5)
    app = page(category=name)
    wanted = comparison.equations(networks[0].edges, networks[1].edges, name)
    twin = app.dataframe[-1].value
    assert twin["source_name"].tolist() == wanted["source_name"].tolist()
    for side, graph in zip("ab", components(app, "nodes"), strict=True):
        assert [node["name"] for node in graph["nodes"][1:]] == wanted["source_name"].tolist()
        assert len(graph["edges"]) == wanted[f"coefficient_{side}"].notna().sum()


def test_sources_have_one_place_and_kinds_a_shape_and_a_colour():
    networks = [edges("a b 0.9", "a c 0.5", "a d -0.2"), edges("a b 0.1", "a c -0.4", "a e 0.3")]
    found = comparison.equations(*networks, "a")
    assert found["kind"].tolist() == list(comparison.KINDS)
    left, right = (compared.drawing(found, "a", side, theme.LIGHT) for side in "ab")
    places = [[(node["name"], node["x"], node["y"]) for node in g["nodes"]] for g in (left, right)]
    assert places[0] == places[1]
    assert [node.get("symbol") for node in left["nodes"]] == [
        None, "circle", "triangle", "diamond", "circle",
    ]  # fmt: skip
    assert [node.get("hollow", False) for node in left["nodes"]] == [False] * 4 + [
        True
    ]  # no source here
    assert [edge["source"] for edge in left["edges"]] == [1, 2, 3]
    assert [edge["source"] for edge in right["edges"]] == [1, 2, 4]
    assert [bool(edge["dash"]) for edge in left["edges"]] == [False, False, True]
    assert [bool(edge["dash"]) for edge in right["edges"]] == [False, True, False]
    assert len({edge["colour"] for edge in left["edges"]}) == 3


def test_only_the_strongest_sources_are_drawn_in_their_order():
    rows = [f"a s{k} {(k * 7 % 40 + 1) / 100}" for k in range(40)]
    found = comparison.equations(edges(*rows), edges(*rows[:10]), "a")
    shown = compared.shown(found)
    assert len(shown) == compared.LIMIT
    assert shown["strength"].min() >= found["strength"].nlargest(compared.LIMIT).min()
    assert shown.index.is_monotonic_increasing


def edges(*rows: str):
    parts = [row.split() for row in rows]
    return pd.DataFrame(
        [(target, source, float(weight)) for target, source, weight in parts],
        columns=["target_name", "source_name", "coefficient"],
    )


def test_masks_name_each_networks_own_rows(networks):
    found = comparison.of_kinds(table(networks), ["shared"])
    ends = ["target_name", "source_name"]
    pairs = []
    for network, column in zip(networks, ("row_a", "row_b"), strict=True):
        mask = comparison.mask(found[column], len(network.edges))
        pairs.append(set(network.edges.loc[mask, ends].itertuples(index=False, name=None)))
    assert pairs[0] == pairs[1] and len(pairs[0]) == len(found) > 0
    assert comparison.mask(pd.Series([2.0, np.nan, 0.0]), 4).tolist() == [True, False, True, False]
