"""One link's tables: the equations that write a target network's logits in those of a source network."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.tables import target_path
from explorer.tables.evaluation import read_chosen, read_dependencies
from explorer.tables.target_path import PathIndex
from explorer.tables.target_rows import TargetRows
from precompute.atlas import schema
from precompute.atlas.store import Atlas


@dataclass(frozen=True)
class Link:
    """One link of the atlas at one choice of the sparsity. Targets go by their index in the target
    network, sources by theirs in the source network."""

    info: dict  # the row of link.parquet
    choice: str  # few, readable or best
    dependencies: pd.DataFrame  # of that choice
    chosen: pd.DataFrame  # evaluation.parquet of every target at that choice
    every_sparsity: TargetRows  # all rows of evaluation.parquet
    paths: PathIndex
    # Mean logits of targets and sources on the shared fit images: what constants are made of.
    means: tuple[np.ndarray, np.ndarray]

    @property
    def name(self) -> str:
        return f"{self.target_model} ← {self.source_model}"

    @property
    def target_model(self) -> str:
        return self.info["target_model"]

    @property
    def source_model(self) -> str:
        return self.info["source_model"]


def read_link(atlas: Atlas, folder: str, choice: str) -> Link:
    """Read one from its folder inside the atlas. Raises ValueError for an unknown choice, UserError if
    a table is missing or outdated."""
    info = atlas.read(schema.LINK, folder=folder).iloc[0].to_dict()
    target_mean, source_mean = (
        np.asarray(info.pop(name), np.float64) for name in ("target_mean", "source_mean")
    )
    return Link(
        info=info,
        choice=choice,
        dependencies=read_dependencies(atlas, folder, choice),
        chosen=read_chosen(atlas, folder, choice),
        every_sparsity=TargetRows(atlas.file(schema.EVALUATION, folder)),
        paths=PathIndex(TargetRows(atlas.file(schema.PATH, folder), target_path.COLUMNS)),
        means=(target_mean, source_mean),
    )
