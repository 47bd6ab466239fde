"""Cached readers at the border: an atlas's tables in memory, once per file version, for all sessions.

Caches are keyed by a file's path and stamp (time and size), never by its content, and what they hand
out is shared between sessions: nobody may change it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from explorer import queries
from explorer.heldout import Holdout
from explorer.paths import PathIndex
from explorer.search import SearchIndex
from precompute import schema
from precompute.store import Atlas, digest


@dataclass(frozen=True)
class Network:
    """One model of the atlas as the pages use it."""

    name: str
    version: str  # changes whenever one of the tables does
    info: dict  # the row of model.parquet
    categories: pd.DataFrame  # one row per category, in logit order
    edges: pd.DataFrame  # queries.dependencies, strongest first
    evaluation: pd.DataFrame
    paths: PathIndex
    community_names: dict[int, str]
    search: SearchIndex

    def index_of(self, category: str) -> int:
        """Index of a category's logit. Raises KeyError if the model has no such category."""
        return int(self.search.index[category])

    def name_of(self, category: int) -> str:
        return str(self.categories["name"].iat[category])

    @property
    def centred(self) -> bool:
        return bool(self.info["center"])


def model_names(root: Path) -> list[str]:
    """The atlas's models, or an empty list where there is no atlas."""
    files = sorted(root.glob(f"models/*/{schema.MODEL.file}"))
    return _model_names(str(root), tuple((str(file), _stamp(file)) for file in files))


def network(root: Path, model: str) -> Network:
    """Every table of a model but its logits. Raises UserError if one is missing or outdated."""
    return _network(str(root), model, _model_stamp(root, model))


def holdout(root: Path, model: str) -> Holdout:
    """The held-out images with labels and logits."""
    return _holdout(str(root), model, _model_stamp(root, model))


def provenance(root: Path) -> pd.DataFrame:
    """model.parquet of every model, one row each, with its JSON columns read."""
    names = model_names(root)
    rows = pd.concat([Atlas(root).read(schema.MODEL, model=name) for name in names])
    for column in ("versions", "seconds", "input_config"):
        rows[column] = rows[column].map(json.loads)
    return rows.reset_index(drop=True)


@st.cache_resource(max_entries=8, show_spinner=False)
def _model_names(root: str, stamp: tuple) -> list[str]:
    return Atlas(root).models()


@st.cache_resource(max_entries=8, show_spinner="Reading the network's tables")
def _network(root: str, model: str, stamp: tuple) -> Network:
    atlas = Atlas(root)
    categories = atlas.read(schema.CATEGORIES, model=model)
    evaluation = atlas.read(schema.EVALUATION, model=model)
    table = atlas.read(schema.DEPENDENCIES, model=model)
    return Network(
        name=model,
        version=digest(root, model, repr(stamp)),
        info=atlas.read(schema.MODEL, model=model).iloc[0].to_dict(),
        categories=categories,
        edges=queries.dependencies(categories, table, evaluation),
        evaluation=evaluation,
        paths=PathIndex(atlas.read(schema.PATH, model=model)),
        community_names=queries.community_names(categories),
        search=SearchIndex(categories),
    )


@st.cache_resource(max_entries=4, show_spinner="Reading the held-out logits")
def _holdout(root: str, model: str, stamp: tuple) -> Holdout:
    return Holdout.of(*Atlas(root).logits(model, "holdout"))


def _model_stamp(root: Path, model: str) -> tuple:
    folder = root / Atlas.model_folder(model)
    return tuple(_stamp(folder / table.file) for table in schema.MODEL_TABLES)


def _stamp(path: Path) -> tuple[int, int]:
    """Changes whenever the file does; (0, 0) where it is missing."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
