"""The map for browsers without WebGL: the same dots, colours and clicks, drawn by Plotly."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from explorer import theme
from explorer.figures import plain_map
from explorer.files import caption
from explorer.tables.network import Network
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.words.formatting import count, plain

DRAWN_EDGES = 1500  # strongest ones that are drawn at once


def draw(
    network: Network,
    passes: np.ndarray,
    focus: int | None,
    key: str,
    choose: Callable[[int], None],
) -> None:
    """Everything without a dependency that `passes` (m,) bool is grey; a click on a dot chooses it."""
    kept = network.edges[passes]
    lit = np.full(len(network.categories), bool(passes.all()))
    lit[np.union1d(kept["target"], kept["source"])] = True
    figure = plain_map.map_plot(
        network.categories, kept.head(DRAWN_EDGES), lit, focus, network.community_names,
        theme.palette(),
    )  # fmt: skip

    def clicked() -> None:
        points = st.session_state[key].selection.points
        if points and "customdata" in points[0]:
            found = points[0]["customdata"]
            choose(int(found[0] if isinstance(found, list) else found))

    alt = f"Map of {len(lit)} categories and {len(kept)} dependencies of {plain(network.name)}"
    lines = (
        f"Dependencies in {network.name}; lines: the strongest {count(DRAWN_EDGES)} at most.",
        caption.of_network(network),
    )
    chart(figure, key, alt, lines, clicked)
    layout.cut(DRAWN_EDGES, len(kept), "strongest", "the others are not drawn")
