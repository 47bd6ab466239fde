"""Cached readers of foreign images: what networks have seen of them, and what is usual for a network.

As in `session/cache.py`, nobody may change what they hand out.
"""

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers.foreign import standing, usual
from explorer.session import cache
from explorer.session.cache import model_stamp, stamp
from explorer.tables.foreign import ForeignSet, read_foreign_logits, read_foreign_set
from precompute.atlas.contract import schema_robustness as robustness
from precompute.atlas.store import Atlas
from precompute.ood.usual import Usual


def every_set(root: Path) -> pd.DataFrame:
    """The row of ood.parquet of every set that a network has looked at, with its `folder` in the atlas."""
    files = sorted(root.glob(f"ood/*/{robustness.OOD.file}"))
    return _every_set(str(root), tuple((str(file), stamp(file)) for file in files))


def sets_of(root: Path, model: str) -> dict[str, str]:
    """Folder of every set that a network has looked at, by the set's name."""
    rows = every_set(root)
    own = rows[rows["model"] == model]
    return dict(zip(own["set"], own["folder"], strict=True))


def read(root: Path, folder: str, choice: str) -> ForeignSet:
    """The tables of one set at a choice of the sparsity. Raises UserError if one is missing or outdated."""
    return _read(str(root), folder, choice, _stamp(root, folder))


def scores_beside(root: Path, folder: str, choice: str) -> pd.DataFrame:
    """`standing.standing` of one set at a choice of the sparsity."""
    return _standing(str(root), folder, choice, _stamp(root, folder))


def everywhere(root: Path, choice: str) -> pd.DataFrame:
    """`standing.everywhere` over every network and set at a choice of the sparsity."""
    folders = every_set(root)["folder"]
    return _everywhere(str(root), tuple((f, _stamp(root, f)) for f in folders), choice)


def usual_of(root: Path, model: str, choice: str) -> Usual:
    """What is usual for a network, on its held-out images, at a choice of the sparsity."""
    return _usual(str(root), model, choice, model_stamp(root, model))


def held_out_images(root: Path, model: str, choice: str) -> pd.DataFrame:
    """`usual.image_table` of a network's held-out images."""
    return _held_out_images(str(root), model, choice, model_stamp(root, model))


def foreign_images(root: Path, folder: str, model: str, choice: str) -> pd.DataFrame:
    """`usual.image_table` of the foreign images of one set, in the eyes of its network."""
    stamps = (model_stamp(root, model), _stamp(root, folder))
    return _foreign_images(str(root), folder, model, choice, stamps)


def _stamp(root: Path, folder: str) -> tuple:
    return tuple(stamp(root / folder / table.file) for table in robustness.OOD_TABLES)


@st.cache_resource(max_entries=4, show_spinner=False)
def _every_set(root: str, stamps: tuple) -> pd.DataFrame:
    folders = [f"ood/{Path(file).parent.name}" for file, _ in stamps]
    table = partial(Atlas(root).read, robustness.OOD)
    rows = [table(folder=folder).assign(folder=folder) for folder in folders]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(
        columns=[*robustness.OOD.schema.names, "folder"]
    )  # fmt: skip


@st.cache_resource(max_entries=4, show_spinner="Reading the scores of foreign images")
def _read(root: str, folder: str, choice: str, stamps: tuple) -> ForeignSet:
    return read_foreign_set(Atlas(root), folder, choice)


@st.cache_resource(max_entries=16, show_spinner="Comparing the scores")
def _standing(root: str, folder: str, choice: str, stamps: tuple) -> pd.DataFrame:
    return standing.standing(_read(root, folder, choice, stamps))


@st.cache_resource(max_entries=8, show_spinner="Reading the scores of every network")
def _everywhere(root: str, stamps: tuple, choice: str) -> pd.DataFrame:
    atlas, rows = Atlas(root), []
    of_choice = [("choice", "in", (choice, ""))]
    for folder, _ in stamps:
        info = atlas.read(robustness.OOD, folder=folder).iloc[0]
        found = atlas.read(robustness.DETECTION, folder=folder, filters=of_choice)
        rows.append(found.assign(model=info["model"], set=info["set"]))
    return standing.everywhere(pd.concat(rows), choice)


@st.cache_resource(max_entries=16, show_spinner="Scoring the held-out images")
def _usual(root: str, model: str, choice: str, stamp: tuple) -> Usual:
    network = cache.network(Path(root), model, choice)
    error = np.full(len(network.categories), np.nan)
    error[network.chosen["target"]] = network.chosen["fit_error_refit"]
    _, _, logits = Atlas(root).logits(model, "holdout")
    return Usual.of(network.edges, error, network.categories["power"].to_numpy(float), logits)


@st.cache_resource(max_entries=4, show_spinner=False)
def _held_out_images(root: str, model: str, choice: str, stamp: tuple) -> pd.DataFrame:
    ids, labels, logits = Atlas(root).logits(model, "holdout")
    names = cache.network(Path(root), model, choice).categories["name"].to_numpy()
    return usual.image_table(_usual(root, model, choice, stamp), names, ids, logits, labels)


@st.cache_resource(max_entries=4, show_spinner="Looking for the equations that break")
def _foreign_images(root: str, folder: str, model: str, choice: str, stamps: tuple) -> pd.DataFrame:
    names = cache.network(Path(root), model, choice).categories["name"].to_numpy()
    ids, logits = read_foreign_logits(Atlas(root), folder)
    return usual.image_table(_usual(root, model, choice, stamps[0]), names, ids, logits)
