"""Take the view with you: its address, what to cite, and how charts are saved."""

from urllib.parse import urlencode

import streamlit as st

from explorer.tables.network import Network
from explorer.words import citation
from explorer.words.help import HELP

PICTURES = ("PNG", "SVG")

# Widgets of each page that stand in the address with one value, and those with a range or a list.
SINGLE = {
    "overview": ("strength", "sign", "certificate", "branch", "mark", "list"),
    "category": ("sparsity", "fit", "direction", "depth", "evidence", "fails", "table"),
    "pins": ("scope", "from", "to"),
    "links": ("source", "view", "sparsity", "fit", "order", "shared", "conflicts"),
    "unseen": (
        "experiment", "unseen_parents", "unseen_fit", "calibration", "gamma", "merit", "unseen",
        "unseen_table",
    ),
    "live": ("picture", "fit", "predicted_by"),
    "compare": ("other", "fit", "kind"),
    "models": ("fit", "measure"),
    "glossary": ("word", "group"),
}  # fmt: skip


@st.fragment
def draw(network: Network) -> None:
    """A popover whose content is made when it is opened, so that it knows the newest address."""
    with st.popover(
        "Share or cite", icon=":material/share:", key="share", on_change="rerun", width="stretch"
    ) as popover:
        if not popover.open:
            return
        st.markdown("**Link to this exact view**", help=HELP["permanent_link"])
        st.code(permanent_link(network.name), language=None, wrap_lines=True)
        st.markdown("**Cite the paper**")
        st.code(citation.PAPER, language="latex", wrap_lines=True)
        st.markdown("**Cite this program**")
        st.code(citation.PROGRAM, language="latex", wrap_lines=True)
        st.markdown("**What the numbers were made from**", help=HELP["provenance"])
        st.code(citation.made_from(network.info), language=None, wrap_lines=True)
        _picture_format()


def permanent_link(model: str) -> str:
    """The address of this page with everything that is chosen on it. The browser's own address leaves
    out defaults, which change when the atlas grows, and choices that a button made; this one does not."""
    params, state = st.query_params, st.session_state
    chosen: dict[str, object] = {"model": model} | {key: params.get_all(key) for key in params}
    here = SINGLE.get(state["page"] or "overview", ())
    chosen |= {key: state[key] for key in here if state.get(key) not in (None, "")}
    return f"{st.context.url}?{urlencode(chosen, doseq=True)}"


def _picture_format() -> None:
    st.segmented_control(
        "The camera in a chart's corner saves", PICTURES, required=True, key="picture_format",
        default=st.session_state.get("pictures", PICTURES[0]), on_change=_choose_format,
        help=HELP["picture_format"],
    )  # fmt: skip


def _choose_format() -> None:
    """Callback, so that the choice counts even where the popover is closed before it is drawn again."""
    st.session_state["pictures"] = st.session_state["picture_format"]
    st.rerun()
