"""Worked examples of this atlas, one click away, as cards or as one line on other pages."""

from pathlib import Path

import streamlit as st

from explorer.answers import examples
from explorer.answers.examples import Example
from explorer.session import address, cache, selection
from explorer.tables.network import Network
from explorer.widgets import tour
from explorer.words.formatting import plain


def invite(root: Path, network: Network) -> None:
    """An expander for other pages, filled only when it is opened."""
    with st.expander(
        "New here? Three worked examples, and a tour",
        icon=":material/school:", key="examples", on_change="rerun",
    ) as folded:  # fmt: skip
        if folded.open:
            cards(root, network, "invite")
            with st.container(horizontal=True, gap="small"):
                tour.start_button(network, "invite-tour", type="tertiary")
                st.page_link(
                    address.file_of("glossary"),
                    label="All words",
                    icon=":material/menu_book:",
                )


def cards(root: Path, network: Network, key: str) -> None:
    """Every example that this atlas has."""
    found = of_atlas(root, network)
    if not found:
        st.caption("None of the worked examples is in this atlas.")
        return
    with st.grid(len(found), min_column_width=280, gap="medium") as grid:
        for k, example in enumerate(found):
            with grid.cell(), st.container(border=True, height="stretch"):
                st.markdown(f"**{example.title}**  \n{example.text}")
                st.button(
                    f"Open {plain(example.category)}", key=f"{key}-{k}", icon=":material/arrow_forward:",
                    on_click=_open, args=(example,),
                )  # fmt: skip


def of_atlas(root: Path, network: Network) -> list[Example]:
    """The examples that the atlas has, told about this network or the one that shows them best."""
    label_set, choice = network.info["label_set"], network.choice

    def load(model: str) -> Network | None:
        return cache.network(root, model, choice) if model in cache.model_names(root) else None

    shared = cache.consensus(root, label_set, choice)
    found = (
        examples.hamster_and_broccoli(network, shared, load),
        examples.cats(network),
        examples.nobody_can_explain(cache.held_out_r2(root, label_set, choice)),
    )
    return [example for example in found if example is not None]


def _open(example: Example) -> None:
    given = {
        address.MODEL: example.model, address.CATEGORY: example.category,
        address.SPARSITY: example.sparsity, address.DIRECTION: example.direction,
    }  # fmt: skip
    given = {key: value for key, value in given.items() if value is not None}
    selection.open_view("category", given)
