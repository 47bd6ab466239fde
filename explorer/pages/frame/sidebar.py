"""What there is on every page: the network, the search, and the way back."""

from pathlib import Path

import streamlit as st

from explorer.pages.frame import equation_links, search_keys, share
from explorer.session import address, cache, choices, place, selection
from explorer.tables.network import Network
from explorer.widgets import history_buttons
from explorer.words.formatting import count, percent, plain, plain_name
from explorer.words.help import HELP

RECENT = 8  # of the categories visited
WITHOUT_NETWORK = ("unseen",)  # pages that the choice of the network does not change


def draw(root: Path, models: list[str]) -> Network:
    """Choose the network, which is handed back, and find categories; the choices lie in the session and
    in the address."""
    with st.sidebar:
        st.markdown("#### :material/hub: Neural Dependency Explorer")
        network = _network(root, models)
        selection.category(network)
        _search(network)
        _history(network)
        share.draw(network)
        equation_links.attach(models)
    return network


def _network(root: Path, models: list[str]) -> Network:
    """The box that chooses the network, what it is, and how long its equations are; the best network where
    nobody has chosen."""
    best = cache.default_model(root, models)
    model = choices.one_of(
        "Network", address.MODEL, models, best, format_func=plain_name, help=HELP["network"]
    )
    said = st.container()
    choice = choices.choice(
        "Equations", address.CHOICE, help=HELP["choice"], on_change=_start_again
    )
    network = cache.network(root, model, choice)
    with said:
        _about(network)
    return network


def _start_again() -> None:
    """Callback of the choice: the slider along a path starts at its number, wherever it stood."""
    address.SPARSITY_CHOSEN.set(address.SPARSITY.last)


def _about(network: Network) -> None:
    info = network.info
    if place.here().page in WITHOUT_NETWORK:
        st.caption("This page does not depend on it. The search below, and other pages, do.")
    else:
        st.caption(
            f"{count(info['n_categories'])} categories · fitted on {count(info['n_fit'])} images, "
            f"judged on {count(info['n_holdout'])} others · top-1 {percent(info['top1_holdout'])}"
        )
    if info["weight_positives"]:
        st.caption(
            f"Weighted equations: a category's own images have {percent(info['weight_positives'], 0)} of "
            "the weight. Comparisons between networks leave them out."
        )


@st.fragment
def _search(network: Network) -> None:
    text = st.text_input(
        "Find a category", key=address.FIND.name, type="search", live="100ms",
        placeholder="name, WordNet id or meaning", help=HELP["find"],
    )  # fmt: skip
    found = network.search.find(text or "")
    if text and not found:
        st.caption(f"Nothing in this network is called “{plain(text)}”.")
    _links(found, "found")
    search_keys.attach(lambda typed: _open_first(network, typed))


def _history(network: Network) -> None:
    recent = selection.history().among(network.search.index).recent(RECENT)
    if recent:
        st.caption("Where you were")
        if place.here().page != "category":  # which has these buttons in its header
            with st.container(horizontal=True, gap="small"):
                history_buttons.walk_buttons(network, "history")
        _links(recent, "recent")


def _links(names: list[str], key: str) -> None:
    with st.container(gap=None, key=f"{key}-names"):
        for name in names:
            st.button(
                plain(name), key=f"{key}-{name}", type="tertiary", on_click=_open, args=(name,)
            )


def _open_first(network: Network, typed: str) -> None:
    """Callback of Enter: by what stands in the field, for the list may lag behind."""
    for name in network.search.find(typed, 1):
        _open(name)


def _open(name: str) -> None:
    address.FIND.set("")
    selection.open_category(name)
