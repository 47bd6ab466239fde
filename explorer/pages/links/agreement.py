"""The equation of a category inside each of two networks, beside the one between them."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers import dependencies, links, neighbourhood
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.answers.yardsticks import stability
from explorer.pages.links.views import open_equation
from explorer.session import yardsticks
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import STABILITY, on_row
from explorer.words.formatting import percent, plain
from explorer.words.help import HELP
from explorer.words.markup import equation_html


def inside(subject: Subject, refit: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The stored equations of the category inside the target and inside the source network."""
    target, source = subject.pair.target, subject.pair.source
    same = links.counterpart(subject.target, target.categories, source.categories)
    return (
        neighbourhood.stored_equation(target.edges, subject.target, refit),
        neighbourhood.stored_equation(source.edges, same, refit),
    )


def draw(
    root: Path,
    subject: Subject,
    own: pd.DataFrame,
    other: pd.DataFrame,
    agreed: pd.DataFrame,
    colours: Palette,
) -> None:
    """The same category inside each network, and every source's part in all three equations."""
    pair, name = subject.pair, subject.name
    layout.section("The same category inside each network", HELP["agreement"])
    for network, equation in ((pair.target, own), (pair.source, other)):
        terms = dependencies.named(equation, network.categories)
        with st.container(border=True, gap="xsmall"):
            st.caption(plain(network.name))
            if equation.empty:
                st.caption("This network has no equation for it.")
            else:
                st.html(equation_html(name, terms, None, network.name, colours))
    between = agreed["between"].notna()
    shared = int((between & (agreed["n_equations"] > 1)).sum())
    conflicts = int((between & ~agreed["signs_agree"]).sum())
    st.caption(
        f"**{shared} of {int(between.sum())}** sources also stand in an equation inside a network; "
        f"{conflicts} of them with another sign. {_level(root, pair)}"
    )
    number_column = {
        column: st.column_config.NumberColumn(title, format="%.3f")
        for column, title in zip(
            links.EQUATIONS, ("Between", "Inside target", "Inside source"), strict=True
        )
    }
    names = agreed["target_name"].tolist()
    key = f"agree-{pair.name}-{name}"

    def opened(row: int) -> None:
        if pd.notna(names[row]):
            open_equation(names[row])

    columns = {"source_name": "Source"} | number_column | STABILITY | {"n_equations": "Equations"}
    st.dataframe(
        stability.in_words(agreed)[list(columns)], hide_index=True, column_config=columns, height=300,
        key=key, placeholder="–", on_select=on_row(key, opened), selection_mode="single-row", lazy=False,
        alt=f"Sources of {name} in three equations",
    )  # fmt: skip
    downloads(agreed, f"{pair.target.name}--{pair.source.name}-{name}-agreement", "agree")


def _level(root: Path, pair: NetworkPair) -> str:
    """How many sources agree over all categories, and how many would by chance."""
    networks = pair.target, pair.source
    categories = [network.categories for network in networks]
    own, shuffled = (
        [network.edges for network in networks],
        [yardsticks.control(root, network) for network in networks],
    )
    seen, chance = (
        links.also_inside(pair.dependencies, *inside, *categories) for inside in (own, shuffled)
    )
    return (
        f"Over all categories of the pair, {pair.choice}: {percent(seen, 0)} of the sources do, and "
        f"{percent(chance)} would if the equations inside were those of shuffled targets."
    )
