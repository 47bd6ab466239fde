"""`ego_graph`: put a small graph on a page, and learn which of its nodes was chosen.

Drawn by our own 200 lines rather than by `st.echarts_chart`, because that waits 150 ms before it tells of
a click, is set up anew for every category, and cannot be walked by keyboard.
"""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import streamlit as st

from explorer.figures import browser_code
from explorer.figures.graphs.places import settled
from explorer.figures.graphs.rules import RULES, SYMBOLS
from explorer.theme import Palette

FILES = ("curves.js", "places.js", "ego_graph.js")
SCRIPT = (
    f"const RULES = {json.dumps(asdict(RULES) | {'symbols': SYMBOLS})};\n".encode()
    + b"\n".join((Path(__file__).parent / name).read_bytes() for name in FILES)
)

_mount = st.components.v2.component("ego_graph", js=browser_code.LOADER)


def ego_graph(
    drawing: dict[str, Any],
    colours: Palette,
    *,
    key: str,
    alt: str,
    height: int = 520,
    on_select: Callable[[int], None] | None = None,
) -> None:
    """Draw an `ego.drawing`, `height` pixels high, or higher where a narrow screen makes a list of it.
    `on_select` is called with a node's index, before the rerun that a click or Enter on it causes, or a
    click on a line that leads there."""

    def chosen() -> None:
        index = st.session_state[key].get("select")
        if index is not None and on_select is not None and 0 <= index < len(drawing["nodes"]):
            on_select(int(index))

    data = settled(drawing, height) | {
        "code": browser_code.address(SCRIPT, "text/javascript", f"{key}/code"),
        "alt": alt,
        "ink": colours.ink,
        "ground": colours.ground,
        "accent": colours.accent,
    }
    _mount(key=key, data=data, height="content", on_select_change=chosen)
