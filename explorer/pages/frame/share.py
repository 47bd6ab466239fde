"""Take the view with you: its address, what to cite, and how charts are saved."""

import streamlit as st

from explorer.session import address
from explorer.tables.network import Network
from explorer.words import citation
from explorer.words.help import HELP

PICTURES = ("PNG", "SVG")


@st.fragment
def draw(network: Network) -> None:
    """A popover whose content is made when it is opened, so that it knows the newest address."""
    with st.popover(
        "Share or cite", icon=":material/share:", key="share", on_change="rerun", width="stretch"
    ) as popover:
        if not popover.open:
            return
        st.markdown("**Link to this exact view**", help=HELP["permanent_link"])
        st.code(address.permanent_link(), language=None, wrap_lines=True)
        st.markdown("**Cite the paper**")
        st.code(citation.PAPER, language="latex", wrap_lines=True)
        st.markdown("**Cite this program**")
        st.code(citation.PROGRAM, language="latex", wrap_lines=True)
        st.markdown("**What the numbers were made from**", help=HELP["provenance"])
        st.code(citation.made_from(network.info), language=None, wrap_lines=True)
        _picture_format()


def _picture_format() -> None:
    st.segmented_control(
        "The camera in a chart's corner saves", PICTURES, required=True, key=address.PICTURE_FORMAT.name,
        default=address.PICTURES.get(), on_change=_choose_format,
        help=HELP["picture_format"],
    )  # fmt: skip


def _choose_format() -> None:
    """Callback, so that the choice counts even where the popover is closed before it is drawn again."""
    address.PICTURES.set(address.PICTURE_FORMAT.get())
    st.rerun()
