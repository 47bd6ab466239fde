"""`atlas_map`: draw the map on a page, and learn what was chosen on it.

Geometry and code travel over HTTP (`browser_code`); the websocket carries only what a rerun may change,
about a kilobyte.
"""

import base64
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from explorer.figures import browser_code
from explorer.figures.atlas_map.geometry import pack_geometry

BUNDLE = Path(__file__).parent / "dist" / "atlas_map.js"

# Okabe and Ito's colours (black and yellow left out), readable on white and on black.
DEFAULT_PALETTE = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
DEFAULT_OTHER_COLOR = "#81868f"
DEFAULT_SIGN_COLORS = ("#2a83c6", "#d9660a")

_mount = st.components.v2.component("atlas_map", js=browser_code.LOADER)


@dataclass(frozen=True)
class MapFilters:
    """What stays coloured; everything else turns grey, and nothing disappears.

    `min_strength` is an absolute coefficient; `communities` None means all; `min_lambda_ratio` keeps the
    dependencies that have entered at that fraction of lambda_max.
    """

    min_strength: float = 0.0
    sign: str = "both"  # or positive, negative
    communities: tuple[int, ...] | None = None
    min_lambda_ratio: float = 0.0


@dataclass(frozen=True)
class MapState:
    """What the map tells the page: the category clicked for this run (or None), and whether WebGL works."""

    selected: int | None
    webgl: bool


def atlas_map(
    nodes: pd.DataFrame,
    edges: pd.DataFrame,
    *,
    key: str,
    version: str,
    focus: int | None = None,
    highlights: Collection[int] = (),
    kept: np.ndarray | None = None,
    filters: MapFilters | None = None,
    palette: Collection[str] = DEFAULT_PALETTE,
    other_color: str = DEFAULT_OTHER_COLOR,
    sign_colors: tuple[str, str] = DEFAULT_SIGN_COLORS,
    community_names: Mapping[int, str] | None = None,
    title: str = "",
    caption: Collection[str] = (),
    height: int = 640,
    legend: bool = True,
    linked: bool = False,
    edges_drawn: bool | None = None,
    on_select: Callable[[int | None], None] | None = None,
    on_filter: Callable[[MapFilters], None] | None = None,
) -> MapState:
    """Draw the map of an atlas; README.md beside this module describes every argument.

    `version` names the content of `nodes` and `edges`: they are packed once per version and sent once per
    browser. `on_select` is called before the rerun that a click, Enter or Esc causes, with the category
    or None; `on_filter` likewise when the legend's filters changed.
    """
    packed = _packed(version, nodes, edges)
    data = {
        "code": browser_code.address(
            BUNDLE.read_bytes(), "text/javascript", f"atlas_map/{key}/code"
        ),
        "geometry": browser_code.address(packed, "application/gzip", f"atlas_map/{key}/geometry"),
        "focus": focus,
        "highlights": [int(category) for category in highlights],
        "kept": None if kept is None else _bits(kept),
        "filters": _to_browser(filters or MapFilters()),
        "palette": list(palette),
        "otherColor": other_color,
        "signColors": list(sign_colors),
        "communityNames": {str(number): name for number, name in (community_names or {}).items()},
        "title": f"{title}: " if title else "",
        "caption": list(caption),
        "height": height,
        "legend": legend,
        "linked": linked,
        "edges": edges_drawn,
        "reportFilters": on_filter is not None,
    }
    result = _mount(
        key=key,
        data=data,
        on_select_change=_forward(key, "select", on_select, lambda chosen: chosen["category"]),
        on_filter_change=_forward(key, "filter", on_filter, _from_browser),
        on_webgl_change=_ignore,
    )
    chosen = result.select
    return MapState(
        selected=chosen["category"] if chosen else None, webgl=result.webgl is not False
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _packed(version: str, _nodes: pd.DataFrame, _edges: pd.DataFrame) -> bytes:
    return pack_geometry(_nodes, _edges)


def _bits(mask: np.ndarray) -> str:
    """One bit per edge, base64: 17 kB for 100,000 dependencies."""
    return base64.b64encode(np.packbits(mask, bitorder="little").tobytes()).decode()


def _to_browser(filters: MapFilters) -> dict[str, Any]:
    return {
        "minStrength": filters.min_strength,
        "sign": filters.sign,
        "communities": None if filters.communities is None else sorted(filters.communities),
        "minLambdaRatio": filters.min_lambda_ratio,
    }


def _from_browser(value: dict[str, Any]) -> MapFilters:
    communities = value["communities"]
    return MapFilters(
        min_strength=float(value["minStrength"]),
        sign=value["sign"],
        communities=None if communities is None else tuple(communities),
        min_lambda_ratio=float(value["minLambdaRatio"]),
    )


def _forward(key: str, event: str, call: Callable | None, read: Callable) -> Callable[[], None]:
    """A callback without arguments, as Streamlit wants it, that hands the event's value on."""
    if call is None:
        return _ignore

    def callback() -> None:
        value = st.session_state[key].get(event)
        if value is not None:
            call(read(value))

    return callback


def _ignore() -> None:
    """Streamlit reports an event only where it has a callback."""
