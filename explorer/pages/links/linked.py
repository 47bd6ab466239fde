"""What the views of the links page share: the pair of networks that was chosen, and the way on."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from explorer.answers.links import Link
from explorer.tables.network import Network
from explorer.theme import Palette

VIEWS = ("One category", "The pair", "Consensus")
VIEW_KEY = "view"


@dataclass(frozen=True)
class LinkedPair:
    """Target and source network, and the link between them."""

    root: Path
    target: Network
    source: Network
    link: Link
    colours: Palette


def open_equation(name: str) -> None:
    """Callback: turn to the equation of a category of the target network."""
    st.session_state["category"] = name
    st.session_state[VIEW_KEY] = VIEWS[0]
    st.rerun()
