"""Links in equations turn the page without loading it anew, so that the session, and with it the history,
lives on. Opening them in another tab still works: they are real links."""

import streamlit as st

from explorer.session import address, selection

_JS = """
let last;

export default ({ setTriggerValue }) => {
  const follow = (event) => {
    const link = event.target.closest?.(".nde-equation a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const asked = new URL(link.href).searchParams;
    setTriggerValue("follow", { model: asked.get("model"), category: asked.get("category") });
  };
  document.removeEventListener("click", last);
  document.addEventListener("click", last = follow);
  return () => document.removeEventListener("click", last);
};
"""

_mount = st.components.v2.component("equation_links", js=_JS)


def attach(models: list[str]) -> None:
    """Mount the listener, once on every page."""

    def followed() -> None:
        asked = address.EQUATION_LINKS.get().follow
        if asked and asked["model"] in models and asked["category"]:
            address.MODEL.set(asked["model"])
            selection.open_category(asked["category"])

    _mount(key=address.EQUATION_LINKS.name, on_follow_change=followed)
