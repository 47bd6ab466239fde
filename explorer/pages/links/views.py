"""The views of the links page, and the way from a list to an equation."""

import streamlit as st

VIEWS = ("One category", "The pair", "Consensus")
VIEW_KEY = "view"


def open_equation(name: str) -> None:
    """Callback: turn to the equation of a category of the target network."""
    st.session_state["category"] = name
    st.session_state[VIEW_KEY] = VIEWS[0]
    st.rerun()
