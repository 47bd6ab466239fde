"""Cached readers of what figures are compared with: equations of shuffled targets, and of fewer images.

As in `session/cache.py`, nobody may change what they hand out.
"""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.session.cache import stamp
from explorer.tables.evaluation import read_control
from explorer.tables.network import Network
from precompute.atlas import schema
from precompute.atlas.store import Atlas


def control(root: Path, network: Network) -> pd.DataFrame:
    """The equations of a network's shuffled targets, at its choice of the sparsity
    (`evaluation.read_control`). Raises UserError if the table is missing or outdated."""
    return _control(str(root), network.name, network.choice, network.version, network)


def learning(root: Path, model: str) -> pd.DataFrame:
    """learning.parquet of a model: how its equations grew with the fit images; empty where the atlas has
    none. Raises UserError if it is outdated."""
    file = Atlas(root).file(schema.LEARNING, Atlas.model_folder(model))
    if not file.exists():
        return pd.DataFrame(columns=schema.LEARNING.columns)
    return _learning(str(root), model, stamp(file))


@st.cache_resource(max_entries=8, show_spinner=False)
def _control(root: str, model: str, choice: str, version: str, _network: Network) -> pd.DataFrame:
    names = _network.categories["name"].to_numpy()
    return read_control(Atlas(root), Atlas.model_folder(model), choice, names)


@st.cache_resource(max_entries=64, show_spinner=False)
def _learning(root: str, model: str, stamp: tuple) -> pd.DataFrame:
    return Atlas(root).read(schema.LEARNING, model)
