"""Back and forward, the pin and the working set's page, run as Streamlit runs them."""

from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from explorer.answers.chains import ChainFinder
from explorer.pages.pins import pick
from explorer.session import address
from explorer.session.working_set import MOST
from tests.support.pages import equations, header


@pytest.fixture
def page(open_page):
    return partial(open_page, "pins")


def pinned(app: AppTest) -> list[str]:
    return app.multiselect(key="pinned").value


def asked(app: AppTest, key: str) -> list[str]:
    """All values of a key in the address."""
    found = app.query_params[key]
    return [found] if isinstance(found, str) else list(found)


def said(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.warning, *app.error))


def test_back_and_forward_and_a_new_choice(open_page, network):
    first, second, third = (network.name_of(k) for k in (0, 1, 2))
    app = open_page("category", category=first)
    assert app.button(key="walk-Back").disabled and app.button(key="walk-Forward").disabled
    app.query_params["category"] = second
    app.run()
    app.button(key="walk-Back").click().run()
    assert header(app) == first
    app.button(key="walk-Forward").click().run()
    assert header(app) == second
    app.button(key="walk-Back").click().run()
    app.query_params["category"] = third
    app.run()
    assert app.button(key="walk-Forward").disabled
    assert not any(button.key == "history-Back" for button in app.button)  # once on a page


def test_a_second_click_before_the_page_is_drawn_again_is_a_second_step(open_page, network):
    names = [network.name_of(k) for k in (0, 1, 2)]
    app = open_page("category", category=names[0])
    for name in names[1:]:
        app.query_params["category"] = name
        app.run()
    app.button(key="walk-Back").click().run()
    app.query_params["category"] = names[2]  # the browser has not heard of the first step yet
    app.button(key="walk-Back").click().run()
    assert header(app) == names[0]


def test_the_browsers_back_button_may_lead_to_where_nothing_was_chosen(
    open_page, network, monkeypatch
):
    app = open_page("category", category=network.name_of(0))
    app.switch_page("explorer/pages/pins/pins.py").run()
    monkeypatch.setattr(address, "came_back", lambda: True)
    app.query_params.pop("category", None)
    app.run()
    assert app.session_state["category"] is None and "category" not in app.query_params


def test_other_pages_have_the_buttons_at_the_side(open_page, network):
    app = open_page("category", category=network.name_of(0))
    app.query_params["category"] = network.name_of(1)
    app.run()
    app.switch_page("explorer/pages/pins/pins.py").run()
    app.button(key="history-Back").click().run()
    assert header(app) == "Working set"
    assert asked(app, "category") == [network.name_of(0)]


def test_the_pin_puts_in_and_takes_out(open_page, network):
    name = network.name_of(3)
    app = open_page("category", category=name)
    app.button(key="pin").click().run()
    assert app.button(key="pin").label == "Unpin"
    app.switch_page("explorer/pages/pins/pins.py").run()
    assert pinned(app) == [name]
    assert asked(app, "pins") == [name]
    app.switch_page("explorer/pages/category/category.py").run()
    app.button(key="pin").click().run()
    assert app.button(key="pin").label == "Pin"


def test_the_address_names_the_set_and_what_it_lacks_is_said(page, network):
    names = [network.name_of(k) for k in (5, 2)]
    app = page(pins=[names[0], "no [such](x), <b>", names[1]], set="mine, “too” & more")
    assert pinned(app) == names
    assert app.text_input(key="set_name").value == "mine, “too” & more"
    assert "no \\[such\\]\\(x\\), \\<b\\>" in said(app)
    next(button for button in app.button if button.label == "Forget them").click().run()
    assert said(app) == "" and pinned(app) == names


def test_an_address_with_too_many_is_cut_aloud(page, network):
    asked = [*network.search.names, *(f"new {k}" for k in range(MOST))]
    app = page(pins=asked)
    assert pinned(app) == network.search.names[:MOST]
    assert f"pins {len(asked)} categories" in said(app)


def test_a_set_is_edited_named_kept_opened_and_cleared(page, network):
    names = [network.name_of(k) for k in (0, 1, 2)]
    app = page(pins=names[:2])
    app.button(key="keep").click().run()  # it has no name yet
    assert [toast.value for toast in app.toast] == ["Give the set a name first."]
    assert not any(button.key.startswith("open-") for button in app.button if button.key)
    app.text_input(key="set_name").set_value(" pets\n").run()
    assert asked(app, "set") == ["pets"]
    app.button(key="keep").click().run()
    app.multiselect(key="pinned").set_value(names).run()
    assert asked(app, "pins") == names
    app.button(key="clear").click().run()
    assert pinned(app) == [] and "pins" not in app.query_params
    app.button(key="open-pets").click().run()
    assert pinned(app) == names[:2] and asked(app, "set") == ["pets"]
    app.button(key="forget-pets").click().run()
    assert not any(button.key == "open-pets" for button in app.button)
    assert pinned(app) == names[:2]  # what is open stays open


def test_what_was_cleared_by_mistake_is_restored(page, network):
    names = [network.name_of(k) for k in (0, 1, 2)]
    app = page(pins=names, set="pets")
    assert not any(button.key == "restore" for button in app.button)
    app.button(key="clear").click().run()
    app.button(key="restore").click().run()
    assert pinned(app) == names and asked(app, "set") == ["pets"]
    assert not any(button.key == "restore" for button in app.button)


def test_keep_may_be_pressed_while_the_name_is_being_typed(page, network):
    app = page(pins=network.name_of(0))
    assert not app.button(key="keep").disabled
    app.text_input(key="set_name").set_value("pets")
    app.button(key="keep").click().run()  # both reach the server in one run
    assert app.button(key="open-pets") and app.button(key="keep").label == "Kept"


def test_a_link_does_not_lose_what_the_browser_had_open():
    def script():
        from types import SimpleNamespace

        import streamlit as st

        from explorer.session import kept_sets, working_set

        old = working_set.WorkingSet.of("", ["cat", "dog"])
        st.session_state["working_set"] = working_set.WorkingSet.of("shared", ["hamster"])
        st.session_state["shelf"] = SimpleNamespace(
            found={"": working_set.to_json(old), "bad": "{"}
        )
        kept_sets._take_in()
        st.session_state["seen"] = kept_sets.current().name, dict(kept_sets.kept())
        st.session_state["written"] = list(st.session_state["shelf_changes"])

    app = AppTest.from_function(script).run()
    assert not app.exception
    name, kept = app.session_state["seen"]
    assert name == "shared"
    assert kept["before the link"].categories == ("cat", "dog")
    assert app.session_state["written"] == ["before the link"]


def test_graph_and_table_show_the_same_edges(page, network):
    chosen = network.edges["target"].iat[0], network.edges["source"].iat[0]
    names = [network.name_of(k) for k in chosen]
    inside = network.edges["target"].isin(chosen) & network.edges["source"].isin(chosen)
    app = page(pins=names)
    shown = app.dataframe[1].value
    assert shown["coefficient"].tolist() == network.edges.loc[inside, "coefficient"].tolist()
    app = page(pins=names, scope="with their parents")
    shown = app.dataframe[1].value
    assert len(shown) == network.edges["target"].isin(chosen).sum()


def chain_of(network, source: str, target: str):
    finder = ChainFinder(network.edges, len(network.categories))
    return finder.shortest(network.index_of(source), network.index_of(target))


def test_the_chain_of_the_address_is_shown_both_ways(page, network):
    source, target = network.name_of(20), network.name_of(3)
    app = page(**{"from": source, "to": target})
    empty = sum("No chain" in element.value for element in app.subheader)
    found = [chain_of(network, *ends) for ends in ((source, target), (target, source))]
    assert len(equations(app)) == sum(chain is not None for chain in found) == 2 - empty
    chain = found[0]
    assert any("product of the coefficients" in caption.value for caption in app.caption)
    for name in [source, *chain["target_name"]]:
        assert name in equations(app)[0]


def test_an_end_that_is_no_category_is_said_aloud(page):
    app = page(**{"from": "nobody"})
    assert header(app) == "Working set" and "nobody" in said(app)
    assert any("Choose two categories" in caption.value for caption in app.caption)


def test_in_a_large_network_one_searches_instead_of_scrolling(page, network, monkeypatch):
    monkeypatch.setattr(pick, "LONGEST_LIST", 10)
    source, target = network.name_of(20), network.name_of(3)
    app = page(**{"from": source})
    assert len(app.selectbox) == 1  # the network
    app.text_input(key="to").set_value(target[:-1]).run()
    app.button(key=f"to-{target}").click().run()
    assert app.text_input(key="to").value == target
    assert len(equations(app)) >= 1
    app.text_input(key="pin_find").set_value(target[:-1]).run()
    app.button(key=f"pin_find-{target}").click().run()
    assert pinned(app) == [target]
    app.multiselect(key="pinned").set_value([]).run()
    assert pinned(app) == []
