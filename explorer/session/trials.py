"""Cached readers of what puts the paper on trial: the claims' verdicts, survival and redundancy.

As in `session/cache.py`, nobody may change what they hand out.
"""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers.redundancy import compliance, small_error
from explorer.answers.verdicts import survival as survival_verdicts
from explorer.session.cache import model_stamp, stamp
from explorer.tables import claims as claim_tables
from explorer.tables.redundancy import RedundancyTables, read_redundancy
from precompute.atlas import claim_files, schema
from precompute.atlas.files import file_digest
from precompute.atlas.store import Atlas


def claims(root: Path) -> claim_tables.JudgedClaims | None:
    """The verdicts on the paper's claims; None where they were never judged. Raises UserError if they are
    of another schema version."""
    file = claim_files.table_file(Atlas(root))
    return _claims(str(root), stamp(file)) if file.exists() else None


def judged_now(root: Path) -> dict[str, str]:
    """The digests of what the claims would be judged from today; a file is read again only once it has
    changed."""
    return claim_files.digests(Atlas(root), lambda file: _digest(str(file), stamp(file)))


def redundancy(root: Path, model: str) -> RedundancyTables:
    """A model's tables on redundancy. Raises UserError if one is missing or outdated."""
    return _redundancy(str(root), model, model_stamp(root, model))


def redundancy_by_parents(root: Path, model: str, refit: bool) -> pd.DataFrame:
    """`small_error.by_parents` of a model."""
    return _redundancy_by_parents(str(root), model, refit, model_stamp(root, model))


def agreement(root: Path, model: str) -> pd.DataFrame:
    """`compliance.summary` of a model."""
    return _agreement(str(root), model, model_stamp(root, model))


def survival(root: Path, model: str) -> pd.DataFrame:
    """survival.parquet of a model."""
    return _survival(str(root), model, model_stamp(root, model))


def survival_curve(root: Path, model: str, refit: bool) -> pd.DataFrame:
    """`verdicts.survival.curve` of a model."""
    return _survival_curve(str(root), model, model_stamp(root, model), refit)


@st.cache_resource(max_entries=4, show_spinner=False)
def _claims(root: str, stamp: tuple) -> claim_tables.JudgedClaims:
    return claim_tables.read_claims(Atlas(root))


@st.cache_resource(max_entries=2000, show_spinner=False)
def _digest(file: str, stamp: tuple) -> str:
    return file_digest(Path(file))


@st.cache_resource(max_entries=8, show_spinner="Reading the tables on redundancy")
def _redundancy(root: str, model: str, stamp: tuple) -> RedundancyTables:
    return read_redundancy(Atlas(root), model, list(small_error.COLUMNS))


@st.cache_resource(max_entries=32, show_spinner="Resampling the categories")
def _redundancy_by_parents(root: str, model: str, refit: bool, stamp: tuple) -> pd.DataFrame:
    evaluation = _redundancy(root, model, stamp).evaluation
    categories = Atlas(root).read(schema.CATEGORIES, model)
    by, power = small_error.measured(categories, evaluation), categories["power"].to_numpy(float)
    return small_error.by_parents(evaluation, by, power, refit)


@st.cache_resource(max_entries=32, show_spinner=False)
def _agreement(root: str, model: str, stamp: tuple) -> pd.DataFrame:
    return compliance.summary(_redundancy(root, model, stamp).compliance)


@st.cache_resource(max_entries=16, show_spinner=False)
def _survival(root: str, model: str, stamp: tuple) -> pd.DataFrame:
    return Atlas(root).read(schema.SURVIVAL, model)


@st.cache_resource(max_entries=32, show_spinner="Pooling what is left of classification")
def _survival_curve(root: str, model: str, stamp: tuple, refit: bool) -> pd.DataFrame:
    return survival_verdicts.curve(_survival(root, model, stamp), refit)
