"""Cached readers at the border: an atlas's tables in memory, once per file version, for all sessions.

Caches are keyed by a file's path and stamp (time and size), never by its content, and what they hand
out is shared between sessions: nobody may change it.
"""

import json
from collections.abc import Container
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers import category_draws, links, sparsity, unseen
from explorer.answers.evidence import heldout
from explorer.answers.evidence.heldout import Holdout
from explorer.answers.network_pair import NetworkPair
from explorer.answers.redundancy import compliance, small_error
from explorer.answers.verdicts import survival as survival_verdicts
from explorer.tables import claims as claim_tables
from explorer.tables.agreement import read_of_label_set
from explorer.tables.evaluation import read_chosen, read_median
from explorer.tables.link import Link, read_link
from explorer.tables.network import Network, read_network
from explorer.tables.redundancy import RedundancyTables, read_redundancy
from precompute.atlas import claim_files, schema, schema_unseen
from precompute.atlas.store import Atlas, digest, file_digest


def model_names(root: Path) -> list[str]:
    """The atlas's models, or an empty list where there is no atlas."""
    files = sorted(root.glob(f"models/*/{schema.MODEL.file}"))
    return _model_names(str(root), tuple((str(file), stamp(file)) for file in files))


def default_model(root: Path, among: list[str]) -> str:
    """The model to show to who has chosen none: the best held-out top-1, the first of equals, and none with
    weighted equations where there is another."""
    return _best_model(str(root), tuple((name, _model_stamp(root, name)) for name in among))


def network(root: Path, model: str, choice: str) -> Network:
    """Every table of a model but its logits, at a choice of the sparsity. Raises UserError if one is
    missing or outdated."""
    stamps = (*_model_stamp(root, model), stamp(Atlas(root).file(schema.ALIGNMENT)))
    return _network(str(root), model, choice, stamps)


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
    return _redundancy(str(root), model, _model_stamp(root, model))


def redundancy_by_parents(root: Path, model: str, refit: bool) -> pd.DataFrame:
    """`small_error.by_parents` of a model."""
    return _redundancy_by_parents(str(root), model, refit, _model_stamp(root, model))


def agreement(root: Path, model: str) -> pd.DataFrame:
    """`compliance.summary` of a model."""
    return _agreement(str(root), model, _model_stamp(root, model))


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
    stamps = tuple((name, _model_stamp(root, name)) for name in model_names(root))
    return _sparsity_medians(str(root), stamps, refit)


def survival(root: Path, model: str) -> pd.DataFrame:
    """survival.parquet of a model."""
    return _survival(str(root), model, _model_stamp(root, model))


def survival_curve(root: Path, model: str, refit: bool) -> pd.DataFrame:
    """`verdicts.survival.curve` of a model."""
    return _survival_curve(str(root), model, _model_stamp(root, model), refit)


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
    stamps = tuple((name, _model_stamp(root, name)) for name in model_names(root))
    return _held_out_r2(str(root), label_set, choice, stamps)


def images(root: Path) -> pd.DataFrame:
    """images.parquet, indexed by image_id."""
    return _images(str(root), stamp(Atlas(root).file(schema.IMAGES)))


def experiments(root: Path, students: Container[str] | None = None) -> dict[str, str]:
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
        experiment(root, folder) for folder, info in infos
        if category_draws.of_one_kind(one.info, info)
    ]  # fmt: skip


def experiment(root: Path, folder: str) -> unseen.Experiment:
    """Every table of one experiment. Raises UserError if one is missing or outdated."""
    tables = schema_unseen.UNSEEN_TABLES
    return _experiment(str(root), folder, tuple(stamp(root / folder / t.file) for t in tables))


@st.cache_resource(max_entries=4, show_spinner=False)
def _claims(root: str, stamp: tuple) -> claim_tables.JudgedClaims:
    return claim_tables.read_claims(Atlas(root))


@st.cache_resource(max_entries=2000, show_spinner=False)
def _digest(file: str, stamp: tuple) -> str:
    return file_digest(Path(file))


@st.cache_resource(max_entries=8, show_spinner=False)
def _model_names(root: str, stamp: tuple) -> list[str]:
    return Atlas(root).models()


@st.cache_resource(max_entries=64, show_spinner=False)
def _best_model(root: str, stamps: tuple) -> str:
    read = partial(Atlas(root).read, schema.MODEL, columns=["top1_holdout", "weight_positives"])
    rows = [read(name).fillna(-1.0).iloc[0] for name, _ in stamps]
    merit = [row["top1_holdout"] - 2 * (row["weight_positives"] > 0) for row in rows]
    return stamps[int(np.argmax(merit))][0]


@st.cache_resource(max_entries=8, show_spinner="Reading the network's tables")
def _network(root: str, model: str, choice: str, stamp: tuple) -> Network:
    return read_network(Atlas(root), model, choice, digest(root, model, choice, repr(stamp)))


@st.cache_resource(max_entries=16, show_spinner=False)
def _survival(root: str, model: str, stamp: tuple) -> pd.DataFrame:
    return Atlas(root).read(schema.SURVIVAL, model)


@st.cache_resource(max_entries=32, show_spinner="Pooling what is left of classification")
def _survival_curve(root: str, model: str, stamp: tuple, refit: bool) -> pd.DataFrame:
    return survival_verdicts.curve(_survival(root, model, stamp), refit)


@st.cache_resource(max_entries=8, show_spinner="Reading every equation's evaluation")
def _sparsity_medians(root: str, stamps: tuple, refit: bool) -> pd.DataFrame:
    columns = ["target", "n_parents", *sparsity.evaluation_columns(refit)]
    tables = {
        name: Atlas(root).read(schema.EVALUATION, model=name, columns=columns) for name, _ in stamps
    }
    return sparsity.sparsity_table(tables, refit)


@st.cache_resource(max_entries=8, show_spinner="Reading the tables on redundancy")
def _redundancy(root: str, model: str, stamp: tuple) -> RedundancyTables:
    return read_redundancy(Atlas(root), model, list(small_error.COLUMNS))


@st.cache_resource(max_entries=32, show_spinner=False)
def _redundancy_by_parents(root: str, model: str, refit: bool, stamp: tuple) -> pd.DataFrame:
    evaluation = _redundancy(root, model, stamp).evaluation
    categories = Atlas(root).read(schema.CATEGORIES, model)
    by, power = small_error.measured(categories, evaluation), categories["power"].to_numpy(float)
    return small_error.by_parents(evaluation, by, power, refit)


@st.cache_resource(max_entries=32, show_spinner=False)
def _agreement(root: str, model: str, stamp: tuple) -> pd.DataFrame:
    return compliance.summary(_redundancy(root, model, stamp).compliance)


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


@st.cache_resource(max_entries=8, show_spinner=False)
def _infos(root: str, stamps: tuple) -> list[tuple[str, dict]]:
    """Folder and row of experiment.parquet of each."""
    folders = [f"unseen/{Path(file).parent.name}" for file, _ in stamps]
    read = Atlas(root).read
    return [(f, read(schema_unseen.EXPERIMENT, folder=f).iloc[0].to_dict()) for f in folders]


@st.cache_resource(max_entries=8, show_spinner="Reading the experiment's tables")
def _experiment(root: str, folder: str, stamps: tuple) -> unseen.Experiment:
    def read(table: schema.Table) -> pd.DataFrame:
        return Atlas(root).read(table, folder=folder)

    return unseen.Experiment(
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
