"""Four questions to the dependencies that pass the filters; every row leads on to its category."""

from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers import lists, surprising
from explorer.answers.yardsticks import stability
from explorer.session import address, cache, place, yardsticks
from explorer.tables.network import Network
from explorer.widgets import layout
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import STABILITY, Columns, leading_table
from explorer.words.formatting import count, plain
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
SURPRISING_COLUMNS: Columns = {
    "target_name": "Category",
    "source_name": "uses",
    "reason": st.column_config.TextColumn("Why it is here", help=HELP["surprising"], width="large"),
    "coefficient": st.column_config.NumberColumn("Coefficient", format="%.3f"),
    "sense": st.column_config.NumberColumn("Steps in its sense", format="%.1f", help=HELP["sense"]),
    "r2": R2,
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
            "Strongest": partial(_strongest, network, edges),
            "Most surprising": partial(_surprising, network, passes),
            "Most depended on": partial(_depended_on, network, edges),
            "Worst explained": partial(_unexplained, network, edges),
        },
    )


def _strongest(network: Network, edges: pd.DataFrame) -> None:
    found = lists.strongest(edges)
    alt = "strongest dependencies"
    _table(network, found, found["target_name"], "strongest", EDGE_COLUMNS, alt, len(edges))


def _surprising(network: Network, passes: np.ndarray) -> None:
    """What is left of the sieve, with the reason in words; or which criterion took out how many."""
    shared = place.here().root, network.info["label_set"], network.choice
    sieved = surprising.surprising(
        network.edges, network.categories, cache.consensus(*shared),
        surprising.least_networks(cache.chance(*shared)),
        yardsticks.control(shared[0], network), passes,
    )  # fmt: skip
    asked = "; ".join(f"{said}: {count(taken)} taken out" for said, taken in sieved.steps)
    missing = "".join(f" Not asked: {said}." for said in sieved.missing)
    told = f"Of {count(int(passes.sum()))} dependencies, criterion by criterion: {asked}.{missing}"
    found = sieved.found
    if len(found):
        alt = "Dependencies that people would not expect"
        left = int(passes.sum()) - sum(taken for _, taken in sieved.steps)
        _table(network, found, found["target_name"], "surprising", SURPRISING_COLUMNS, alt, left)
        st.caption(plain(told, 1000), help=HELP["surprising"])
    else:
        layout.empty_state("Nothing surprising is left", plain(told, 1000))


def _depended_on(network: Network, edges: pd.DataFrame) -> None:
    found = lists.most_depended_on(network.categories, edges)
    alt = "Categories that most others use"
    used = edges["source"].nunique()
    _table(network, found, found["name"], "depended-on", DEPENDED_COLUMNS, alt, used)


def _unexplained(network: Network, edges: pd.DataFrame) -> None:
    explained = network.chosen["target"]
    among = explained.unique() if edges is network.edges else edges["target"].unique()
    found = lists.worst_explained(network.categories, network.chosen, among=among)
    alt = "Categories explained worst"
    all_of_them = int(explained.isin(among).sum())
    _table(network, found, found["name"], "worst-explained", WORST_COLUMNS, alt, all_of_them)


def _table(
    network: Network,
    found: pd.DataFrame,
    leads_to: pd.Series,
    key: str,
    columns: Columns,
    alt: str,
    of: int,
) -> None:
    """`of` is how many there are, of which `found` has the first."""
    shown = stability.in_words(found) if "stability" in found else found
    leading_table(
        shown, key, leads_to.tolist(), columns=columns, height=390, alt=alt
    )  # fmt: skip
    layout.cut(len(found), of, "first", "filters choose among them")
    downloads(found, f"{network.name}-{key}", key)
