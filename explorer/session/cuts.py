"""Cached readers of networks whose dependencies were cut.

As in `session/cache.py`, nobody may change what they hand out.
"""

from pathlib import Path

import streamlit as st

from explorer.session.cache import stamp
from explorer.tables.cut import CutTables, read_cut
from precompute.atlas.contract.schema_robustness import CUT, CUT_TABLES
from precompute.atlas.store import Atlas


def of_network(root: Path, model: str) -> dict[str, CutTables]:
    """By name, every network that was cut from this one, or this one itself where it is such a network.
    Raises UserError if a table is missing or outdated."""
    files = sorted(root.glob(f"cut/*/{CUT.file}"))
    folders = [f"cut/{file.parent.name}" for file in files]
    found = [_read(str(root), folder, _stamps(root, folder)) for folder in folders]
    return {cut.name: cut for cut in found if model in (cut.name, cut.info["model"])}


def bases(root: Path) -> list[str]:
    """The networks of the atlas that others were cut from."""
    files = sorted(root.glob(f"cut/*/{CUT.file}"))
    rows = (Atlas(root).read(CUT, folder=f"cut/{file.parent.name}") for file in files)
    return sorted({str(row["model"].iat[0]) for row in rows})


def _stamps(root: Path, folder: str) -> tuple:
    return tuple(stamp(root / folder / table.file) for table in CUT_TABLES)


@st.cache_resource(max_entries=32, show_spinner="Reading the tables of a cut network")
def _read(root: str, folder: str, stamps: tuple) -> CutTables:
    return read_cut(Atlas(root), folder)
