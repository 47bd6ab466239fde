"""Choose one category by its name, in networks of any size."""

from collections.abc import Callable

import streamlit as st

from explorer.session import selection
from explorer.tables.network import Network
from explorer.words.formatting import plain

LONGEST_LIST = 3000  # options that a browser shows at once; more are searched on the server
HITS = 8
PLACEHOLDER = "name, WordNet id or meaning"


def pick(network: Network, label: str, key: str, meaning: str) -> str | None:
    """Name of the chosen category, in the address under `key`; None as long as there is none."""
    selection.remember(key)
    if len(network.search.names) <= LONGEST_LIST:
        return _listed(network, label, key, meaning)
    return _searched(network, label, key, meaning)


def _listed(network: Network, label: str, key: str, meaning: str) -> str | None:
    index = network.search.index
    selection.refuse(key, lambda name: name in index, "none")
    if st.session_state.get(key) not in index:
        st.session_state.pop(key, None)
    return st.selectbox(
        label, network.search.names, index=None, key=key, bind="query-params",
        placeholder="Choose or type a name", help=meaning,
    )  # fmt: skip


def _searched(network: Network, label: str, key: str, meaning: str) -> str | None:
    text = st.text_input(
        label, key=key, bind="query-params", type="search", live="300ms",
        placeholder=PLACEHOLDER, help=meaning,
    )  # fmt: skip
    if text in network.search.index:
        return text
    hits(network, text, key, lambda name: st.session_state.update({key: name}))
    return None


def hits(network: Network, text: str | None, key: str, take: Callable[[str], None]) -> None:
    """What a search finds, as buttons that call `take` with the name."""
    found = network.search.find(text or "", HITS)
    if text and not found:
        st.caption(f"Nothing in this network is called “{plain(text)}”.")
    with st.container(horizontal=True, gap="small"):
        for name in found:
            st.button(
                plain(name), key=f"{key}-{name}", type="tertiary", on_click=take, args=(name,)
            )
