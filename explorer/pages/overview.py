"""Overview: the whole graph of one network, what it amounts to, and where to look first."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer import components, data, figures, queries, selection, theme
from explorer.text import count, number, percent

DRAWN_EDGES = 1500  # strongest ones that the plain drawing shows at once

network = data.network(st.session_state["atlas"], st.session_state["model"])


def headline() -> None:
    """Five figures on the whole network."""
    chosen = network.evaluation[network.evaluation["chosen"]]
    reference = "labels" if (chosen["reference"] == "label").all() else "the network's own top-1"
    components.metric_row([
        ("Categories", count(len(network.categories)), "Logits of the network; each has one equation."),
        ("Dependencies", count(len(network.edges)),
         "Non-zero coefficients over all equations, each equation at the sparsity that "
         "cross-validation on the fit images chose."),
        ("Held-out error", number(chosen["holdout_error"].median()),
         "Median over categories of the relative error on images that no fit saw: squared error of the "
         "equation over the mean squared logit. 0 is perfect, 1 is no better than always saying zero. "
         f"With refit coefficients: {number(chosen['holdout_error_refit'].median())}."),
        ("Held-out R²", number(chosen["r2"].median()),
         "Median over categories of the explained share of the logit's variance on images that no fit "
         f"saw. 1 is perfect. With refit coefficients: {number(chosen['r2_refit'].median())}; for "
         f"shuffled targets, where there is nothing to find: {number(chosen['control_r2'].median())}."),
        ("Top-1", percent(network.info["top1_holdout"]),
         f"Held-out images whose largest logit is the true category, judged by {reference}."),
    ])  # fmt: skip


@st.fragment
def graph() -> None:
    """The map with its filters: what a filter leaves out turns grey and stays in its place."""
    components.section(
        "The whole graph",
        "Every category is a dot, larger the more equations use it; colours are communities of the graph "
        "(Louvain), named by the WordNet word that fits them best. The layout is decoration: true "
        "neighbours are those with a line between them. Click a dot to open its category.",
    )
    strength, parents, sign = filters()
    keep = queries.passing(network.edges, strength=strength, parents=parents, sign=sign)
    kept = network.edges[keep]
    lit = np.zeros(len(network.categories), dtype=bool)
    lit[kept["target"]] = lit[kept["source"]] = True
    st.caption(
        f"{count(len(kept))} of {count(len(network.edges))} dependencies pass, between "
        f"{count(lit.sum())} of {count(len(lit))} categories"
        + (f"; the strongest {count(DRAWN_EDGES)} are drawn." if len(kept) > DRAWN_EDGES else ".")
    )
    draw_map(kept, lit)


def filters() -> tuple[float, tuple[int, int], str]:
    """Strength, number of parents and sign, all in the address."""
    most = int(max(network.categories["n_parents"].max(), 2))
    top = float(np.ceil(network.edges["strength"].max() * 20) / 20) if len(network.edges) else 1.0
    selection.remember("strength", "parents", "sign")
    with st.grid(3, min_column_width=240, gap="medium"):
        strength = st.slider(
            "Strength at least", 0.0, top, 0.0, 0.01, key="strength", bind="query-params",
            help="Least absolute coefficient of a dependency.",
        )  # fmt: skip
        parents = st.slider(
            "Parents in the equation", 1, most, (1, most), key="parents", bind="query-params",
            help="Only equations with so many sources: the left end finds the simplest ones.",
        )  # fmt: skip
        sign = selection.choice(
            "Sign", ("both", "positive", "negative"), "sign",
            help="Positive: the categories rise together. Negative: one speaks against the other.",
        )  # fmt: skip
    return strength, parents, sign


def draw_map(kept: pd.DataFrame, lit: np.ndarray) -> None:
    """Clicks on the drawing open a category."""
    focus = st.session_state.get("category")
    figure = figures.map_plot(
        network.categories, kept.head(DRAWN_EDGES), lit,
        network.index_of(focus) if focus else None, network.community_names, theme.palette(),
    )  # fmt: skip
    st.plotly_chart(
        figure, key="map", on_select=map_clicked, selection_mode="points",
        config={"scrollZoom": True, "displaylogo": False},
        alt=f"Map of {len(network.categories)} categories and {len(kept)} dependencies of {network.name}",
    )  # fmt: skip


def map_clicked() -> None:
    """Callback: open the category of the dot."""
    points = st.session_state["map"].selection.points
    if points and "customdata" in points[0]:
        found = points[0]["customdata"]
        selection.open_category(network.name_of(found[0] if isinstance(found, list) else found))


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
    "distance": st.column_config.NumberColumn(
        "WordNet steps", format="%d", help="Steps between both over their nearest common word."
    ),
}


def edge_list(edges: pd.DataFrame, key: str) -> None:
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
    found = queries.most_surprising(network.edges)
    if found.empty:
        components.empty_state(
            "No WordNet here", "These categories have no WordNet ids, so nothing is far apart."
        )
    else:
        edge_list(found, "surprising")


def depended_on() -> None:
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
