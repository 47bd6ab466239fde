"""Choose one category by its name, in networks of any size."""

from collections.abc import Callable

import streamlit as st

from explorer.session import address, choices
from explorer.session.address import Key
from explorer.tables.network import Network
from explorer.words.formatting import plain

LONGEST_LIST = 3000  # options that a browser shows at once; more are searched on the server
HITS = 8
PLACEHOLDER = "name, WordNet id or meaning"


def pick(network: Network, label: str, key: Key, meaning: str) -> str | None:
    """Name of the chosen category, in the address under `key`; None as long as there is none."""
    if len(network.search.names) <= LONGEST_LIST:
        return _listed(network, label, key, meaning)
    return _searched(network, label, key, meaning)


def _listed(network: Network, label: str, key: Key, meaning: str) -> str | None:
    index = network.search.index
    address.recall(key)
    if key.get() not in index:
        key.drop()
    tied = choices.tie(key, None, lambda name: name in index, instead="none")
    return st.selectbox(
        label, network.search.names, index=None, placeholder="Choose or type a name", help=meaning,
        **tied,
    )  # fmt: skip


def _searched(network: Network, label: str, key: Key, meaning: str) -> str | None:
    text = st.text_input(
        label, type="search", live="300ms", placeholder=PLACEHOLDER, help=meaning,
        **choices.tie(key, ""),
    )  # fmt: skip
    if text in network.search.index:
        return text
    hits(network, text, key, key.set)
    return None


def hits(network: Network, text: str | None, key: Key, take: Callable[[str], None]) -> None:
    """What a search finds, as buttons that call `take` with the name."""
    found = network.search.find(text or "", HITS)
    if text and not found:
        st.caption(f"Nothing in this network is called “{plain(text)}”.")
    with st.container(horizontal=True, gap="small"):
        for name in found:
            st.button(
                plain(name), key=f"{key.name}-{name}", type="tertiary", on_click=take, args=(name,)
            )
