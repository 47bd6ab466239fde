"""What one can do with a working set: fill, name, keep, share, save, load and clear it."""

from dataclasses import replace

import streamlit as st

from explorer import components, pins, share, shelf
from explorer.data import Network
from explorer.pins import LONGEST, MOST, WorkingSet
from explorer.text import plain
from explorer.views import pick
from explorer.words import HELP
from precompute.errors import UserError


def draw(network: Network, here: list[str]) -> None:
    """All tools; `here` are the pinned categories that this network has."""
    _fill(network, here)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _name()
        _keep()
        _share(network)
        _clear()
        shelf.attach()


def stem(network: Network) -> str:
    """How files of this set are called."""
    return f"{network.name}-{shelf.current().name or 'working-set'}"


def drop(names: list[str]) -> None:
    """Callback: unpin these."""
    pinned = shelf.current()
    left = tuple(name for name in pinned.categories if name not in names)
    shelf.change(replace(pinned, categories=left))


def _fill(network: Network, here: list[str]) -> None:
    """A field in which categories are added and taken out. Where a browser could not list all of
    them it only takes out, and a search adds."""
    state, names = st.session_state, network.search.names
    whole = len(names) <= pick.LONGEST_LIST

    def changed() -> None:
        pinned = shelf.current()
        others = pinned.split(network.search.index)[1]
        shelf.change(WorkingSet.of(pinned.name, [*state["pinned"], *others]))

    state["pinned"] = here
    st.multiselect(
        "Pinned", names if whole else here, key="pinned", on_change=changed, select_all=False,
        max_selections=MOST, placeholder="Choose or type a name", help=HELP["pinned"],
    )  # fmt: skip
    if not whole:
        _search(network)


@st.fragment
def _search(network: Network) -> None:
    text = st.text_input(
        "Pin another one", key="pin_find", type="search", live="300ms", placeholder=pick.PLACEHOLDER
    )
    pick.hits(network, text, "pin_find", _add)


def _add(name: str) -> None:
    if name not in shelf.current():
        shelf.change(shelf.current().toggled(name))
    st.session_state["pin_find"] = ""
    st.rerun()


def _name() -> None:
    state, pinned = st.session_state, shelf.current()

    def changed() -> None:
        shelf.change(WorkingSet.of(state["set_name"], shelf.current().categories))

    state["set_name"] = pinned.name
    st.text_input(
        "Name of the set", key="set_name", on_change=changed, max_chars=LONGEST, width=280,
        placeholder="without a name", help="Goes into the address and into the files.",
    )  # fmt: skip


def _clear() -> None:
    """Unpin everything; as long as nothing else is pinned, that can be taken back."""
    cleared = st.session_state.get("cleared_set")
    empty = not shelf.current().categories
    st.button(
        "Clear", key="clear", icon=":material/delete_sweep:", disabled=empty, on_click=shelf.clear,
        help="Unpin every category.",
    )  # fmt: skip
    if empty and cleared is not None:
        st.button(
            f"Restore {len(cleared.categories)}", key="restore", icon=":material/undo:", type="tertiary",
            on_click=shelf.change, args=(cleared,), help="Pin again what was cleared.",
        )  # fmt: skip


def _keep() -> None:
    pinned, kept = shelf.current(), shelf.kept()
    done = kept.get(pinned.name) == pinned
    # Without a name, too, it can be pressed: the name that somebody types counts only when the field
    # is left, and a click on a button that is disabled until then would be lost.
    st.button(
        "Kept" if done else "Keep", icon=":material/bookmark_added:" if done else ":material/bookmark:",
        disabled=not pinned.categories, on_click=_keep_named, key="keep",
        help="Keep this set under its name in this browser."
        if pinned.name else "Give the set a name to keep it in this browser.",
    )  # fmt: skip
    with st.popover(
        f"Kept sets ({len(kept)})",
        icon=":material/bookmarks:",
        disabled=not kept,
        help=HELP["kept"],
    ):
        for name, other in sorted(kept.items()):
            with st.container(horizontal=True, gap="small", vertical_alignment="center"):
                st.button(
                    f"{plain(name)} ({len(other.categories)})", key=f"open-{name}", type="tertiary",
                    on_click=shelf.change, args=(other,), help="Open this set.", width="stretch",
                )  # fmt: skip
                st.button(
                    "Forget", key=f"forget-{name}", icon=":material/close:", type="tertiary",
                    on_click=shelf.forget, args=(name,),
                )  # fmt: skip


def _keep_named() -> None:
    if shelf.current().name:
        shelf.keep()
    else:
        st.toast("Give the set a name first.", icon=":material/bookmark:")


def _share(network: Network) -> None:
    with st.popover("Share and save", icon=":material/share:"):
        st.caption("This link opens the same set for anybody who runs this atlas.")
        st.code(share.permanent_link(network.name), language=None, wrap_lines=True)
        pinned = shelf.current()  # a file is made later, where no session is at hand
        components.file_button(
            "JSON", lambda: pins.to_json(pinned, network.name),
            f"{stem(network)}.json", "application/json", "set",
        )  # fmt: skip
        file = st.file_uploader(
            "Open a saved set", type="json", key="pins_file", max_upload_size=1,
            help="A JSON file that this page has saved.",
        )  # fmt: skip
        if file is not None and file.file_id != st.session_state.get("pins_file_read"):
            st.session_state["pins_file_read"] = file.file_id
            try:
                shelf.change(pins.from_json(file.getvalue()))
            except UserError as error:
                st.error(str(error), icon=":material/error:")
            else:
                st.rerun()
