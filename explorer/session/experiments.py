"""Cached readers of the experiments on unseen categories.

As in `session/cache.py`, nobody may change what they hand out.
"""

from collections.abc import Container
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers import category_draws, unseen
from explorer.session.cache import stamp
from precompute.atlas import schema
from precompute.atlas.contract import schema_unseen
from precompute.atlas.store import Atlas


def by_title(root: Path, students: Container[str] | None = None) -> dict[str, str]:
    """Folder of every finished experiment, of these `students` if given, by `unseen.title`. Two of one
    title, drawn from files of one name, are told apart by their folders."""
    files = sorted(root.glob(f"unseen/*/{schema_unseen.EXPERIMENT.file}"))
    found: dict[str, str] = {}
    for folder, info in _infos(str(root), tuple((str(file), stamp(file)) for file in files)):
        name = unseen.title(info)
        if students is None or info["student"] in students:
            found[name if name not in found else f"{name} ({folder.split('--')[-1]})"] = folder
    return found


def of_one_kind(root: Path, one: unseen.Experiment) -> list[unseen.Experiment]:
    """The experiments that differ from this one only in the random draw of their categories, itself
    among them."""
    files = sorted(root.glob(f"unseen/*/{schema_unseen.EXPERIMENT.file}"))
    infos = _infos(str(root), tuple((str(file), stamp(file)) for file in files))
    return [
        read(root, folder) for folder, info in infos
        if category_draws.of_one_kind(one.info, info)
    ]  # fmt: skip


def read(root: Path, folder: str) -> unseen.Experiment:
    """Every table of one experiment. Raises UserError if one is missing or outdated."""
    tables = schema_unseen.UNSEEN_TABLES
    return _experiment(str(root), folder, tuple(stamp(root / folder / t.file) for t in tables))


@st.cache_resource(max_entries=8, show_spinner=False)
def _infos(root: str, stamps: tuple) -> list[tuple[str, dict]]:
    """Folder and row of experiment.parquet of each."""
    folders = [f"unseen/{Path(file).parent.name}" for file, _ in stamps]
    table = partial(Atlas(root).read, schema_unseen.EXPERIMENT)
    return [(f, table(folder=f).iloc[0].to_dict()) for f in folders]


@st.cache_resource(max_entries=8, show_spinner="Reading the experiment's tables")
def _experiment(root: str, folder: str, stamps: tuple) -> unseen.Experiment:
    def rows(table: schema.Table) -> pd.DataFrame:
        return Atlas(root).read(table, folder=folder)

    return unseen.Experiment(
        folder=folder,
        info=rows(schema_unseen.EXPERIMENT).iloc[0].to_dict(),
        categories=rows(schema_unseen.CATEGORIES),
        dependencies=rows(schema_unseen.DEPENDENCIES),
        ridge=rows(schema_unseen.RIDGE),
        calibration=rows(schema_unseen.CALIBRATION),
        predictions=rows(schema_unseen.PREDICTIONS),
        ranking=rows(schema_unseen.RANKING),
        metrics=rows(schema_unseen.METRICS),
    )
