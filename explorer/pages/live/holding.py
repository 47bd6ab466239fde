"""Whether the dependencies of the networks hold on a picture as they usually do."""

import pandas as pd
import streamlit as st

from explorer.answers.foreign import usual
from explorer.answers.foreign.usual import GONE, OPEN, UNUSUAL, USUAL
from explorer.pages.live.answers import Look, choose
from explorer.session import foreign
from explorer.tables.network import Network
from explorer.widgets import layout
from explorer.widgets.tables import Columns, leading_table
from explorer.words.formatting import plain
from explorer.words.help import HELP

MOST = 8  # equations that are listed
NUMBER = st.column_config.NumberColumn
ICONS = {
    USUAL: ":material/check_circle:",
    UNUSUAL: ":material/help:",
    GONE: ":material/heart_broken:",
    OPEN: ":material/hourglass_empty:",
}


def draw(look: Look) -> None:
    """A line for each network, and the equations that break most."""
    layout.section("Do dependencies hold here?", HELP["holding"])
    for network in look.networks.values():
        known = foreign.usual_of(look.root, network.name, network.choice)
        logits = look.logits[network.name]
        found = usual.holding(known, float(known.score(logits[None])[0]))
        st.markdown(f"{ICONS[found.kind]} **{plain(network.name)}**: {plain(found.said, 200)}")
        names = network.categories["name"].to_numpy()
        rows = usual.broken_on(known, names, logits, MOST)
        if len(rows):
            with st.expander(f"Equations of {plain(network.name)} that break most"):
                _table(network, rows)


def _table(network: Network, rows: pd.DataFrame) -> None:
    columns: Columns = {
        "category": "Category",
        "logit": NUMBER("Logit", format="%.2f"),
        "equation": NUMBER("Equation", format="%.2f", help=HELP["fit"]),
        "off": NUMBER("Off by (rms)", format="%+.1f", help=HELP["off_rms"]),
    }
    leading_table(
        rows, f"holding-{network.name}", rows["category"].tolist(), columns=columns,
        alt=f"Equations of {network.name} that break most on the picture", choose=choose,
    )  # fmt: skip
