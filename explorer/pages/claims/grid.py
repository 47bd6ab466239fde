"""Claims and networks as a table whose cells open their evidence."""

from collections.abc import Iterable
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ButtonColumnResult

from explorer.answers import claims
from explorer.session import address, selection
from explorer.words.formatting import plain
from explorer.words.help import HELP

KEY = "claim-grid"
LETTER, ROOM = 7, 32  # pixels: of a letter in a table at most, and beside the text of a cell


def draw_grid(rows: pd.DataFrame) -> None:
    """A row per claim; every cell is a button with mark and word."""
    table = claims.grid(rows).assign(short=[claim.short for claim in claims.CLAIMS])
    columns = {
        "short": _buttons("Claim", table["short"], None, help=HELP["claim_titles"]),
        "everything": _buttons("All", table["everything"], None, help="All networks or pairs."),
        **{
            name: _buttons(name, table[name], name, help=plain(name))
            for name in claims.networks(rows)
        },
    }
    st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, key=KEY, height="content",
        lazy=False, alt="Verdicts of all claims on all networks",
    )  # fmt: skip


def fitting(label: str, texts: Iterable[str]) -> int:
    """Width in pixels at which neither the heading nor a cell of a column is cut."""
    return ROOM + LETTER * max(map(len, (label, *texts)))


def _buttons(label: str, texts: pd.Series, network: str | None, *, help: str) -> ButtonColumnResult:
    click = f"{KEY}-{texts.name}"
    return st.column_config.ButtonColumn(
        label, width=fitting(label, texts), help=help, pinned=texts.name == "short", type="tertiary",
        alignment="left", key=click, on_click=partial(opened, click, network),
    )  # fmt: skip


def opened(click: str, network: str | None) -> None:
    """Callback: show the evidence of the cell that was pressed, which `click` is the key of; without a
    `network` the one at the side stays."""
    claim = claims.CLAIMS[st.session_state[click].row].id
    given = {address.CLAIM: claim} | ({address.MODEL: network} if network else {})
    selection.open_view("claims", given)
