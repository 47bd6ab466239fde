"""What one can do with a working set: fill, name, keep, share, save, load and clear it."""

from dataclasses import replace

import streamlit as st

from explorer.pages.pins import pick
from explorer.session import address, kept_sets, working_set
from explorer.session.working_set import LONGEST, MOST, WorkingSet
from explorer.tables.network import Network
from explorer.widgets.downloads import file_button
from explorer.words.formatting import plain
from explorer.words.help import HELP
from precompute.errors import UserError


def draw(network: Network, here: list[str]) -> None:
    """All tools; `here` are the pinned categories that this network has."""
    _fill(network, here)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _name()
        _keep()
        _share(network)
        _clear()
        kept_sets.attach()


def stem(network: Network) -> str:
    """How files of this set are called."""
    return f"{network.name}-{kept_sets.current().name or 'working-set'}"


def drop(names: list[str]) -> None:
    """Callback: unpin these."""
    pinned = kept_sets.current()
    left = tuple(name for name in pinned.categories if name not in names)
    kept_sets.change(replace(pinned, categories=left))


def _fill(network: Network, here: list[str]) -> None:
    """A field in which categories are added and taken out. Where a browser could not list all of
    them it only takes out, and a search adds."""
    field, names = address.PINNED, network.search.names
    whole = len(names) <= pick.LONGEST_LIST

    def changed() -> None:
        pinned = kept_sets.current()
        others = pinned.split(network.search.index)[1]
        kept_sets.change(WorkingSet.of(pinned.name, [*field.get(), *others]))

    field.set(here)
    st.multiselect(
        "Pinned", names if whole else here, key=field.name, on_change=changed, select_all=False,
        max_selections=MOST, placeholder="Choose or type a name", help=HELP["pinned"],
    )  # fmt: skip
    if not whole:
        _search(network)


@st.fragment
def _search(network: Network) -> None:
    text = st.text_input(
        "Pin another one",
        key=address.PIN_FIND.name,
        type="search",
        live="300ms",
        placeholder=pick.PLACEHOLDER,
    )
    pick.hits(network, text, address.PIN_FIND, _add)


def _add(name: str) -> None:
    if name not in kept_sets.current():
        kept_sets.change(kept_sets.current().toggled(name))
    address.PIN_FIND.set("")
    st.rerun()


def _name() -> None:
    field, pinned = address.SET_NAME, kept_sets.current()

    def changed() -> None:
        kept_sets.change(WorkingSet.of(field.get(), kept_sets.current().categories))

    field.set(pinned.name)
    st.text_input(
        "Name of the set", key=field.name, on_change=changed, max_chars=LONGEST, width=280,
        placeholder="without a name", help="Goes into the address and into the files.",
    )  # fmt: skip


def _clear() -> None:
    """Unpin everything; as long as nothing else is pinned, that can be taken back."""
    cleared = address.CLEARED_SET.get()
    empty = not kept_sets.current().categories
    st.button(
        "Clear", key="clear", icon=":material/delete_sweep:", disabled=empty, on_click=kept_sets.clear,
        help="Unpin every category.",
    )  # fmt: skip
    if empty and cleared is not None:
        st.button(
            f"Restore {len(cleared.categories)}", key="restore", icon=":material/undo:", type="tertiary",
            on_click=kept_sets.change, args=(cleared,), help="Pin again what was cleared.",
        )  # fmt: skip


def _keep() -> None:
    pinned, kept = kept_sets.current(), kept_sets.kept()
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
                    on_click=kept_sets.change, args=(other,), help="Open this set.", width="stretch",
                )  # fmt: skip
                st.button(
                    "Forget", key=f"forget-{name}", icon=":material/close:", type="tertiary",
                    on_click=kept_sets.forget, args=(name,),
                )  # fmt: skip


def _keep_named() -> None:
    if kept_sets.current().name:
        kept_sets.keep()
    else:
        st.toast("Give the set a name first.", icon=":material/bookmark:")


def _share(network: Network) -> None:
    with st.popover("Share and save", icon=":material/share:"):
        st.caption("This link opens the same set for anybody who runs this atlas.")
        st.code(address.permanent_link(), language=None, wrap_lines=True)
        pinned = kept_sets.current()  # a file is made later, where no session is at hand
        file_button(
            "JSON", lambda: working_set.to_json(pinned, network.name),
            f"{stem(network)}.json", "application/json", "set",
        )  # fmt: skip
        file = st.file_uploader(
            "Open a saved set", type="json", key="pins_file", max_upload_size=1,
            help="A JSON file that this page has saved.",
        )  # fmt: skip
        if file is not None and file.file_id != address.SET_FILE_READ.get():
            address.SET_FILE_READ.set(file.file_id)
            try:
                kept_sets.change(working_set.from_json(file.getvalue()))
            except UserError as error:
                st.error(str(error), icon=":material/error:")
            else:
                st.rerun()
