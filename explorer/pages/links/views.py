"""The views of the links page, and the way from a list to an equation."""

import streamlit as st

from explorer.session import address

VIEWS = address.VIEW.options


def open_equation(name: str) -> None:
    """Callback: turn to the equation of a category of the target network."""
    address.CATEGORY.set(name)
    address.VIEW.set(VIEWS[0])
    st.rerun()
