"""One link's tables: the equations that write a target network's logits in those of a source network."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.tables import target_path
from explorer.tables.evaluation import read_chosen
from explorer.tables.target_path import PathIndex
from explorer.tables.target_rows import TargetRows
from precompute.atlas import schema
from precompute.atlas.matching import joined_rows
from precompute.atlas.store import Atlas

Logits = tuple[list[str], np.ndarray, np.ndarray]  # image ids, labels, logits (N, n)


@dataclass(frozen=True)
class Link:
    """One link of the atlas. Targets go by their index in the target network, sources by theirs in the
    source network."""

    info: dict  # the row of link.parquet
    dependencies: pd.DataFrame
    chosen: pd.DataFrame  # evaluation.parquet of every target at its chosen sparsity
    every_sparsity: TargetRows  # all rows of evaluation.parquet
    paths: PathIndex
    means: tuple[np.ndarray, np.ndarray] | None  # mean logits of both networks, where centred

    @property
    def name(self) -> str:
        return f"{self.target_model} ← {self.source_model}"

    @property
    def target_model(self) -> str:
        return self.info["target_model"]

    @property
    def source_model(self) -> str:
        return self.info["source_model"]


def read_link(atlas: Atlas, folder: str) -> Link:
    """Read one from its folder inside the atlas. Raises UserError if a table is missing or outdated."""
    info = atlas.read(schema.LINK, folder=folder).iloc[0].to_dict()
    models = info["target_model"], info["source_model"]
    # A link stores no means: those of the fit images that both networks have are taken anew.
    means = joint_means(*(atlas.logits(m, "fit") for m in models)) if info["center"] else None
    return Link(
        info=info,
        dependencies=atlas.read(schema.DEPENDENCIES, folder=folder),
        chosen=read_chosen(atlas, folder),
        every_sparsity=TargetRows(atlas.file(schema.EVALUATION, folder)),
        paths=PathIndex(TargetRows(atlas.file(schema.PATH, folder), target_path.COLUMNS)),
        means=means,
    )


def joint_means(target: Logits, source: Logits) -> tuple[np.ndarray, np.ndarray]:
    """Mean logits (n,) of each network over the images that both have."""
    rows, partners = joined_rows(target[0], source[0])
    return tuple(
        logits[kept].mean(axis=0, dtype=np.float64)
        for logits, kept in ((target[2], rows), (source[2], partners))
    )
