"""The neighbourhood of a category: graph, table twin and files, all from the same edges."""

import pandas as pd
import streamlit as st

from explorer import components, graphs, queries, selection, snapshot
from explorer.ego_graph.component import ego_graph
from explorer.portrait import LARGEST, Portrait
from explorer.text import key_html, sign_key
from explorer.views.subject import Subject
from explorer.words import HELP

COEFFICIENT = st.column_config.NumberColumn("Coefficient", format="%.4f")
R2 = st.column_config.NumberColumn(
    "Held-out R²", format="%.2f", help="Of the target's whole equation."
)


def edges_shown(subject: Subject, equation: pd.DataFrame) -> pd.DataFrame:
    """The edges of graph, table and files, as the controls ask."""
    selection.remember("direction", "depth")
    with st.container(horizontal=True, gap="medium"):
        direction = selection.choice("Show", ("both", "parents", "children"), "direction")
        depth = selection.choice("Steps", ("1", "2", "3"), "depth", help=HELP["depth"])
    return queries.ego(
        subject.network.edges, subject.target, equation,
        depth=int(depth), direction=direction, limit=LARGEST,
    )  # fmt: skip


def draw(subject: Subject, edges: pd.DataFrame, nodes: pd.DataFrame) -> None:
    """The ego graph: parents left, children right."""
    rings, colours = edges["ring"].value_counts(), subject.colours
    names = subject.network.categories["name"].iloc[nodes["category"]].tolist()
    ego_graph(
        graphs.drawing(edges, nodes, subject.network.categories, colours), colours, key="ego",
        alt=f"{subject.name} with {rings.get(-1, 0)} parents and {rings.get(1, 0)} children",
        on_select=lambda index: index and selection.open_category(names[index]),
    )  # fmt: skip
    kinds = zip(graphs.role_colours(colours), graphs.ROLES, strict=True)
    st.html(key_html([
        *sign_key(colours),
        *((colour, role, "dot") for colour, role in kinds),
    ]))  # fmt: skip


def tables(
    subject: Subject, equation: pd.DataFrame, edges: pd.DataFrame, nodes: pd.DataFrame
) -> None:
    """The table twin of the graph, and the numbers behind the slider."""
    stem = f"{subject.network.name}-{subject.name}"
    components.lazy_tabs("table", {
        "The graph as a table": lambda: _graph_table(subject, equation, edges, nodes, stem),
        "Used by": lambda: _used_by(subject, stem),
        "Every sparsity": lambda: _levels(subject, stem),
    })  # fmt: skip


def _graph_table(
    subject: Subject, equation: pd.DataFrame, edges: pd.DataFrame, nodes: pd.DataFrame, stem: str
) -> None:
    categories, name = subject.network.categories, subject.name
    twin = queries.named(edges, categories)
    # A row leads to the end that is not this category.
    far = twin["source_name"].where(twin["target"] == subject.target, twin["target_name"]).tolist()
    columns = {"target_name": "Target", "source_name": "Source", "coefficient": COEFFICIENT}
    components.leading_table(
        twin, f"graph-{name}", far, columns=columns, alt=f"Neighbourhood of {name}"
    )
    components.graph_downloads(edges, categories, stem, "graph")
    _pictures(subject, equation, edges, nodes, stem)


def _used_by(subject: Subject, stem: str) -> None:
    edges, name = subject.network.edges, subject.name
    used = edges[edges["source"] == subject.target]
    columns = {"target_name": "Target", "coefficient": COEFFICIENT, "r2": R2}
    targets = used["target_name"].tolist()
    components.leading_table(used, f"used-{name}", targets, columns=columns, alt=f"Users of {name}")
    components.downloads(used, f"{stem}-used-by", "used")


def _levels(subject: Subject, stem: str) -> None:
    rows = subject.evaluation.drop(columns="target")
    st.dataframe(rows, hide_index=True, alt=f"{subject.name} at every number of parents")
    components.downloads(rows, f"{stem}-evaluation", "levels")


def _pictures(
    subject: Subject, equation: pd.DataFrame, edges: pd.DataFrame, nodes: pd.DataFrame, stem: str
) -> None:
    network = subject.network
    constant = subject.intercept(equation) if network.centred else None
    found = Portrait(
        network.name, subject.name, equation, constant, edges, nodes, network.categories
    )

    with st.container(horizontal=True, gap="small"):
        components.file_button("SVG", found.svg, f"{stem}.svg", "image/svg+xml", "picture")
        snapshot.png_button("ego", f"{stem}.png", subject.colours.ground, "picture-PNG")
        components.file_button("HTML", found.html, f"{stem}.html", "text/html", "picture")
