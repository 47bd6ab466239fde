"""The maps of two networks side by side: what is pointed at or chosen on one is in the light on both."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import streamlit as st

from explorer import theme
from explorer.answers import comparison
from explorer.figures.atlas_map.component import atlas_map
from explorer.files import caption
from explorer.tables.network import Network
from explorer.widgets import plain_map
from explorer.words.formatting import count, plain
from explorer.words.markup import key_html

MOST_EDGES = 30_000  # that a map draws all at once


def draw(
    sides: list[tuple[Network, np.ndarray]],
    focus: str | None,
    refit: bool,
    choose: Callable[[str | None], None],
) -> None:
    """One map for each (network, which of its dependencies are shown), with the coefficients of the
    lasso or of the `refit`. `choose` is called with the name of a chosen category, or None when the
    reader lets go of it."""
    with st.grid(len(sides), min_column_width=300, gap="medium") as grid:
        for letter, (network, shown) in zip("AB", sides, strict=True):
            with grid.cell():
                st.markdown(
                    f"**{letter}: {plain(network.name)}** · "
                    f"{count(shown.sum())} of {count(len(shown))} dependencies"
                )
                _map(letter, as_fitted(network, refit), shown, focus, choose)
    st.html(_communities([network for network, _ in sides]))


def as_fitted(network: Network, refit: bool) -> Network:
    """The network with the coefficients of the chosen fit, under a version of its own: maps send what
    they draw once per version."""
    if not refit:
        return network
    edges = comparison.fitted(network.edges, refit)
    return replace(network, edges=edges, version=f"{network.version}-refit")


def _map(
    letter: str,
    network: Network,
    shown: np.ndarray,
    focus: str | None,
    choose: Callable[[str | None], None],
) -> None:
    colours = theme.palette()
    known = network.search.index
    index = None if focus is None or focus not in known else network.index_of(focus)

    def chosen(category: int | None) -> None:
        choose(None if category is None else network.name_of(category))

    drawn = atlas_map(
        network.categories, network.edges, key=f"map-{letter}", version=network.version,
        palette=colours.communities, other_color=colours.other,
        sign_colors=(colours.positive, colours.negative), focus=index,
        kept=None if shown.all() else shown, community_names=network.community_names,
        title=f"{letter}, {network.name}", caption=caption.of_map(network), height=440,
        legend=False, linked=True, edges_drawn=int(shown.sum()) <= MOST_EDGES, on_select=chosen,
    )  # fmt: skip
    if not drawn.webgl:
        plain_map.draw(network, shown, index, f"plain-map-{letter}", chosen)


def _communities(networks: list[Network]) -> str:
    """The colour key of both maps; the first network names what both have."""
    names = {k: name for net in reversed(networks) for k, name in net.community_names.items()}
    colours = theme.palette()
    return key_html([(theme.community_colour(colours, k), names[k], "dot") for k in sorted(names)])
