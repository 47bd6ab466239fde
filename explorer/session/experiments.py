"""Cached readers of the experiments on unseen categories, as `cache` reads the networks."""

from collections.abc import Container
from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers.unseen import Experiment
from explorer.session.cache import stamp
from precompute.atlas import schema, schema_unseen
from precompute.atlas.store import Atlas


def experiments(root: Path, students: Container[str] | None = None) -> dict[str, str]:
    """Folder of every finished experiment, of these `students` if given, by `title`. Two of one title,
    drawn from files of one name, are told apart by their folders."""
    files = sorted(root.glob(f"unseen/*/{schema_unseen.EXPERIMENT.file}"))
    found: dict[str, str] = {}
    for folder, info in _infos(str(root), tuple((str(file), stamp(file)) for file in files)):
        name = title(info)
        if students is None or info["student"] in students:
            found[name if name not in found else f"{name} ({folder.split('--')[-1]})"] = folder
    return found


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
def _infos(root: str, stamps: tuple) -> list[tuple[str, dict]]:
    """Folder and row of experiment.parquet of each."""
    folders = [f"unseen/{Path(file).parent.name}" for file, _ in stamps]
    read = Atlas(root).read
    return [(f, read(schema_unseen.EXPERIMENT, folder=f).iloc[0].to_dict()) for f in folders]


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
