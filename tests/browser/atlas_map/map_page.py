"""A page with nothing but the map, for the browser tests: ?n=1000&m=10000 give its size,
&stability=0.5 that of all its dependencies (nan: not measured)."""

import streamlit as st

from explorer.figures.atlas_map.component import MapFilters, atlas_map
from tests.support.synthetic_map import synthetic_map

CAPTION = ("Which network this is.", "How well its equations hold, in many words. " * 5 + "So.")

st.set_page_config(layout="wide")
n = int(st.query_params.get("n", "1000"))
m = int(st.query_params.get("m", "10000"))
stability = st.query_params.get("stability")


@st.cache_resource
def tables(n: int, m: int):
    return synthetic_map(n, m)


nodes, edges = tables(n, m)
if stability:
    edges = edges.assign(stability=float(stability))
st.session_state.setdefault("focus", None)
st.session_state.setdefault("calls", [])
st.session_state.setdefault("filters", MapFilters())


def choose(category: int | None) -> None:
    st.session_state.focus = category
    st.session_state.calls.append(category)


def remember(filters: MapFilters) -> None:
    st.session_state.filters = filters


with st.sidebar:
    if st.button("Focus 7"):
        st.session_state.focus = 7
    if st.button("Strong only"):
        st.session_state.filters = MapFilters(min_strength=0.3)
    first_half = st.checkbox("First half")
    hits = st.checkbox("Search hits")
    st.button("Rerun")

state = atlas_map(
    nodes,
    edges,
    key="map",
    version=f"synthetic-{n}-{m}-{stability}",
    focus=st.session_state.focus,
    highlights=[3, 4, 5] if hits else [],
    kept=(edges[["target", "source"]] < n // 2).all(axis=1).to_numpy() if first_half else None,
    filters=st.session_state.filters,
    caption=CAPTION,
    height=620,
    on_select=choose,
    on_filter=remember if st.query_params.get("report") else None,
)
st.text(f"focus={st.session_state.focus} selected={state.selected} webgl={state.webgl}")
st.text(f"calls={st.session_state.calls} filters={st.session_state.filters}")
