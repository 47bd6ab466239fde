"""The working set of this session, and the sets that the reader's own browser keeps.

The browser's side is a component without a face: it tells once what it has kept, and writes what was
changed here. Every set is an entry of its own in localStorage, so that two tabs do not undo each other.
"""

import uuid

import streamlit as st

from explorer.session import working_set
from explorer.session.working_set import WorkingSet

OPEN = ""  # name under which the browser keeps the set that is open

_JS = """
const PREFIX = "neural-dependency-set:";

export default ({ data, parentElement, setTriggerValue }) => {
  try {
    if (data.read && window.neuralDependencySerial === undefined) {
      const kept = Object.entries(localStorage).filter(([key]) => key.startsWith(PREFIX));
      const entries = kept.map(([key, text]) => [key.slice(PREFIX.length), text]);
      if (entries.length) setTriggerValue("found", Object.fromEntries(entries));
    }
    if (!data.serial || data.serial === window.neuralDependencySerial) return;
    window.neuralDependencySerial = data.serial;
    const written = (window.neuralDependencyWritten ??= {});
    for (const [name, text] of Object.entries(data.changes)) {
      if (written[name] === text) continue; // another tab may have changed it since
      written[name] = text;
      if (text === null) localStorage.removeItem(PREFIX + name);
      else localStorage.setItem(PREFIX + name, text);
    }
  } catch (error) {
    parentElement.textContent = "This browser keeps no sets. The address and the file do.";
  }
};
"""

_mount = st.components.v2.component("working_sets", js=_JS)


def current() -> WorkingSet:
    """The set that is open."""
    return st.session_state.get("working_set", WorkingSet())


def kept() -> dict[str, WorkingSet]:
    """The named sets that the browser keeps."""
    return st.session_state.setdefault("kept_sets", {})


def change(pinned: WorkingSet) -> None:
    """The reader has changed the open set: the browser remembers it, too."""
    st.session_state["working_set"] = pinned
    _write(OPEN, pinned)


def clear() -> None:
    """Callback: unpin everything, and remember it for who did not mean it."""
    st.session_state["cleared_set"] = current()
    change(WorkingSet())


def keep() -> None:
    """Keep the open set under its name, in place of what had that name."""
    pinned = current()
    kept()[pinned.name] = pinned
    _write(pinned.name, pinned)
    _write(OPEN, pinned)


def forget(name: str) -> None:
    """Take a named set off the shelf; the open one stays open."""
    kept().pop(name, None)
    _write(name, None)


def follow_address() -> int:
    """Take over the set that the address names, if a link, a reload or the browser's own buttons have
    brought another one; then write the open set into the address. Returns how many categories the
    address had beyond the limit."""
    state, params = st.session_state, st.query_params
    asked = params.get_all("pins"), params.get("set", "")
    surplus = 0
    if asked[0] and asked != state.get("set_in_address"):
        state["working_set"] = WorkingSet.of(asked[1], asked[0])
        surplus = working_set.surplus(asked[0])
    wanted = current().address()
    state["set_in_address"] = wanted.get("pins", []), wanted.get("set", "")
    for key in {"pins", "set"} & set(params) - set(wanted):
        del params[key]
    if any(params.get_all(key) != _listed(value) for key, value in wanted.items()):
        params.update(wanted)
    return surplus


def attach() -> None:
    """Mount the browser's side; once on every page that shows or changes the set."""
    state = st.session_state
    _mount(
        key="shelf",
        data={
            "read": not state.get("shelf_read", False),
            "serial": state.get("shelf_serial", ""),
            "changes": state.get("shelf_changes", {}),
        },
        on_found_change=_take_in,
    )


def _take_in() -> None:
    """Callback of the component: what this browser has kept from earlier sessions."""
    found = st.session_state["shelf"].found
    if found is None:
        return
    st.session_state["shelf_read"] = True
    sets = working_set.from_browser(found)
    before = sets.pop(OPEN, WorkingSet())
    for name, pinned in sets.items():
        kept().setdefault(name, pinned)
    if not current().categories:
        st.session_state["working_set"] = before
    elif before.categories and before not in (current(), *sets.values()):
        # A link has brought another set: what was open before must not be lost.
        name = before.name or "before the link"
        if kept().get(name, before) != before:
            name = f"{name} (before the link)"
        kept()[name] = before
        _write(name, before)


def _write(name: str, pinned: WorkingSet | None) -> None:
    state = st.session_state
    text = None if pinned is None else working_set.to_json(pinned)
    state["shelf_changes"] = state.get("shelf_changes", {}) | {name: text}
    state["shelf_serial"] = uuid.uuid4().hex


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value
