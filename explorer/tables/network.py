"""One model's tables as the pages, and `precompute export`, use them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from explorer.tables import target_path
from explorer.tables.communities import community_names
from explorer.tables.evaluation import read_chosen, read_dependencies
from explorer.tables.search import SearchIndex
from explorer.tables.target_path import PathIndex
from explorer.tables.target_rows import TargetRows
from explorer.tables.wordnet_branches import Branches
from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.kinship.wordnet_steps import WordNetSteps

NAMING = "readable"  # the choice at which communities without a WordNet word get their names


@dataclass(frozen=True)
class Tables:
    """Categories in logit order, with how many parents and children each has, every dependency
    (`edge_table`), and the `chosen` rows of evaluation.parquet, one for each target: all of them at one
    choice of the sparsity."""

    categories: pd.DataFrame
    edges: pd.DataFrame
    chosen: pd.DataFrame


@dataclass(frozen=True)
class Network:
    """One model of the atlas at one choice of the sparsity, as the pages use it."""

    name: str
    choice: str  # few, readable or best
    version: str  # changes whenever one of the tables does, and with the choice
    info: dict  # the row of model.parquet
    categories: pd.DataFrame  # one row per category, in logit order, with n_parents and n_children
    edges: pd.DataFrame  # edge_table of the choice, strongest first
    chosen: pd.DataFrame  # evaluation.parquet of every target at the choice
    every_sparsity: TargetRows  # all rows of evaluation.parquet
    paths: PathIndex
    community_names: dict[int, str]
    search: SearchIndex

    def index_of(self, category: str) -> int:
        """Index of a category's logit. Raises KeyError if the model has no such category."""
        return int(self.search.index[category])

    def name_of(self, category: int) -> str:
        return str(self.categories["name"].iat[category])

    @property
    def first_choice(self) -> str:
        """The category to show to who has chosen none: the target of the strongest dependency."""
        named = self.edges["target_name"] if len(self.edges) else self.categories["name"]
        return str(named.iat[0])

    @cached_property
    def branches(self) -> Branches:
        """The WordNet words over the categories, read when somebody first asks."""
        return Branches(self.categories)

    @property
    def centred(self) -> bool:
        return bool(self.info["center"])


def read_tables(atlas: Atlas, model: str, choice: str) -> Tables:
    """Read them. Raises ValueError for an unknown choice, UserError if a table is missing or of another
    schema version."""
    folder = Atlas.model_folder(model)
    categories = _aligned(atlas, model, atlas.read(schema.CATEGORIES, model=model))
    chosen = read_chosen(atlas, folder, choice)
    table = read_dependencies(atlas, folder, choice)
    counted = categories.assign(
        n_parents=_counts(table["target"], len(categories)),
        n_children=_counts(table["source"], len(categories)),
    )
    return Tables(counted, edge_table(counted, table, chosen), chosen)


def read_network(atlas: Atlas, model: str, choice: str, version: str) -> Network:
    """Read them as the pages use them. Raises ValueError for an unknown choice, UserError if a table is
    missing or outdated."""
    tables, folder = read_tables(atlas, model, choice), Atlas.model_folder(model)
    return Network(
        name=model,
        choice=choice,
        version=version,
        info=atlas.read(schema.MODEL, model=model).iloc[0].to_dict(),
        categories=tables.categories,
        edges=tables.edges,
        chosen=tables.chosen,
        every_sparsity=TargetRows(atlas.file(schema.EVALUATION, folder)),
        paths=PathIndex(TargetRows(atlas.file(schema.PATH, folder), target_path.COLUMNS)),
        community_names=community_names(tables.categories, _users(atlas, folder, tables)),
        search=SearchIndex(tables.categories),
    )


def _counts(ends: pd.Series, n: int) -> np.ndarray:
    return np.bincount(ends.to_numpy(int), minlength=n).astype(np.int32)


def _users(atlas: Atlas, folder: str, tables: Tables) -> np.ndarray:
    """How often each category is used, (n,), at the same choice whatever the reader's, so that the names of
    communities, which stand in addresses, stay."""
    table = read_dependencies(atlas, folder, NAMING, ["source"])
    return _counts(table["source"], len(tables.categories))


def _aligned(atlas: Atlas, model: str, categories: pd.DataFrame) -> pd.DataFrame:
    """Places and communities comparable with the other models', where alignment.parquet has them."""
    if not atlas.file(schema.ALIGNMENT).exists():
        return categories
    found = atlas.read(schema.ALIGNMENT)
    own = found[found["model"] == model].sort_values("category")
    if len(own) != len(categories):
        return categories
    columns = ["x", "y", "community"]
    return categories.assign(**{column: own[column].to_numpy() for column in columns})


def edge_table(categories: pd.DataFrame, table: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Rows of dependencies.parquet of one choice with names, `strength` = |coefficient|, its `sign`, the
    WordNet `distance` of both ends (steps over their nearest common hypernym, null where unknown), and of
    the target its `n_parents`, its held-out `r2` and whether its path `stopped` too early (the `chosen`
    rows of evaluation.parquet). `stability` is null where it was not measured. Strongest first."""
    names = categories["name"].to_numpy()
    edges = table.reset_index(drop=True).copy()
    edges["target_name"] = names[edges["target"]]
    edges["source_name"] = names[edges["source"]]
    edges["strength"] = edges["coefficient"].abs()
    edges["sign"] = np.sign(edges["coefficient"]).astype(np.int8)
    edges["distance"] = WordNetSteps(categories).of(edges["target"], edges["source"])
    own = chosen.set_index("target")
    for name in ("n_parents", "r2", "stopped"):
        edges[name] = edges["target"].map(own[name])
    return edges.sort_values("strength", ascending=False, ignore_index=True, kind="stable")
