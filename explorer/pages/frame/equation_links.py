"""Links in equations turn the page without loading it anew, so that the session, and with it the trail,
lives on. Opening them in another tab still works: they are real links."""

import streamlit as st

from explorer.session import selection

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
        asked = st.session_state["equation_links"].follow
        if asked and asked["model"] in models and asked["category"]:
            st.session_state["model"] = asked["model"]
            selection.open_category(asked["category"])

    _mount(key="equation_links", on_follow_change=followed)
