"""The search at the side by keyboard, and out of the way on a phone.

"/" goes to the field from anywhere, Enter opens the first hit, the arrows walk along the hits. Where the
screen is narrow the side covers the page, so it closes once a category is chosen there.
"""

from collections.abc import Callable

import streamlit as st

from explorer.session import address

_JS = """
const NARROW = "(max-width: 768px)"; // where Streamlit lays the side over the page
const TYPING = "input, textarea, select, [contenteditable=true]";
let forget = () => {};

const side = () => document.querySelector("[data-testid=stSidebar]");
const field = () => side()?.querySelector(".st-key-find input");
const hits = () => [...(side()?.querySelectorAll(".st-key-found-names button") ?? [])];
const press = (test) => {
  const found = document.querySelector(`[data-testid=${test}]`);
  (found?.querySelector("button") ?? found)?.click(); // Streamlit names the button, or a box around it
};

const close = () => {
  if (matchMedia(NARROW).matches) press("stSidebarCollapseButton");
};

const open = () => {
  press("stExpandSidebarButton");
  setTimeout(() => field()?.focus()); // once it is drawn
};

const step = (event, places, by) => {
  const place = places[places.indexOf(event.target.closest("input, button")) + by];
  if (!place) return;
  event.preventDefault();
  place.focus();
};

export default ({ setTriggerValue }) => {
  const keyed = (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const origin = event.composedPath()[0];
    if (event.key === "/" && !origin.closest?.(TYPING)) {
      event.preventDefault();
      open();
      return;
    }
    const places = [field(), ...hits()];
    if (!places[0] || !places.some((place) => place.contains(origin))) return;
    if (event.key === "ArrowDown") step(event, places, 1);
    if (event.key === "ArrowUp") step(event, places, -1);
    if (event.key === "Enter" && origin === places[0] && origin.value.trim()) {
      setTriggerValue("typed", origin.value);
      if (places.length > 1) close();
    }
  };
  const clicked = (event) => {
    if (event.target.closest?.(".st-key-found-names button, .st-key-recent-names button")) close();
  };
  forget(); // what an earlier run has left
  document.addEventListener("keydown", keyed);
  document.addEventListener("click", clicked);
  return (forget = () => {
    document.removeEventListener("keydown", keyed);
    document.removeEventListener("click", clicked);
  });
};
"""

_mount = st.components.v2.component("search_keys", js=_JS)


def attach(open_first: Callable[[str], None]) -> None:
    """Mount the listener, beside the field; `open_first` is called with what was typed at Enter."""

    def entered() -> None:
        typed = address.SEARCH_KEYS.get().typed
        if typed:
            open_first(typed)

    _mount(key=address.SEARCH_KEYS.name, on_typed_change=entered)
