"""The working set of this session, and the sets that the reader's own browser keeps.

The browser's side is a component without a face: it tells once what it has kept, and writes what was
changed here. Every set is an entry of its own in localStorage, so that two tabs do not undo each other.
"""

import uuid

import streamlit as st

from explorer.session import address, working_set
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
    return address.WORKING_SET.get()


def kept() -> dict[str, WorkingSet]:
    """The named sets that the browser keeps."""
    return st.session_state.setdefault(address.KEPT_SETS.name, {})


def change(pinned: WorkingSet) -> None:
    """The reader has changed the open set: the browser remembers it, too."""
    address.WORKING_SET.set(pinned)
    _write(OPEN, pinned)


def clear() -> None:
    """Callback: unpin everything, and remember it for who did not mean it."""
    address.CLEARED_SET.set(current())
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
    params = st.query_params
    asked = address.PINS.asked(), params.get(address.SET.name, "")
    surplus = 0
    if asked[0] and asked != address.SET_IN_ADDRESS.get():
        address.WORKING_SET.set(WorkingSet.of(asked[1], asked[0]))
        surplus = working_set.surplus(asked[0])
    wanted = parameters(current())
    address.SET_IN_ADDRESS.set((wanted[address.PINS.name], current().name))
    for key, values in wanted.items():
        if not values and key in params:
            del params[key]
    if any(params.get_all(key) != values for key, values in wanted.items()):
        params.update({key: values for key, values in wanted.items() if values})
    return surplus


def parameters(pinned: WorkingSet) -> dict[str, list[str]]:
    """A set in the address: every category by itself, since names may hold any separator."""
    name = [pinned.name] if pinned.name else []
    return {address.PINS.name: list(pinned.categories), address.SET.name: name}


def attach() -> None:
    """Mount the browser's side; once on every page that shows or changes the set."""
    _mount(
        key=address.SHELF.name,
        data={
            "read": not address.SHELF_READ.get(),
            "serial": address.SHELF_SERIAL.get(),
            "changes": address.SHELF_CHANGES.get() or {},
        },
        on_found_change=_take_in,
    )


def _take_in() -> None:
    """Callback of the component: what this browser has kept from earlier sessions."""
    found = address.SHELF.get().found
    if found is None:
        return
    address.SHELF_READ.set(True)
    sets = working_set.from_browser(found)
    before = sets.pop(OPEN, WorkingSet())
    for name, pinned in sets.items():
        kept().setdefault(name, pinned)
    if not current().categories:
        address.WORKING_SET.set(before)
    elif before.categories and before not in (current(), *sets.values()):
        # A link has brought another set: what was open before must not be lost.
        name = before.name or "before the link"
        if kept().get(name, before) != before:
            name = f"{name} (before the link)"
        kept()[name] = before
        _write(name, before)


def _write(name: str, pinned: WorkingSet | None) -> None:
    text = None if pinned is None else working_set.to_json(pinned)
    address.SHELF_CHANGES.set((address.SHELF_CHANGES.get() or {}) | {name: text})
    address.SHELF_SERIAL.set(uuid.uuid4().hex)
