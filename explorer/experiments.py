"""Cached readers of the experiments on unseen categories, as `explorer.data` reads the networks."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.data import stamp
from explorer.unseen import Experiment
from precompute import schema, schema_unseen
from precompute.store import Atlas


def experiments(root: Path) -> dict[str, str]:
    """Folder of every finished experiment, by `title`."""
    files = sorted(root.glob(f"unseen/*/{schema_unseen.EXPERIMENT.file}"))
    return _experiments(str(root), tuple((str(file), stamp(file)) for file in files))


def title(info: dict) -> str:
    """An experiment in words, from its row of experiment.parquet."""
    return f"{info['student']} ← {info['teacher']} · {drawn(info)}"


def drawn(info: dict) -> str:
    """Which categories are unseen, in words."""
    return f"{Path(info['categories']).name}, seed {info['seed']}"


def experiment(root: Path, folder: str) -> Experiment:
    """Every table of one experiment. Raises UserError if one is missing or outdated."""
    tables = schema_unseen.UNSEEN_TABLES
    return _experiment(str(root), folder, tuple(stamp(root / folder / t.file) for t in tables))


@st.cache_resource(max_entries=8, show_spinner=False)
def _experiments(root: str, stamps: tuple) -> dict[str, str]:
    found = {}
    for file, _ in stamps:
        folder = f"unseen/{Path(file).parent.name}"
        row = Atlas(root).read(schema_unseen.EXPERIMENT, folder=folder).iloc[0]
        found[title(row.to_dict())] = folder
    return found


@st.cache_resource(max_entries=3, show_spinner="Reading the experiment's tables")
def _experiment(root: str, folder: str, stamps: tuple) -> Experiment:
    def read(table: schema.Table) -> pd.DataFrame:
        return Atlas(root).read(table, folder=folder)

    return Experiment(
        folder=folder,
        info=read(schema_unseen.EXPERIMENT).iloc[0].to_dict(),
        categories=read(schema_unseen.CATEGORIES),
        dependencies=read(schema_unseen.DEPENDENCIES),
        ridge=read(schema_unseen.RIDGE),
        calibration=read(schema_unseen.CALIBRATION),
        predictions=read(schema_unseen.PREDICTIONS),
        ranking=read(schema_unseen.RANKING),
        metrics=read(schema_unseen.METRICS),
    )
