"""Worked examples of this atlas, one click away, as cards or as one line on other pages."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers import examples
from explorer.answers.examples import Example
from explorer.session import cache, selection
from explorer.tables.evaluation import read_chosen
from explorer.tables.network import Network
from explorer.widgets import tour
from explorer.words.formatting import plain
from precompute.atlas import schema
from precompute.atlas.store import Atlas


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
                    "explorer/pages/glossary/glossary.py",
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
    label_set = network.info["label_set"]

    def load(model: str) -> Network | None:
        return cache.network(root, model) if model in cache.model_names(root) else None

    shared = cache.consensus(root, label_set)
    found = (
        examples.hamster_and_broccoli(network, shared, load),
        examples.cats(network),
        examples.nobody_can_explain(_held_out_r2(root, label_set)),
    )
    return [example for example in found if example is not None]


def _open(example: Example) -> None:
    selection.open_view("category", model=example.model, category=example.category, **example.view)


def _held_out_r2(root: Path, label_set: str) -> pd.DataFrame:
    """Held-out R² of every category (index: name) in every model of a label set (columns)."""
    files = [
        Atlas(root).file(schema.EVALUATION, Atlas.model_folder(m)) for m in cache.model_names(root)
    ]
    return _read_r2(str(root), label_set, tuple((str(file), cache.stamp(file)) for file in files))


@st.cache_resource(max_entries=8, show_spinner=False)
def _read_r2(root: str, label_set: str, stamps: tuple) -> pd.DataFrame:
    atlas, columns = Atlas(root), {}
    for model in atlas.models():
        if atlas.read(schema.MODEL, model)["label_set"][0] == label_set:
            names = atlas.read(schema.CATEGORIES, model, columns=["name"])["name"].to_numpy()
            rows = read_chosen(atlas, Atlas.model_folder(model), ["target", "r2"])
            columns[model] = pd.Series(rows["r2"].to_numpy(float), names[rows["target"]])
    return pd.DataFrame(columns)
