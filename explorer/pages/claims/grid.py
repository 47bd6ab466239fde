"""Claims and networks as a table whose cells open their evidence."""

from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ButtonColumnResult

from explorer.answers import claims
from explorer.session import address, selection

KEY, CELL = "claim-grid", 130  # pixels: mark, words and numbers of a cell


def draw_grid(rows: pd.DataFrame) -> None:
    """A row per claim; every cell is a button with mark and word."""
    table = claims.grid(rows)
    names = claims.networks(rows)
    columns = {
        "title": _buttons("Claim", "title", None, 300),
        "everything": _buttons("All", "everything", None, CELL),
        **{name: _buttons(name, name, name, CELL) for name in names},
    }
    st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, key=KEY, height="content",
        lazy=False, alt="Verdicts of all claims on all networks",
    )  # fmt: skip


def _buttons(label: str, column: str, network: str | None, width: int) -> ButtonColumnResult:
    click = f"{KEY}-{column}"
    return st.column_config.ButtonColumn(
        label, width=width, pinned=column == "title", type="tertiary", alignment="left", key=click,
        on_click=partial(opened, click, network),
    )  # fmt: skip


def opened(click: str, network: str | None) -> None:
    """Callback: show the evidence of the cell that was pressed, which `click` is the key of; without a
    `network` the one at the side stays."""
    claim = claims.CLAIMS[st.session_state[click].row].id
    given = {address.CLAIM: claim} | ({address.MODEL: network} if network else {})
    selection.open_view("claims", given)
