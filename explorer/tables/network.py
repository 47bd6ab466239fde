"""One model's tables as the pages, and `precompute export`, use them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from explorer.tables import target_path
from explorer.tables.evaluation import read_chosen
from explorer.tables.search import SearchIndex
from explorer.tables.target_path import PathIndex
from explorer.tables.target_rows import TargetRows
from explorer.tables.wordnet_branches import Branches
from precompute.atlas import schema
from precompute.atlas.store import Atlas


@dataclass(frozen=True)
class Tables:
    """Categories in logit order, every dependency (`edge_table`), and the `chosen` rows of
    evaluation.parquet: one for each target, at the sparsity that cross-validation chose."""

    categories: pd.DataFrame
    edges: pd.DataFrame
    chosen: pd.DataFrame


@dataclass(frozen=True)
class Network:
    """One model of the atlas as the pages use it."""

    name: str
    version: str  # changes whenever one of the tables does
    info: dict  # the row of model.parquet
    categories: pd.DataFrame  # one row per category, in logit order
    edges: pd.DataFrame  # edge_table, strongest first
    chosen: pd.DataFrame  # evaluation.parquet of every target at its chosen sparsity
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


def read_tables(atlas: Atlas, model: str) -> Tables:
    """Read them. Raises UserError if one is missing or of another schema version."""
    categories = _aligned(atlas, model, atlas.read(schema.CATEGORIES, model=model))
    chosen = read_chosen(atlas, Atlas.model_folder(model))
    table = atlas.read(schema.DEPENDENCIES, model=model)
    return Tables(categories, edge_table(categories, table, chosen), chosen)


def read_network(atlas: Atlas, model: str, version: str) -> Network:
    """Read them as the pages use them. Raises UserError if one is missing or outdated."""
    tables, folder = read_tables(atlas, model), Atlas.model_folder(model)
    return Network(
        name=model,
        version=version,
        info=atlas.read(schema.MODEL, model=model).iloc[0].to_dict(),
        categories=tables.categories,
        edges=tables.edges,
        chosen=tables.chosen,
        every_sparsity=TargetRows(atlas.file(schema.EVALUATION, folder)),
        paths=PathIndex(TargetRows(atlas.file(schema.PATH, folder), target_path.COLUMNS)),
        community_names=community_names(tables.categories),
        search=SearchIndex(tables.categories),
    )


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
    """dependencies.parquet with names, `strength` = |coefficient|, its `sign`, the WordNet
    `distance` of both ends (steps over their nearest common hypernym, null where unknown), and of
    the target its `n_parents` and held-out `r2` at the chosen sparsity (the `chosen` rows of
    evaluation.parquet). Strongest first."""
    names = categories["name"].to_numpy()
    edges = table.reset_index(drop=True).copy()
    edges["target_name"] = names[edges["target"]]
    edges["source_name"] = names[edges["source"]]
    edges["strength"] = edges["coefficient"].abs()
    edges["sign"] = np.sign(edges["coefficient"]).astype(np.int8)
    edges["distance"] = _distances(categories, edges["target"], edges["source"])
    edges["n_parents"] = edges["target"].map(categories["n_parents"])
    edges["r2"] = edges["target"].map(chosen.set_index("target")["r2"])
    return edges.sort_values("strength", ascending=False, ignore_index=True, kind="stable")


def community_names(categories: pd.DataFrame) -> dict[int, str]:
    """A word for every community: the WordNet hypernym that fits it best (highest F1 between having
    the hypernym and being a member), else its most depended-on category. No word is used twice."""
    lines = categories["hypernyms"].map(lambda found: [] if found is None else list(found))
    members = categories["community"].value_counts()
    having: dict[str, int] = {}
    inside: dict[tuple[int, str], int] = {}
    for community, line in zip(categories["community"], lines, strict=True):
        for word in set(line):
            having[word] = having.get(word, 0) + 1
            inside[community, word] = inside.get((community, word), 0) + 1
    score = {
        key: 2 * count / (members[key[0]] + having[key[1]])
        for key, count in inside.items()
        if count > 1
    }
    names: dict[int, str] = {}
    for community, word in sorted(score, key=lambda key: (-score[key], key)):
        if community not in names and word not in names.values():
            names[community] = word
    for community in members.index:
        if community not in names:
            group = categories[categories["community"] == community]
            names[community] = f"around {group.loc[group['n_children'].idxmax(), 'name']}"
    return {int(community): names[community] for community in members.index}


def _distances(categories: pd.DataFrame, targets: pd.Series, sources: pd.Series) -> list[float]:
    lines = [
        {}
        if found is None or not len(found)
        else {w: k for k, w in reversed([*enumerate([name, *found])])}
        for name, found in zip(categories["name"], categories["hypernyms"], strict=True)
    ]
    return [_distance(lines[t], lines[s]) for t, s in zip(targets, sources, strict=True)]


def _distance(one: dict[str, int], other: dict[str, int]) -> float:
    common = [steps + other[word] for word, steps in one.items() if word in other]
    return float(min(common)) if common else float("nan")
