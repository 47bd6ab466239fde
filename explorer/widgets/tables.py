"""Tables that lead on: a row, or the name in it, opens something."""

from collections.abc import Callable, Mapping
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ButtonColumnResult, ColumnConfig

from explorer.session import selection
from explorer.words.help import HELP

# The columns of a table in their order, each with its heading, or with all that Streamlit lets one say.
Columns = dict[str, str | ColumnConfig]

# Columns that several tables share. Numbers keep their hyphen as minus sign: they must stay sortable.
COEFFICIENT = st.column_config.NumberColumn("Coefficient", format="%.4f", help=HELP["coefficient"])
REFIT = st.column_config.NumberColumn("Refit", format="%.4f", help=HELP["refit_coefficient"])
# Of `stability.in_words`.
STABILITY: Columns = {
    "stability": st.column_config.NumberColumn(
        "Stability", format="%.0f %%", help=HELP["stability"]
    ),
    "half_samples": st.column_config.TextColumn("Half-samples", help=HELP["stability"]),
}
R2_OF_TARGET = st.column_config.NumberColumn(
    "Held-out R²", format="%.2f", help=HELP["r2_of_target"]
)


def leading_table(
    frame: pd.DataFrame,
    key: str,
    names: list[str],
    *,
    columns: Mapping[str, str | ColumnConfig],
    alt: str,
    height: int | Literal["auto"] = "auto",
    choose: Callable[[str], None] = selection.open_category,
) -> None:
    """A sortable table; its first column is of buttons that open the category `names[row]`, or do with it
    what `choose` says, and so does the box in front of a row. `columns` maps the columns to be shown to
    their heading or column config."""
    first, *others = columns
    st.dataframe(
        frame[list(columns)],
        hide_index=True,
        column_config={first: _buttons(columns[first], key, names, choose)}
        | {name: columns[name] for name in others},
        key=key,
        on_select=on_row(key, lambda row: choose(names[row])),
        selection_mode="single-row",
        height=height,
        placeholder="–",
        lazy=False,
        alt=alt,
    )


def on_row(key: str, call: Callable[[int], None]) -> Callable[[], None]:
    """`on_select` of the table whose key is `key`: calls with the row that was chosen."""

    def chosen() -> None:
        rows = st.session_state[key].selection.rows
        if rows:
            call(rows[0])

    return chosen


def _buttons(
    column: str | ColumnConfig, key: str, names: list[str], choose: Callable[[str], None]
) -> ButtonColumnResult:
    """A column's heading or config, for buttons. A selection of cells would not do: a cell is selected by
    the Tab key, too, and by a click on a heading."""
    looks: Mapping = {"label": column} if isinstance(column, str) else column
    click = f"{key}-name"
    return st.column_config.ButtonColumn(
        **{name: looks.get(name) for name in ("label", "help", "width")},
        type="tertiary",
        alignment="left",
        key=click,
        on_click=lambda: choose(names[st.session_state[click].row]),
    )
