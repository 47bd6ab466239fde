"""Whether redundancy goes with small error."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers.redundancy import small_error
from explorer.answers.yardsticks import rank
from explorer.figures.redundancy import plots as figures
from explorer.files import caption
from explorer.session import address, choices, trials
from explorer.tables.network import Network
from explorer.tables.redundancy import RedundancyTables
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.choice import coefficients
from explorer.words.help import HELP

NUMBER = st.column_config.NumberColumn
LISTED = 1000
NAMES = {
    "floor": "Floor",
    "dense": "Dense error",
}
WHY = {
    "few images": "There are no more fit images than categories, so the second moment is singular "
    "whatever the network, and the floor says nothing. In its place stands the held-out error of the "
    "dense ridge map from all other logits.",
    "forced": "The rank is below the number of categories, so the floor of every category is 0: each is "
    "an exact combination of the others. In its place stands the held-out error of the dense ridge map "
    "from all other logits.",
}
NARROW = (
    "The last layer is so narrow that every category is an exact combination of the others whatever the "
    "network learned: dense errors are little more than rounding, and their order follows the size of the "
    "logit. Read the correlation beside that of size alone."
)


def draw(root: Path, network: Network, tables: RedundancyTables, colours: Palette) -> None:
    """The floor, or the dense error where it says nothing, beside the error of the equations."""
    layout.section("Does redundancy go with small error?", HELP["redundancy_error"])
    by = small_error.measured(network.categories, tables.evaluation)
    if by.why:
        st.caption(WHY[by.why])
    if by.kind == "dense" and rank.forced(network.info):
        st.caption(NARROW)
    refit = choices.choice("Coefficients", address.FIT, help=HELP["fit"]) == "refit"
    rows = small_error.by_category(network.categories, network.chosen, by, refit)
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            title = f"{NAMES[by.kind].lower()} of the category (small is redundant)"
            figure = figures.redundancy_plot(rows, title, colours)
            chart(
                figure,
                "redundancy-error",
                f"{NAMES[by.kind]} of every category against the error of its equation",
                (f"{network.name}, {coefficients(refit)}.", caption.of_network(network)),
            )
        with grid.cell():
            correlations(root, network, refit)
            categories(network, rows, NAMES[by.kind])


def correlations(root: Path, network: Network, refit: bool) -> None:
    """How well the one orders the other, at each number of parents."""
    table = trials.redundancy_by_parents(root, network.name, refit)
    columns: Columns = {
        "n_parents": NUMBER("Parents", help=HELP["at_most_parents"]),
        "spearman": NUMBER("Spearman", format="%.2f", help=HELP["redundancy_error"]),
        "low": NUMBER("from", format="%.2f", help=HELP["over_categories"]),
        "high": NUMBER("to", format="%.2f", help=HELP["over_categories"]),
        "by_size": NUMBER("Size alone", format="%.2f", help=HELP["by_size"]),
        "median_error": NUMBER("Median error", format="%.3f"),
        "n_categories": "Categories",
    }
    st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, placeholder="–",
        alt="Rank correlation of redundancy and error at each number of parents",
    )  # fmt: skip
    downloads(table, f"{network.name}-redundancy-by-parents", "redundancy-by-parents")


def categories(network: Network, rows: pd.DataFrame, title: str) -> None:
    """The same by category, the most redundant first; a row opens it."""
    shown = rows.head(LISTED)
    columns: Columns = {
        "name": "Category",
        "redundancy": NUMBER(title, format="%.3g", help=HELP["redundancy_error"]),
        "error": NUMBER("Held-out error", format="%.3f", help=HELP["error"]),
        "n_parents": "Parents",
    }
    leading_table(
        shown, "redundancy-categories", shown["name"].tolist(), columns=columns, height=210,
        alt="Redundancy and error of every category",
    )  # fmt: skip
    layout.cut(len(shown), len(rows), "most redundant", "the files have them all")
    downloads(rows, f"{network.name}-redundancy", "redundancy")
