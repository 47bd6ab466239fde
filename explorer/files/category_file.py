"""One category as files that need nothing else: what the buttons of its page and `precompute figure` save.

Nothing here knows Streamlit.
"""

from dataclasses import dataclass

import pandas as pd

from explorer import theme
from explorer.answers import neighbourhood
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.figures.graphs import ego, picture
from explorer.files.graph_page import graph_page
from explorer.tables.network import read_network
from explorer.tables.search import SearchIndex
from explorer.words.choice import stopped
from explorer.words.markup import equation_html
from precompute.atlas.store import Atlas
from precompute.errors import UserError


@dataclass(frozen=True)
class CategoryFile:
    """A category's equation and its neighbourhood in one network."""

    subject: Subject
    equation: pd.DataFrame  # of Subject.equation
    lam: float
    refit: bool
    edges: pd.DataFrame  # neighbourhood.ego
    nodes: pd.DataFrame  # ego.nodes_of

    @classmethod
    def of(
        cls,
        subject: Subject,
        equation: pd.DataFrame,
        lam: float,
        refit: bool,
        *,
        depth: int = 1,
        direction: str = "both",
    ) -> "CategoryFile":
        """`equation` is the subject's at the penalty `lam`; `depth` and `direction` are those of
        `neighbourhood.ego`. The subject must have a path."""
        stored, sources = subject.pair.dependencies, subject.path.sources.tolist()
        edges = neighbourhood.ego(
            stored, subject.target, equation, depth=depth, direction=direction
        )
        nodes = ego.nodes_of(edges, subject.target, sources)
        return cls(subject, equation, lam, refit, edges, nodes)

    @property
    def model(self) -> str:
        return self.subject.pair.name

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def intercept(self) -> float | None:
        """Constant of a centred network's equation."""
        return self.subject.intercept(self.equation)

    @property
    def categories(self) -> pd.DataFrame:
        return self.subject.pair.target.categories

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below its picture: whose it is, how much of it is shown, and how to read it."""
        size, fit = len(self.equation), "refit" if self.refit else "lasso"
        longest = int(self.subject.evaluation["n_parents"].max())
        whose = f"{size} parent{'' if size == 1 else 's'}, λ\u00a0=\u00a0{self.lam:.4g}, {fit} coefficients"
        return (
            f"{self.name} in {self.model}: {whose}",
            f"Shown: {ego.shown(self.edges)}.",
            *([f"This path {stopped(longest)}."] * self.subject.more_would_help(size)),
            picture.key(self.edges),
        )

    @property
    def stem(self) -> str:
        """How its files are called, without their ending."""
        return f"{self.model}-{self.name}"

    def svg(self) -> str:
        """The graph."""
        drawing = ego.drawing(self.edges, self.nodes, self.categories, theme.LIGHT)
        return picture.svg(drawing, lines=self.lines)

    def html(self) -> str:
        """One page: the equation, the graph and its table; it makes no request."""
        words = equation_html(
            self.name, self.equation, self.intercept, self.model, theme.LIGHT, anchors=False
        )
        title = f"Neural dependencies in {self.model}"
        return graph_page(self.name, title, words, self.svg(), self.edges, self.categories)


def read_category_file(
    atlas: Atlas,
    model: str,
    category: str,
    choice: str,
    parents: float | None = None,
    refit: bool = False,
) -> CategoryFile:
    """What the page of `category` (a name or WordNet id) shows first: parents and children, one step
    away; at a choice of the sparsity, or with as many `parents` as asked for.

    Raises UserError for a category that the model lacks, one that nothing explains, and a number of
    parents beyond its path or between the sizes that are stored of it.
    """
    network = read_network(atlas, model, choice, version="")
    name = _named(network.search, category, model)
    subject = Subject(NetworkPair.within(network), network.index_of(name))
    if not subject.explained:
        raise UserError(f"Nothing explains '{name}' in {model}: its logit has no path to draw.")
    path = subject.path
    size = subject.chosen if parents is None else parents
    if not 0 <= size <= (longest := int(path.n_parents().max())):
        raise UserError(f"--parents {size:g}: the path of '{name}' in {model} has 0 to {longest}.")
    if (near := path.nearest_size(size)) != size:
        raise UserError(
            f"--parents {size:g}: of the path of '{name}' in {model}, {near:g} is stored next to that."
        )
    position = path.position_of_size(size)
    equation = subject.equation(position, refit)
    return CategoryFile.of(subject, equation, path.lam_at(position), refit)


def _named(search: SearchIndex, category: str, model: str) -> str:
    name = search.named(category)
    if name is None:
        near = search.find(category[:80], 3)
        hint = f" Did you mean {' or '.join(repr(other) for other in near)}?" if near else ""
        raise UserError(f"{model} has no category '{category}'.{hint}")
    return name
