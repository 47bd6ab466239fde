"""Cached readers at the border: an atlas's tables in memory, once per file version, for all sessions.

Caches are keyed by a file's path and stamp (time and size), never by its content, and what they hand
out is shared between sessions: nobody may change it.
"""

import json
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers import links, sparsity
from explorer.answers.evidence import heldout
from explorer.answers.evidence.heldout import Holdout
from explorer.answers.network_pair import NetworkPair
from explorer.tables.evaluation import read_chosen
from explorer.tables.link import Link, read_link
from explorer.tables.network import Network, read_network
from precompute.atlas import schema
from precompute.atlas.store import Atlas, digest


def model_names(root: Path) -> list[str]:
    """The atlas's models, or an empty list where there is no atlas."""
    files = sorted(root.glob(f"models/*/{schema.MODEL.file}"))
    return _model_names(str(root), tuple((str(file), stamp(file)) for file in files))


def default_model(root: Path, among: list[str]) -> str:
    """The model to show to who has chosen none: the best held-out top-1, the first of equals."""
    return _best_model(str(root), tuple((name, _model_stamp(root, name)) for name in among))


def network(root: Path, model: str) -> Network:
    """Every table of a model but its logits. Raises UserError if one is missing or outdated."""
    stamps = (*_model_stamp(root, model), stamp(Atlas(root).file(schema.ALIGNMENT)))
    return _network(str(root), model, stamps)


def holdout(root: Path, model: str) -> Holdout:
    """The held-out images with labels and logits."""
    return _holdout(str(root), model, _model_stamp(root, model))


def shared_holdout(root: Path, pair: NetworkPair) -> tuple[Holdout, Holdout]:
    """The held-out images that both networks of a pair have, in the target's and in the source's logits,
    row by row the same."""
    return heldout.shared(holdout(root, pair.target.name), holdout(root, pair.source.name))


def linked_pairs(root: Path) -> dict[tuple[str, str], str]:
    """Folder of every finished link inside the atlas, by (target model, source model)."""
    files = sorted(root.glob(f"links/*/{schema.LINK.file}"))
    return _linked_pairs(str(root), tuple((str(file), stamp(file)) for file in files))


def link(root: Path, folder: str) -> Link:
    """Every table of one link. Raises UserError if one is missing or outdated."""
    return _link(str(root), folder, _link_stamp(root, folder))


def pair_figures(root: Path) -> pd.DataFrame:
    """`links.summary` of every link, one row each."""
    pairs = linked_pairs(root)
    rows = [
        {"target_model": a, "source_model": b} | _link_figures(str(root), f, _link_stamp(root, f))
        for (a, b), f in pairs.items()
    ]
    return pd.DataFrame(rows)


def consensus(root: Path, label_set: str) -> pd.DataFrame:
    """consensus.parquet of one label set, empty where the atlas has none."""
    file = Atlas(root).file(schema.CONSENSUS)
    return _consensus(str(root), label_set, stamp(file)) if file.exists() else pd.DataFrame()


def sparsity_medians(root: Path, refit: bool) -> pd.DataFrame:
    """`sparsity.sparsity_table` of every model."""
    stamps = tuple((name, _model_stamp(root, name)) for name in model_names(root))
    return _sparsity_medians(str(root), stamps, refit)


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


@st.cache_resource(max_entries=64, show_spinner=False)
def _best_model(root: str, stamps: tuple) -> str:
    read = partial(Atlas(root).read, schema.MODEL, columns=["top1_holdout"])
    top1 = [read(name)["top1_holdout"].fillna(-1.0).iat[0] for name, _ in stamps]
    return stamps[int(np.argmax(top1))][0]


@st.cache_resource(max_entries=8, show_spinner="Reading the network's tables")
def _network(root: str, model: str, stamp: tuple) -> Network:
    return read_network(Atlas(root), model, digest(root, model, repr(stamp)))


@st.cache_resource(max_entries=8, show_spinner="Reading every equation's evaluation")
def _sparsity_medians(root: str, stamps: tuple, refit: bool) -> pd.DataFrame:
    columns = ["target", "n_parents", *sparsity.evaluation_columns(refit)]
    tables = {
        name: Atlas(root).read(schema.EVALUATION, model=name, columns=columns) for name, _ in stamps
    }
    return sparsity.sparsity_table(tables, refit)


@st.cache_resource(max_entries=8, show_spinner=False)
def _linked_pairs(root: str, stamps: tuple) -> dict[tuple[str, str], str]:
    pairs = {}
    for file, _ in stamps:
        folder = f"links/{Path(file).parent.name}"
        row = Atlas(root).read(schema.LINK, folder=folder).iloc[0]
        pairs[row["target_model"], row["source_model"]] = folder
    return pairs


@st.cache_resource(max_entries=4, show_spinner="Reading the link's tables")
def _link(root: str, folder: str, stamp: tuple) -> Link:
    return read_link(Atlas(root), folder)


@st.cache_resource(max_entries=1000, show_spinner=False)
def _link_figures(root: str, folder: str, stamp: tuple) -> dict:
    columns = ["n_parents", "r2", "r2_refit", "control_r2", "within_half_sd"]
    return links.summary(read_chosen(Atlas(root), folder, columns))


@st.cache_resource(max_entries=2, show_spinner="Reading what the networks share")
def _consensus(root: str, label_set: str, stamp: tuple) -> pd.DataFrame:
    table = Atlas(root).read(schema.CONSENSUS)
    return table[table["label_set"] == label_set].reset_index(drop=True)


@st.cache_resource(max_entries=4, show_spinner="Reading the held-out logits")
def _holdout(root: str, model: str, stamp: tuple) -> Holdout:
    return Holdout.of(*Atlas(root).logits(model, "holdout"))


def _model_stamp(root: Path, model: str) -> tuple:
    folder = root / Atlas.model_folder(model)
    return tuple(stamp(folder / table.file) for table in schema.MODEL_TABLES)


def _link_stamp(root: Path, folder: str) -> tuple:
    return tuple(stamp(root / folder / table.file) for table in schema.LINK_TABLES)


def stamp(path: Path) -> tuple[int, int]:
    """Changes whenever the file does; (0, 0) where it is missing."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
