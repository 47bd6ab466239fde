"""What is there on every page: the network, the search, and the way back."""

from pathlib import Path

import streamlit as st

from explorer import data, follow, selection, share
from explorer.text import count, percent, plain
from explorer.views import thread

RECENT = 8  # of the categories visited


def draw(root: Path, models: list[str]) -> data.Network:
    """Choose the network, which is handed back, and find categories; the choices lie in the session and
    in the address."""
    with st.sidebar:
        st.markdown("#### :material/hub: Neural Dependency Explorer")
        selection.remember("model")
        selection.refuse("model", lambda name: name in models, models[0])
        model = st.selectbox(
            "Network", models, key="model", bind="query-params", format_func=plain_name,
            help="The classifier whose logits are explained on Overview, Category, Working set, Links "
            "and Compare.",
        )  # fmt: skip
        st.session_state["atlas"] = root
        network = data.network(root, model)
        info = network.info
        st.caption(
            f"{count(info['n_categories'])} categories · fitted on {count(info['n_fit'])} images, "
            f"judged on {count(info['n_holdout'])} others · top-1 {percent(info['top1_holdout'])}"
        )
        selection.category(network)
        _search(network)
        _trail(network)
        share.draw(network)
        follow.attach(models)
    return network


def plain_name(model: str) -> str:
    """Model names are shown as they are."""
    return model


@st.fragment
def _search(network: data.Network) -> None:
    text = st.text_input(
        "Find a category", key="find", type="search", live="100ms",
        placeholder="name, WordNet id or meaning",
        help="Searches names, WordNet ids and definitions, and forgives misspellings.",
    )  # fmt: skip
    found = network.search.find(text or "")
    if text and not found:
        st.caption(f"Nothing in this network is called “{plain(text)}”.")
    _links(found, "found")


def _trail(network: data.Network) -> None:
    recent = selection.trail().among(network.search.index).recent(RECENT)
    if recent:
        st.caption("Where you were")
        if st.session_state["page"] != "category":  # which has these buttons in its header
            with st.container(horizontal=True, gap="small"):
                thread.walk_buttons(network, "trail")
        _links(recent, "recent")


def _links(names: list[str], key: str) -> None:
    with st.container(gap=None):
        for name in names:
            st.button(
                plain(name), key=f"{key}-{name}", type="tertiary", on_click=_open, args=(name,)
            )


def _open(name: str) -> None:
    st.session_state["find"] = ""
    selection.open_category(name)
