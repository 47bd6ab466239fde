"""What the reader has chosen, kept in the page's address.

Widgets are bound to the address by Streamlit (`bind="query-params"`). The category is chosen by
clicks on graphs, tables and search results, which cannot be bound, so it is mirrored here. The
address is untrusted: what it asks for is checked, and a value that cannot be shown is said aloud.
"""

import math
from collections.abc import Callable, Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from explorer.session.history import Trail
from explorer.tables.network import Network
from explorer.words.formatting import plain

CATEGORY_PAGE = "explorer/pages/category/category.py"
FITS = ("lasso", "refit")


def came_back() -> bool:
    """Whether the browser's own buttons, back or forward, have brought this run. Then what the address
    says, or does not say, wins over the session."""
    return bool(getattr(get_script_run_ctx(), "is_history_navigation", False))


def category(network: Network) -> str | None:
    """Name of the chosen category, None before any choice. An address with another one (a link, the
    browser's back button) wins over the last click; one that the model lacks is refused aloud."""
    state = st.session_state
    asked, back = st.query_params.get("category"), came_back()
    if asked is None and back:
        state["category"] = state["category_in_address"] = None
    # The browser may not have heard yet of the address that the last run wrote.
    late = asked == state.get("category_left") and not back
    followed = asked is not None and asked != state.get("category_in_address") and not late
    if followed:
        state["category"], state["category_in_address"] = (
            network.search.named(asked) or asked,
            asked,
        )
    name = state.get("category")
    if name is not None and name not in network.search.index:
        _refuse_category(network, name)
        name = state["category"] = None
    if name is not None:
        if followed:
            state["trail"] = trail().follow(name)
        publish_category(name)
    return name


def publish_category(name: str) -> None:
    """Write the chosen category into the address and onto the trail."""
    state = st.session_state
    state["category"] = state["category_in_address"] = name
    if st.query_params.get("category") != name:
        state["category_left"] = st.query_params.get("category")
        st.query_params["category"] = name
    state["trail"] = trail().visit(name)


def trail() -> Trail:
    """The categories that were visited in this session."""
    return st.session_state.get("trail", Trail())


def walk(step: Callable[[Trail], Trail]) -> None:
    """Callback: take a step along the trail as it is by now (a double click is two steps), on whatever
    page this is."""
    along = step(trail())
    st.session_state["trail"], st.session_state["category"] = along, along.here
    st.rerun()


def let_go() -> None:
    """Callback: no category is chosen any more."""
    st.session_state["category"] = st.session_state["category_in_address"] = None
    st.query_params.pop("category", None)


def open_category(name: str) -> None:
    """Callback of everything that leads to a category: choose it and turn to its page."""
    st.session_state["category"] = name
    if st.session_state.get("page") == "category":
        st.rerun()
    # What widgets have bound to the address cannot be carried over here; `remember` brings it back.
    st.switch_page(CATEGORY_PAGE, query_params={"category": name})


def open_view(page: str, **widgets: object) -> None:
    """Callback: turn to a page (its file's name) with these widgets, by key, as given; the sparsity is
    the category's own unless it is among them."""
    state = st.session_state
    for key in ("sparsity", "sparsity_chosen"):
        state.pop(key, None)
    state.update(widgets)
    # Streamlit refuses widgets' own keys here: they come by the session, and into the permanent link.
    where = {key: widgets[key] for key in ("category",) if key in widgets}
    st.switch_page(f"explorer/pages/{page}/{page}.py", query_params=where)


def sparsity(most: int, chosen: float) -> float:
    """Start value of the sparsity slider: the category's `chosen` number of parents. A reader who
    has moved the slider keeps that number from category to category, as far as the path reaches;
    others get each one's own."""
    if st.session_state.get("sparsity", 0.0) > most:
        st.session_state["sparsity"] = float(most)
    before = st.session_state.get("sparsity_chosen")
    if before is None:
        refuse_number("sparsity", 0, most, chosen)
    elif st.session_state.get("sparsity") == before:
        st.session_state["sparsity"] = chosen
    st.session_state["sparsity_chosen"] = chosen
    return chosen


def choose_sparsity(size: float) -> None:
    """Callback: move the slider."""
    st.session_state["sparsity"] = size


def remember(*keys: str) -> None:
    """Carry bound widgets over to the next visit of their page; call it before they are made."""
    kept = st.session_state.setdefault("kept", {})
    for key in keys:
        if key in st.session_state:
            kept[key] = st.session_state[key]
        elif key in kept and key not in st.query_params and not came_back():
            st.session_state[key] = kept[key]


def choice(
    label: str,
    options: Sequence[str],
    key: str,
    *,
    where: DeltaGenerator | None = None,
    **options_of_widget,
) -> str:
    """One of a few options, the first by default, in the address under `key`. Here as below, `where` is
    the container that a refusal is said in, for widgets that are folded away."""
    refuse(key, lambda value: value in options, options[0], where)
    chosen = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params",
        **options_of_widget,
    )  # fmt: skip
    return chosen or options[0]


def mirrored(
    label: str,
    options: Sequence[str],
    key: str,
    *,
    where: DeltaGenerator | None = None,
    **options_of_widget,
) -> str | None:
    """One of many options or None, in the address under `key` as it is: a widget bound to the address
    would write there what its `format_func` shows."""
    state = st.session_state
    asked = st.query_params.get(key)
    if came_back() or (asked is not None and key not in state):
        refuse(key, lambda value: value in options, "all", where)
        state[key] = asked
    if state.get(key) not in options:
        state[key] = None
    chosen = st.selectbox(label, options, index=None, key=key, **options_of_widget)
    state.setdefault("kept", {})[key] = chosen
    if chosen is None:
        st.query_params.pop(key, None)
    elif chosen != asked:
        st.query_params[key] = chosen
    return chosen


def refuse(
    key: str,
    fine: Callable[[str], bool],
    instead: object,
    where: DeltaGenerator | None = None,
) -> str | None:
    """Say aloud that the address asks for something that cannot be shown, as widgets fall back
    silently. Returns what the widget is to be bound to; see `_refused`."""
    wrong = [asked for asked in st.query_params.get_all(key) if not fine(asked)]
    return _refused(key, wrong[0], instead, where) if wrong else "query-params"


def refuse_number(
    key: str, low: float, high: float, instead: float, where: DeltaGenerator | None = None
) -> str | None:
    """`refuse` for a number outside low..high, or for what is no number."""
    return refuse(key, lambda value: _lies_in(value, low, high), f"{instead:g}", where)


def refuse_range(
    key: str, low: float, high: float, where: DeltaGenerator | None = None
) -> str | None:
    """`refuse` for anything but two numbers in low..high, the smaller one first."""
    asked = st.query_params.get_all(key)
    fine = len(asked) == 2 and all(_lies_in(value, low, high) for value in asked)
    if asked and not (fine and float(asked[0]) <= float(asked[1])):
        return _refused(key, " to ".join(asked), f"{low:g} to {high:g}", where)
    return "query-params"


def _lies_in(value: str, low: float, high: float) -> bool:
    try:
        number = float(value)
    except ValueError:
        return False
    return math.isfinite(number) and low <= number <= high


def _refused(key: str, asked: str, instead: object, where: DeltaGenerator | None) -> None:
    """Say it, in `where` or here, and take it out of the address. Returns None, to be the widget's `bind`
    in this run: Streamlit would squeeze a bad number or range into the widget, and not fall back."""
    (where or st).warning(
        f"This address asks for {key} “{plain(asked)}”, which cannot be shown here. "
        f"Showing {plain(instead)} instead.",
        icon=":material/link_off:",
    )
    try:
        st.query_params.pop(key)
    except StreamlitAPIException:
        pass  # bound by an earlier run: Streamlit clears it when the widget is unbound


def _refuse_category(network: Network, name: str) -> None:
    found = network.search.find(name[:80], 3)
    hint = f" Did you mean {', '.join(map(plain, found))}?" if found else ""
    on_its_page = st.session_state.get("page") == "category"
    instead = f"Showing {plain(network.first_choice)} instead" if on_its_page else "None is chosen"
    st.warning(
        f"{plain(network.name)} has no category “{plain(name)}”. {instead}.{hint}",
        icon=":material/link_off:",
    )
