"""Overview: the whole graph of one network, what it amounts to, and where to look first."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer import components, data, figures, queries, selection, theme
from explorer.atlas_map.component import MapFilters, atlas_map
from explorer.text import count, number, percent
from explorer.words import HELP

DRAWN_EDGES = 1500  # strongest ones that the plain drawing shows at once

network = data.network(st.session_state["atlas"], st.session_state["model"])
colours = theme.palette()


def headline() -> None:
    """Five figures on the whole network."""
    chosen = network.evaluation[network.evaluation["chosen"]]
    labelled = (chosen["reference"] == "label").all()
    middle = {name: number(chosen[name].median()) for name in chosen.select_dtypes("number")}
    components.metric_row([
        ("Categories", count(len(network.categories)), HELP["categories"]),
        ("Dependencies", count(len(network.edges)), HELP["dependencies"]),
        ("Held-out error", middle["holdout_error"],
         HELP["median_error"].format(refit=middle["holdout_error_refit"])),
        ("Held-out R²", middle["r2"],
         HELP["median_r2"].format(refit=middle["r2_refit"], control=middle["control_r2"])),
        ("Top-1", percent(network.info["top1_holdout"]),
         HELP["top1"].format(reference="labels" if labelled else "the network's own top-1")),
    ])  # fmt: skip


@st.fragment
def graph() -> None:
    """The map with its filters: what a filter leaves out turns grey and stays in its place."""
    components.section("The whole graph", HELP["map"])
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        marked = [network.index_of(name) for name in mark()]
        with st.popover("Filters", icon=":material/filter_alt:"):
            chosen, communities = filters()
    keep = queries.passing(network.edges, **chosen)
    kept = network.edges[keep]
    ends = np.union1d(kept["target"], kept["source"])
    if not keep.all():
        st.caption(
            f"{count(len(kept))} of {count(len(network.edges))} dependencies pass the filters; "
            "what has none of them is grey."
        )
    drawn = atlas_map(
        network.categories, network.edges, key="map", version=network.version,
        palette=colours.communities, sign_colors=(colours.positive, colours.negative),
        focus=focus(), highlights=marked, kept=None if keep.all() else ends,
        filters=MapFilters(chosen["strength"], chosen["sign"], communities),
        community_names=network.community_names, height=600,
        on_select=map_clicked, on_filter=legend_filtered,
    )  # fmt: skip
    if not drawn.webgl:
        plain_map(kept, ends)


def filters() -> tuple[dict, tuple[int, ...] | None]:
    """Arguments of `queries.passing`, and the communities that keep their colour; in the address."""
    most = int(max(network.categories["n_parents"].max(), 2))
    top = float(np.ceil(network.edges["strength"].max() * 20) / 20) if len(network.edges) else 1.0
    selection.remember("strength", "parents", "sign", "communities")
    strength = st.slider(
        "Strength at least", 0.0, top, 0.0, 0.01, key="strength", bind="query-params",
        help=HELP["strength"],
    )  # fmt: skip
    parents = st.slider(
        "Parents in the equation", 1, most, (1, most), key="parents", bind="query-params",
        help=HELP["parents"],
    )  # fmt: skip
    sign = selection.choice("Sign", ("both", "positive", "negative"), "sign", help=HELP["sign"])
    names = list(network.community_names.values())
    shown = st.multiselect(
        "Communities", names, key="communities", bind="query-params", placeholder="all",
        help=HELP["communities"],
    )  # fmt: skip
    communities = tuple(k for k, name in network.community_names.items() if name in shown)
    return {"strength": strength, "parents": parents, "sign": sign}, communities or None


def legend_filtered(chosen: MapFilters) -> None:
    """Callback: the map's own legend has moved; the widgets, and with them the address, follow."""
    st.session_state["strength"] = chosen.min_strength
    st.session_state["sign"] = chosen.sign
    st.session_state["communities"] = [network.community_names[k] for k in chosen.communities or ()]


def mark() -> list[str]:
    """Names to be ringed on the map."""
    selection.remember("mark")
    text = st.text_input(
        "Mark on the map", key="mark", bind="query-params", type="search", live="300ms",
        placeholder="dog, n02085620, musical instrument …", help=HELP["mark"],
    )  # fmt: skip
    return network.search.find(text or "", 40)


def focus() -> int | None:
    """The chosen category of this network, or None."""
    name = st.session_state.get("category")
    return None if name is None else network.index_of(name)


def map_clicked(category: int | None) -> None:
    """Callback of the map: open the category; Esc lets go of it."""
    if category is not None:
        selection.open_category(network.name_of(category))


def plain_map(kept: pd.DataFrame, ends: np.ndarray) -> None:
    """The same map without WebGL."""
    lit = np.isin(np.arange(len(network.categories)), ends)
    figure = figures.map_plot(
        network.categories, kept.head(DRAWN_EDGES), lit, focus(), network.community_names, colours
    )
    st.plotly_chart(
        figure, key="plain_map", on_select=plain_map_clicked, selection_mode="points",
        config={"scrollZoom": True, "displaylogo": False},
        alt=f"Map of {len(lit)} categories and {len(kept)} dependencies of {network.name}",
    )  # fmt: skip


def plain_map_clicked() -> None:
    """Callback of the plain map: open the category of the dot."""
    points = st.session_state["plain_map"].selection.points
    if points and "customdata" in points[0]:
        found = points[0]["customdata"]
        map_clicked(int(found[0] if isinstance(found, list) else found))


def lists() -> None:
    """Four questions that lead on; a row opens its category."""
    components.section(
        "Where to look first",
        "Lists over the equations at their chosen sparsity. A row opens its category.",
    )
    tabs = st.tabs(
        ["Strongest", "Most surprising", "Most depended on", "Worst explained"],
        key="list", on_change="rerun", bind="query-params",
    )  # fmt: skip
    shown = {
        0: lambda: edge_list(queries.strongest(network.edges), "strongest"),
        1: surprising,
        2: depended_on,
        3: unexplained,
    }
    for k, tab in enumerate(tabs):
        if tab.open:
            with tab:
                shown[k]()


EDGE_COLUMNS = {
    "target_name": "Category",
    "source_name": "uses",
    "coefficient": st.column_config.NumberColumn("Coefficient", format="%.3f"),
    "r2": st.column_config.NumberColumn(
        "Held-out R²", format="%.2f", help="Of the category's whole equation."
    ),
    "distance": st.column_config.NumberColumn("WordNet steps", format="%d", help=HELP["distance"]),
}


def edge_list(edges: pd.DataFrame, key: str) -> None:
    """A list of dependencies; a row opens its target."""
    components.leading_table(
        edges,
        key,
        edges["target_name"].tolist(),
        columns=EDGE_COLUMNS,
        height=390,
        alt=f"{key} dependencies",
    )
    components.downloads(edges, f"{network.name}-{key}", key)


def surprising() -> None:
    """Strong dependencies between categories that lie far apart in WordNet."""
    found = queries.most_surprising(network.edges)
    if found.empty:
        components.empty_state(
            "No WordNet here", "These categories have no WordNet ids, so nothing is far apart."
        )
    else:
        edge_list(found, "surprising")


def depended_on() -> None:
    """Categories that most targets use as a source."""
    found = queries.most_depended_on(network.categories)
    columns = {
        "name": "Category",
        "n_children": "Used by",
        "n_parents": "Uses",
        "definition": "Meaning",
    }
    components.leading_table(
        found,
        "depended",
        found["name"].tolist(),
        columns=columns,
        height=390,
        alt="Categories that most others use",
    )
    components.downloads(found, f"{network.name}-depended-on", "depended")


def unexplained() -> None:
    """Categories whose equations hold worst on held-out images."""
    found = queries.worst_explained(network.categories, network.evaluation)
    columns = {
        "name": "Category",
        "r2": st.column_config.NumberColumn("Held-out R²", format="%.2f"),
        "holdout_error": st.column_config.NumberColumn("Held-out error", format="%.2f"),
        "n_parents": "Parents",
        "definition": "Meaning",
    }
    components.leading_table(
        found,
        "worst",
        found["name"].tolist(),
        columns=columns,
        height=390,
        alt="Categories explained worst",
    )
    components.downloads(found, f"{network.name}-worst-explained", "worst")


components.page_header(
    network.name,
    "Overview of dependencies",
    "Which categories' scores are sums of others', and how well that holds on unseen images.",
)
headline()
graph()
lists()
