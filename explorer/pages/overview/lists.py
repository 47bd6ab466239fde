"""Four questions to the dependencies that pass the filters; every row leads on to its category."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers import lists
from explorer.answers.yardsticks import stability
from explorer.session import address
from explorer.tables.network import Network
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import STABILITY, Columns, leading_table
from explorer.words.help import HELP

R2 = st.column_config.NumberColumn("Held-out R²", format="%.2f", help=HELP["r2_of_target"])
EDGE_COLUMNS: Columns = {
    "target_name": "Category",
    "source_name": "uses",
    "coefficient": st.column_config.NumberColumn("Coefficient", format="%.3f"),
    **STABILITY,
    "r2": R2,
    "distance": st.column_config.NumberColumn("WordNet steps", format="%d", help=HELP["distance"]),
}
DEPENDED_COLUMNS: Columns = {
    "name": "Category",
    "n_children": st.column_config.NumberColumn("Used by", help=HELP["used_by"]),
    "n_parents": st.column_config.NumberColumn("Uses", help=HELP["uses"]),
    "definition": "Meaning",
}
WORST_COLUMNS: Columns = {
    "name": "Category",
    "r2": R2,
    "holdout_error": st.column_config.NumberColumn("Held-out error", format="%.2f"),
    "n_parents": "Parents",
    "definition": "Meaning",
}


def draw(network: Network, passes: np.ndarray) -> None:
    """`passes` (m,) bool says which of the network's dependencies count."""
    edges = network.edges if passes.all() else network.edges[passes]
    layout.lazy_tabs(
        address.LIST,
        {
            "Strongest": partial(_edges, network, lists.strongest(edges), "strongest"),
            "Most surprising": partial(_surprising, network, edges),
            "Most depended on": partial(_depended_on, network, edges),
            "Worst explained": partial(_unexplained, network, edges),
        },
    )


def _edges(network: Network, found: pd.DataFrame, key: str) -> None:
    _table(network, found, found["target_name"], key, EDGE_COLUMNS, f"{key} dependencies")


def _surprising(network: Network, edges: pd.DataFrame) -> None:
    found = lists.most_surprising(edges)
    if len(found):
        _edges(network, found, "surprising")
    else:
        layout.empty_state(
            "No WordNet here",
            "No dependency that passes has WordNet ids at both ends, so nothing is far apart.",
        )


def _depended_on(network: Network, edges: pd.DataFrame) -> None:
    found = lists.most_depended_on(network.categories, edges)
    alt = "Categories that most others use"
    _table(network, found, found["name"], "depended-on", DEPENDED_COLUMNS, alt)


def _unexplained(network: Network, edges: pd.DataFrame) -> None:
    among = None if edges is network.edges else edges["target"].unique()
    found = lists.worst_explained(network.categories, network.chosen, among=among)
    alt = "Categories explained worst"
    _table(network, found, found["name"], "worst-explained", WORST_COLUMNS, alt)


def _table(
    network: Network,
    found: pd.DataFrame,
    leads_to: pd.Series,
    key: str,
    columns: Columns,
    alt: str,
) -> None:
    shown = stability.in_words(found) if "stability" in found else found
    leading_table(
        shown, key, leads_to.tolist(), columns=columns, height=390, alt=alt
    )  # fmt: skip
    downloads(found, f"{network.name}-{key}", key)
