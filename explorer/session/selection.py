"""The category that the reader has chosen, and the ways from one view to another.

The category is chosen by clicks on graphs, tables and search results, which Streamlit cannot bind to the
address, so it is mirrored here.
"""

from collections.abc import Callable, Mapping

import streamlit as st

from explorer.session import address
from explorer.session.address import CATEGORY, CATEGORY_IN_ADDRESS, CATEGORY_LEFT, Key
from explorer.session.history import History
from explorer.tables.network import Network
from explorer.words.formatting import plain


def category(network: Network) -> str | None:
    """Name of the chosen category, None before any choice. An address with another one (a link, the
    browser's back button) wins over the last click; one that the model lacks is refused aloud."""
    asked, back = st.query_params.get(CATEGORY.name), address.came_back()
    if asked is None and back:
        _choose(None)
    # The browser may not have heard yet of the address that the last run wrote.
    late = asked == CATEGORY_LEFT.get() and not back
    followed = asked not in (None, CATEGORY_IN_ADDRESS.get()) and not late
    if asked is not None and followed:
        CATEGORY.set(network.search.named(asked) or asked)
        CATEGORY_IN_ADDRESS.set(asked)
    name = CATEGORY.get()
    if name is not None and name not in network.search.index:
        _refuse_category(network, name)
        name = None
        CATEGORY.set(None)
    if name is not None:
        if followed:
            address.HISTORY.set(history().follow(name))
        publish_category(name)
    return name


def publish_category(name: str) -> None:
    """Write the chosen category into the address and into the history."""
    _choose(name)
    asked = st.query_params.get(CATEGORY.name)
    if asked != name:
        CATEGORY_LEFT.set(asked)
        st.query_params[CATEGORY.name] = name
    address.HISTORY.set(history().visit(name))


def history() -> History:
    """The categories that were visited in this session."""
    return address.HISTORY.get()


def walk(step: Callable[[History], History]) -> None:
    """Callback: take a step along the history as it is by now (a double click is two steps), on whatever
    page this is."""
    along = step(history())
    address.HISTORY.set(along)
    CATEGORY.set(along.here)
    st.rerun()


def let_go() -> None:
    """Callback: no category is chosen any more."""
    _choose(None)
    st.query_params.pop(CATEGORY.name, None)


def open_category(name: str) -> None:
    """Callback of everything that leads to a category: choose it and turn to its page."""
    CATEGORY.set(name)
    _turn("category", {CATEGORY: name})


def open_view(page: str, given: Mapping[Key, object]) -> None:
    """Callback: turn to a page with these values; on another page the sparsity is the category's own
    unless it is among them."""
    if address.SPARSITY in given:
        address.SPARSITY_CHOSEN.drop()
    elif address.PAGE.get() != page:
        address.SPARSITY_CHOSEN.set(address.SPARSITY.last)  # as if nobody had moved it
    for key, value in given.items():
        key.set(value)
    _turn(page, given)


def _turn(page: str, given: Mapping[Key, object]) -> None:
    if address.PAGE.get() == page:
        st.rerun()
    st.switch_page(address.file_of(page), query_params=address.carried(page, given))


def _choose(name: str | None) -> None:
    CATEGORY.set(name)
    CATEGORY_IN_ADDRESS.set(name)


def _refuse_category(network: Network, name: str) -> None:
    found = network.search.find(name[:80], 3)
    hint = f" Did you mean {', '.join(map(plain, found))}?" if found else ""
    on_its_page = address.PAGE.get() == "category"
    instead = f"Showing {plain(network.first_choice)} instead" if on_its_page else "None is chosen"
    st.warning(
        f"{plain(network.name)} has no category “{plain(name)}”. {instead}.{hint}",
        icon=":material/link_off:",
    )
