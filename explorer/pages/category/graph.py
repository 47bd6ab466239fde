"""The neighbourhood of a category: graph, table twin and files, all from the same edges."""

import pandas as pd
import streamlit as st

from explorer.answers import dependencies, neighbourhood
from explorer.figures.graphs import ego
from explorer.figures.graphs.component import ego_graph
from explorer.files.category_file import Portrait
from explorer.pages.category import levels
from explorer.pages.category.subject import Subject
from explorer.session import selection
from explorer.widgets import layout
from explorer.widgets.downloads import downloads, graph_downloads
from explorer.widgets.snapshot import Snapshot
from explorer.widgets.tables import COEFFICIENT, R2_OF_TARGET, leading_table
from explorer.words.formatting import plain
from explorer.words.help import HELP
from explorer.words.markup import key_html, sign_key

LOWEST = 520  # pixels
# Pixels of height for each name of the fullest ring; never of the equation, or the slider would move all.
NAME = 16


def portrait(subject: Subject, equation: pd.DataFrame, lam: float, refit: bool) -> Portrait:
    """The edges of graph, table and files, as the controls ask, and where they are drawn."""
    selection.remember("direction", "depth")
    with st.container(horizontal=True, gap="medium"):
        direction = selection.choice("Show", ("both", "parents", "children"), "direction")
        depth = selection.choice("Steps", ("1", "2", "3"), "depth", help=HELP["depth"])
    network = subject.network
    edges = neighbourhood.ego(
        network.edges, subject.target, equation, depth=int(depth), direction=direction
    )
    return Portrait(
        model=network.name,
        name=subject.name,
        equation=equation,
        intercept=subject.intercept(equation) if network.centred else None,
        edges=edges,
        nodes=ego.nodes_of(edges, subject.target, subject.path.sources.tolist()),
        categories=network.categories,
        lam=lam,
        refit=refit,
    )


def draw(subject: Subject, drawn: Portrait) -> None:
    """The ego graph: parents left, children right."""
    colours, nodes = subject.colours, drawn.nodes
    names = drawn.categories["name"].iloc[nodes["category"]].tolist()
    shown = ego.shown(drawn.edges)
    tallest = min(len(subject.path.sources), neighbourhood.STEPS[0])
    ego_graph(
        ego.drawing(drawn.edges, nodes, drawn.categories, colours), colours, key="ego",
        height=max(LOWEST, 56 + NAME * tallest),
        alt=f"{subject.name}: {shown}",
        on_select=lambda index: index and selection.open_category(names[index]),
    )  # fmt: skip
    roles = zip(ego.role_colours(colours), ego.ROLES, strict=True)
    used = [(*role, "dot") for k, role in enumerate(roles) if (nodes["role"] == k).any()]
    st.html(key_html([*sign_key(colours), *used]))
    st.caption(f"Shown: {plain(shown, 200)}.")


def tables(subject: Subject, drawn: Portrait) -> None:
    """The table twin of the graph, and the numbers behind the slider."""
    layout.lazy_tabs("table", {
        "The graph as a table": lambda: _graph_table(subject, drawn),
        "Used by": lambda: _used_by(subject, drawn.stem),
        "Every sparsity": lambda: levels.draw(subject, drawn.refit, drawn.stem),
    })  # fmt: skip


def _graph_table(subject: Subject, drawn: Portrait) -> None:
    twin, name = dependencies.named(drawn.edges, drawn.categories), subject.name
    # A row leads to the end that is not this category.
    far = twin["source_name"].where(twin["target"] == subject.target, twin["target_name"]).tolist()
    columns = {
        "target_name": "Target",
        "source_name": "Source",
        "coefficient": COEFFICIENT,
    }
    leading_table(twin, f"graph-{name}", far, columns=columns, alt=f"Neighbourhood of {name}")
    graph_downloads(
        drawn.edges, drawn.categories, drawn.stem, "graph",
        png=Snapshot("ego", subject.colours, drawn.lines), svg=drawn.svg, html=drawn.html,
    )  # fmt: skip


def _used_by(subject: Subject, stem: str) -> None:
    edges, name = subject.network.edges, subject.name
    used = edges[edges["source"] == subject.target]
    columns = {
        "target_name": "Target",
        "coefficient": COEFFICIENT,
        "r2": R2_OF_TARGET,
    }
    targets = used["target_name"].tolist()
    leading_table(used, f"used-{name}", targets, columns=columns, alt=f"Users of {name}")
    downloads(used, f"{stem}-used-by", "used")
