"""Compare: which dependencies two networks share, which only one has, which change their sign."""

import pandas as pd
import streamlit as st

from explorer import comparison, components, data, figures, graphs, queries, selection, theme
from explorer.text import count, equation_html, percent, plain
from explorer.words import HELP

root, model = st.session_state["atlas"], st.session_state["model"]
others = [name for name in data.model_names(root) if name != model]
first, colours = data.network(root, model), theme.palette()
SIGNED = "%.3f"


def choose() -> data.Network:
    """Network B, in the address."""
    selection.remember("other")
    selection.refuse("other", lambda name: name in others, others[0])
    name = st.selectbox("Network B", others, key="other", bind="query-params", help=HELP["other"])
    return data.network(root, name)


def whole(second: data.Network, table: pd.DataFrame) -> None:
    """All dependencies of both networks."""
    found = comparison.counts(table)
    either = max(len(table), 1)
    components.metric_row(
        [
            (kind[0].upper() + kind[1:], count(n), f"{HELP[kind]} {percent(n / either)} of all.")
            for kind, n in found.items()
        ]
    )
    components.section("Coefficient against coefficient", HELP["compared"])
    st.plotly_chart(
        figures.agreement_plot(table, first.name, second.name, colours), key="agreement",
        config={"displaylogo": False}, alt=f"{found['shared']} dependencies shared by both networks",
    )  # fmt: skip
    kind = selection.choice("Dependencies", comparison.KINDS, "kind")
    rows = table[table["kind"] == kind]
    columns = {
        "target_name": "Category",
        "source_name": "uses",
        "coefficient_a": st.column_config.NumberColumn("in A", format=SIGNED),
        "coefficient_b": st.column_config.NumberColumn("in B", format=SIGNED),
    }
    components.leading_table(
        rows, f"compared-{kind}", rows["target_name"].tolist(), columns=columns, height=390,
        alt=f"Dependencies: {kind}",
    )  # fmt: skip
    components.downloads(rows, f"{first.name}-{second.name}-{kind}", "compared")


def side(network: data.Network, name: str, letter: str, refit: bool) -> None:
    """One category in one of the networks, at its chosen sparsity; a click moves both sides."""
    st.markdown(f"**{letter}: {plain(network.name)}**")
    if name not in network.search.index:
        components.empty_state("Not here", f"This network has no category {plain(name)}.")
        return
    target = network.index_of(name)
    own = network.edges[network.edges["target"] == target]
    if refit:
        own = own.assign(coefficient=own["refit"])
    st.html(equation_html(name, own, None, network.name, colours))
    edges = queries.ego(network.edges, target, own, direction="parents", limit=24)
    nodes = graphs.nodes_of(edges, target, own["source"].tolist())
    key = f"side-{letter}-{network.name}-{name}"
    names = network.categories["name"].iloc[nodes["category"]].tolist()
    st.echarts_chart(
        graphs.ego_option(edges, nodes, network.categories, colours), height=430, renderer="svg",
        key=key, on_select=lambda: move(key, names), alt=f"Parents of {name} in {network.name}",
    )  # fmt: skip


def move(key: str, names: list[str]) -> None:
    """Callback: both sides turn to the category that was clicked on one."""
    for group in st.session_state[key].selection.selected:
        if group["data_type"] == "node" and group["data_indices"]:
            st.session_state["category"] = names[group["data_indices"][0]]


def page() -> None:
    """The whole page, once there are two networks."""
    second = choose()
    names = set(first.search.names) & set(second.search.names)
    if not names:
        components.empty_state("Nothing in common", "These networks share no category by name.")
        return
    refit = selection.choice("Coefficients", selection.FITS, "fit", help=HELP["fit"]) == "refit"
    table = comparison.compare(first.edges, second.edges, names, refit=refit)
    whole(second, table)
    name = selection.category(first) or table["target_name"].iat[0]
    components.section(f"{plain(name)} in both", HELP["both"])
    with st.grid(2, min_column_width=380, gap="large") as grid:
        for letter, network in (("A", first), ("B", second)):
            with grid.cell():
                side(network, name, letter, refit)


components.page_header(
    f"A · {plain(model)}", "Two networks side by side", "What both found, and where they differ."
)
if others:
    page()
else:
    components.empty_state("One network only", "Add another with `python -m precompute run`.")
