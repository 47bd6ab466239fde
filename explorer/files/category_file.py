"""One category as files that need nothing else: what the buttons of its page and `precompute figure` save.

Nothing here knows Streamlit.
"""

from dataclasses import dataclass

import pandas as pd

from explorer import theme
from explorer.answers import dependencies, neighbourhood
from explorer.figures.graphs import ego, picture
from explorer.tables import target_path
from explorer.tables.network import read_tables
from explorer.tables.search import SearchIndex
from explorer.tables.target_path import PathIndex
from explorer.tables.target_rows import TargetRows
from explorer.words.markup import equation_html
from precompute.atlas import schema
from precompute.atlas.store import Atlas
from precompute.errors import UserError


@dataclass(frozen=True)
class Portrait:
    """A category's equation and its neighbourhood in one model."""

    model: str
    name: str
    equation: pd.DataFrame  # neighbourhood.equation, with names
    intercept: float | None  # of a centred model
    edges: pd.DataFrame  # neighbourhood.ego
    nodes: pd.DataFrame  # ego.nodes_of
    categories: pd.DataFrame
    lam: float
    refit: bool

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below its picture: whose it is, how much of it is shown, and how to read it."""
        size, fit = len(self.equation), "refit" if self.refit else "lasso"
        whose = f"{size} parent{'' if size == 1 else 's'}, λ\u00a0=\u00a0{self.lam:.4g}, {fit} coefficients"
        return (
            f"{self.name} in {self.model}: {whose}",
            f"Shown: {ego.shown(self.edges)}.",
            picture.KEY,
        )

    @property
    def stem(self) -> str:
        """How its files are called, without their ending."""
        return f"{self.model}-{self.name}"

    def svg(self) -> str:
        """The graph."""
        return picture.ego_svg(self.edges, self.nodes, self.categories, lines=self.lines)

    def html(self) -> str:
        """One page: the equation, the graph and its table; it makes no request."""
        words = equation_html(
            self.name, self.equation, self.intercept, self.model, theme.LIGHT, anchors=False
        )
        title = f"Neural dependencies in {self.model}"
        return picture.ego_page(self.name, title, words, self.svg(), self.edges, self.categories)


def read_portrait(
    atlas: Atlas, model: str, category: str, parents: float | None = None, refit: bool = False
) -> Portrait:
    """The portrait that the page of `category` (a name or WordNet id) shows first: parents and children,
    one step away; at the chosen sparsity, or with as many `parents` as asked for.

    Raises UserError for a category that the model lacks, one that nothing explains, and a number of
    parents beyond its path.
    """
    tables, info = read_tables(atlas, model), atlas.read(schema.MODEL, model=model).iloc[0]
    name = _named(SearchIndex(tables.categories), category, model)
    target = int(tables.categories["name"].tolist().index(name))
    rows = TargetRows(atlas.file(schema.PATH, Atlas.model_folder(model)), target_path.COLUMNS)
    path = PathIndex(rows)[target]
    if path is None:
        raise UserError(f"Nothing explains '{name}' in {model}: its logit has no path to draw.")
    size = float(tables.categories["n_parents"].iat[target]) if parents is None else parents
    if not 0 <= size <= (longest := int(path.n_parents().max())):
        raise UserError(f"--parents {size:g}: the path of '{name}' in {model} has 0 to {longest}.")
    position = path.position_of_size(size)
    found = neighbourhood.equation(path, position, refit)
    equation = dependencies.named(found, tables.categories)
    edges = neighbourhood.ego(tables.edges, target, equation)
    return Portrait(
        model=model,
        name=name,
        equation=equation,
        intercept=intercept(tables.categories, target, equation) if info["center"] else None,
        edges=edges,
        nodes=ego.nodes_of(edges, target, path.sources.tolist()),
        categories=tables.categories,
        lam=path.lam_at(position),
        refit=refit,
    )


def intercept(categories: pd.DataFrame, target: int, equation: pd.DataFrame) -> float:
    """Constant of a centred model's equation in raw logits: mean_target - sum_j w_j mean_j."""
    means = categories["mean"].to_numpy(float)
    return float(means[target] - equation["coefficient"] @ means[equation["source"]])


def _named(search: SearchIndex, category: str, model: str) -> str:
    name = search.named(category)
    if name is None:
        near = search.find(category[:80], 3)
        hint = f" Did you mean {' or '.join(repr(other) for other in near)}?" if near else ""
        raise UserError(f"{model} has no category '{category}'.{hint}")
    return name
