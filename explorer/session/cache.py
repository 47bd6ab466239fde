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
from explorer.tables.agreement import read_of_label_set
from explorer.tables.evaluation import read_chosen, read_median
from explorer.tables.link import Link, read_link
from explorer.tables.network import Network, read_network
from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import CUT_MARK
from precompute.atlas.files import digest
from precompute.atlas.store import Atlas


def atlas(root: Path) -> Atlas:
    """The atlas itself, for what `precompute` reads of it."""
    return Atlas(root)


def model_names(root: Path) -> list[str]:
    """The atlas's models, or an empty list where there is no atlas."""
    files = sorted(root.glob(f"models/*/{schema.MODEL.file}"))
    return _model_names(str(root), tuple((str(file), stamp(file)) for file in files))


def default_model(root: Path, among: list[str]) -> str:
    """The model to show to who has chosen none: the best held-out top-1, the first of equals, and none
    that was cut, or with weighted equations, where there is another."""
    return _best_model(str(root), tuple((name, model_stamp(root, name)) for name in among))


def network(root: Path, model: str, choice: str) -> Network:
    """Every table of a model but its logits, at a choice of the sparsity. Raises UserError if one is
    missing or outdated."""
    stamps = (*model_stamp(root, model), stamp(Atlas(root).file(schema.ALIGNMENT)))
    return _network(str(root), model, choice, stamps)


def holdout(root: Path, model: str) -> Holdout:
    """The held-out images with labels and logits."""
    return _holdout(str(root), model, model_stamp(root, model))


def shared_holdout(root: Path, pair: NetworkPair) -> tuple[Holdout, Holdout]:
    """The held-out images that both networks of a pair have, in the target's and in the source's logits,
    row by row the same."""
    return heldout.shared(holdout(root, pair.target.name), holdout(root, pair.source.name))


def linked_pairs(root: Path) -> dict[tuple[str, str], str]:
    """Folder of every finished link inside the atlas, by (target model, source model)."""
    files = sorted(root.glob(f"links/*/{schema.LINK.file}"))
    return _linked_pairs(str(root), tuple((str(file), stamp(file)) for file in files))


def link(root: Path, folder: str, choice: str) -> Link:
    """Every table of one link, at a choice of the sparsity. Raises UserError if one is missing or
    outdated."""
    return _link(str(root), folder, choice, _link_stamp(root, folder))


def pair_figures(root: Path, choice: str) -> pd.DataFrame:
    """`links.summary` of every link at a choice of the sparsity, one row each."""
    pairs = linked_pairs(root)
    rows = [
        {"target_model": a, "source_model": b}
        | _link_figures(str(root), f, choice, _link_stamp(root, f))
        for (a, b), f in pairs.items()
    ]
    return pd.DataFrame(rows)


def consensus(root: Path, label_set: str, choice: str) -> pd.DataFrame:
    """consensus.parquet of one label set at a choice of the sparsity, empty where the atlas has none."""
    return _of_label_set(root, schema.CONSENSUS, label_set, choice)


def chance(root: Path, label_set: str, choice: str) -> pd.DataFrame:
    """chance.parquet of one label set at a choice of the sparsity, empty where the atlas has none."""
    return _of_label_set(root, schema.CHANCE, label_set, choice)


def _of_label_set(root: Path, table: schema.Table, label_set: str, choice: str) -> pd.DataFrame:
    file = Atlas(root).file(table)
    if not file.exists():
        return pd.DataFrame()
    return _label_set_rows(str(root), table.file, label_set, choice, stamp(file))


def sparsity_medians(root: Path, refit: bool) -> pd.DataFrame:
    """`sparsity.sparsity_table` of every model."""
    stamps = tuple((name, model_stamp(root, name)) for name in model_names(root))
    return _sparsity_medians(str(root), stamps, refit)


def provenance(root: Path) -> pd.DataFrame:
    """model.parquet of every model, one row each, with its JSON columns read."""
    names = model_names(root)
    rows = pd.concat([Atlas(root).read(schema.MODEL, model=name) for name in names])
    for column in ("versions", "seconds", "input_config"):
        rows[column] = rows[column].map(json.loads)
    return rows.reset_index(drop=True)


def held_out_r2(root: Path, label_set: str, choice: str) -> pd.DataFrame:
    """Held-out R² of every category (index: name) in every model of a label set (columns), at a choice of
    the sparsity."""
    stamps = tuple((name, model_stamp(root, name)) for name in model_names(root))
    return _held_out_r2(str(root), label_set, choice, stamps)


def images(root: Path) -> pd.DataFrame:
    """images.parquet, indexed by image_id."""
    return _images(str(root), stamp(Atlas(root).file(schema.IMAGES)))


@st.cache_resource(max_entries=8, show_spinner=False)
def _model_names(root: str, stamp: tuple) -> list[str]:
    return Atlas(root).models()


@st.cache_resource(max_entries=64, show_spinner=False)
def _best_model(root: str, stamps: tuple) -> str:
    read = partial(Atlas(root).read, schema.MODEL, columns=["top1_holdout", "weight_positives"])
    rows = [read(name).fillna(-1.0).iloc[0] for name, _ in stamps]
    changed = [CUT_MARK in name for name, _ in stamps]
    merit = [
        row["top1_holdout"] - 2 * (cut or row["weight_positives"] > 0)
        for row, cut in zip(rows, changed, strict=True)
    ]
    return stamps[int(np.argmax(merit))][0]


@st.cache_resource(max_entries=8, show_spinner="Reading the network's tables")
def _network(root: str, model: str, choice: str, stamp: tuple) -> Network:
    return read_network(Atlas(root), model, choice, digest(root, model, choice, repr(stamp)))


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
def _link(root: str, folder: str, choice: str, stamp: tuple) -> Link:
    return read_link(Atlas(root), folder, choice)


@st.cache_resource(max_entries=1000, show_spinner=False)
def _link_figures(root: str, folder: str, choice: str, stamp: tuple) -> dict:
    columns = ["n_parents", "r2", "r2_refit", "control_r2", "within_half_sd"]
    atlas = Atlas(root)
    chosen, median = read_chosen(atlas, folder, choice, columns), read_median(atlas, folder, choice)
    images = atlas.read(schema.LINK, folder=folder, columns=["n_holdout"])
    return links.summary(chosen, median, int(images["n_holdout"].iat[0]))


@st.cache_resource(max_entries=6, show_spinner="Reading what the networks share")
def _label_set_rows(
    root: str, file: str, label_set: str, choice: str, stamp: tuple
) -> pd.DataFrame:
    return read_of_label_set(Atlas(root), schema.TABLES[file], label_set, choice)


@st.cache_resource(max_entries=4, show_spinner="Reading the held-out logits")
def _holdout(root: str, model: str, stamp: tuple) -> Holdout:
    return Holdout.of(*Atlas(root).logits(model, "holdout"))


@st.cache_resource(max_entries=8, show_spinner=False)
def _held_out_r2(root: str, label_set: str, choice: str, stamps: tuple) -> pd.DataFrame:
    atlas, columns = Atlas(root), {}
    for model, _ in stamps:
        if atlas.read(schema.MODEL, model)["label_set"][0] == label_set:
            names = atlas.read(schema.CATEGORIES, model, columns=["name"])["name"].to_numpy()
            rows = read_chosen(atlas, Atlas.model_folder(model), choice, ["target", "r2"])
            columns[model] = pd.Series(rows["r2"].to_numpy(float), names[rows["target"]])
    return pd.DataFrame(columns)


@st.cache_resource(max_entries=4, show_spinner=False)
def _images(root: str, stamp: tuple) -> pd.DataFrame:
    return Atlas(root).read(schema.IMAGES).drop_duplicates("image_id").set_index("image_id")


def model_stamp(root: Path, model: str) -> tuple:
    """Changes whenever one of a model's tables does."""
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
