"""The neighbourhood of a category: graph, table twin and files, all from the same edges."""

import pandas as pd
import streamlit as st

from explorer.answers import dependencies, neighbourhood
from explorer.answers.network_pair import Subject
from explorer.answers.yardsticks import stability
from explorer.figures.graphs import ego
from explorer.figures.graphs.component import ego_graph
from explorer.files.category_file import CategoryFile
from explorer.pages.category import levels
from explorer.session import address, choices, selection
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.downloads import downloads, graph_downloads
from explorer.widgets.snapshot import Snapshot
from explorer.widgets.tables import (
    COEFFICIENT,
    R2_OF_TARGET,
    STABILITY,
    Columns,
    leading_table,
)
from explorer.words import choice
from explorer.words.formatting import plain
from explorer.words.help import HELP
from explorer.words.markup import key_html, sign_key, stability_key

LOWEST = 520  # pixels
# Pixels of height for each name of the fullest ring; never of the equation, or the slider would move all.
NAME = 16


def choose(subject: Subject, equation: pd.DataFrame, lam: float, refit: bool) -> CategoryFile:
    """The edges of graph, table and files, as the controls ask, and where they are drawn."""
    with st.container(horizontal=True, gap="medium"):
        direction = choices.choice("Show", address.DIRECTION)
        depth = choices.choice("Steps", address.DEPTH, help=HELP["depth"])
    return CategoryFile.of(subject, equation, lam, refit, depth=int(depth), direction=direction)


def draw(drawn: CategoryFile, colours: Palette) -> None:
    """The ego graph: parents left, children right."""
    nodes = drawn.nodes
    names = drawn.categories["name"].iloc[nodes["category"]].tolist()
    shown = ego.shown(drawn.edges)
    tallest = min(len(drawn.subject.path.sources), neighbourhood.STEPS[0])

    def chosen(index: int) -> None:
        if index:  # the first one is this category itself
            selection.open_category(names[index])

    ego_graph(
        ego.drawing(drawn.edges, nodes, drawn.categories, colours), colours, key="ego",
        height=max(LOWEST, 56 + NAME * tallest),
        alt=f"{drawn.name}: {shown}",
        on_select=chosen,
    )  # fmt: skip
    roles = zip(ego.role_colours(colours), ego.ROLES, strict=True)
    used = [(*role, "dot") for k, role in enumerate(roles) if (nodes["role"] == k).any()]
    st.html(key_html([*sign_key(colours), *stability_key(colours, drawn.edges), *used]))
    st.caption(
        f"Shown: {plain(shown, 200)}. Equations of the others: {choice.said(drawn.subject.pair.choice)}."
    )


def tables(drawn: CategoryFile, sd: float, colours: Palette) -> None:
    """The table twin of the graph, and the numbers behind the slider; `sd` is the logit's standard
    deviation."""
    layout.lazy_tabs(address.TABLE, {
        "The graph as a table": lambda: _graph_table(drawn, colours),
        "Used by": lambda: _used_by(drawn),
        "Every sparsity": lambda: levels.draw(drawn.subject, drawn.refit, sd, drawn.stem),
    })  # fmt: skip


def _graph_table(drawn: CategoryFile, colours: Palette) -> None:
    twin = stability.in_words(dependencies.named(drawn.edges, drawn.categories))
    name = drawn.name
    # A row leads to the end that is not this category.
    far = (
        twin["source_name"]
        .where(twin["target"] == drawn.subject.target, twin["target_name"])
        .tolist()
    )
    columns: Columns = {
        "target_name": "Target",
        "source_name": "Source",
        "coefficient": COEFFICIENT,
        **STABILITY,
    }
    leading_table(twin, f"graph-{name}", far, columns=columns, alt=f"Neighbourhood of {name}")
    graph_downloads(
        drawn.edges, drawn.categories, drawn.stem, "graph",
        png=Snapshot("ego", colours, drawn.lines), svg=drawn.svg, html=drawn.html,
    )  # fmt: skip


def _used_by(drawn: CategoryFile) -> None:
    edges, name = drawn.subject.pair.dependencies, drawn.name
    used = edges[edges["source"] == drawn.subject.target]
    columns: Columns = {
        "target_name": "Target",
        "coefficient": COEFFICIENT,
        **STABILITY,
        "r2": R2_OF_TARGET,
    }
    targets = used["target_name"].tolist()
    shown = stability.in_words(used)
    leading_table(shown, f"used-{name}", targets, columns=columns, alt=f"Users of {name}")
    downloads(used, f"{drawn.stem}-used-by", "used")
