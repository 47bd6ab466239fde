"""One category as files that need nothing else: what the buttons of its page and `precompute figure` save.

Nothing here knows Streamlit.
"""

from dataclasses import dataclass, replace

import pandas as pd

from explorer import theme
from explorer.answers import neighbourhood
from explorer.answers.evidence.evidence import Evidence
from explorer.answers.evidence.heldout import Holdout
from explorer.answers.evidence.in_one_sentence import in_one_sentence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.figures.graphs import ego, picture
from explorer.files import caption
from explorer.files.graph_page import graph_page
from explorer.tables.agreement import read_of_label_set
from explorer.tables.network import read_network
from explorer.tables.search import SearchIndex
from explorer.words.choice import stopped
from explorer.words.markup import equation_html
from precompute.atlas import schema
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
    evidence: Evidence | None = None  # what held-out images say about the equation
    said: str = ""  # that in one sentence

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

    def with_evidence(self, evidence: Evidence, consensus: pd.DataFrame | None) -> "CategoryFile":
        """The same with what is known about the equation (`in_one_sentence`)."""
        return replace(self, evidence=evidence, said=in_one_sentence(evidence, consensus))

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
        fit = "refit" if self.refit else "lasso"
        n, longest = len(self.equation), int(self.subject.evaluation["n_parents"].max())
        size = f"{n} parents" if self.evidence is None else caption.size_of(self.evidence)
        whose = f"{size}, λ\u00a0=\u00a0{self.lam:.4g}, {fit} coefficients"
        known = () if self.evidence is None else (caption.of_equation(self.evidence), self.said)
        return (
            f"{self.name} in {self.model}: {whose}",
            *known,
            f"Shown: {ego.shown(self.edges)}. {caption.LEFT_AND_RIGHT}",
            *([f"This path {stopped(longest)}."] * self.subject.more_would_help(n)),
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
        return graph_page(
            self.name, title, words, self.svg(), self.edges, self.categories, said=self.said
        )


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
    images = Holdout.of(*atlas.logits(model, "holdout"))
    evidence = Evidence.at(subject, position, refit, images, images)
    agreed = read_of_label_set(atlas, schema.CONSENSUS, network.info["label_set"], choice)
    drawn = CategoryFile.of(subject, equation, path.lam_at(position), refit)
    return drawn.with_evidence(evidence, agreed)


def _named(search: SearchIndex, category: str, model: str) -> str:
    name = search.named(category)
    if name is None:
        near = search.find(category[:80], 3)
        hint = f" Did you mean {' or '.join(repr(other) for other in near)}?" if near else ""
        raise UserError(f"{model} has no category '{category}'.{hint}")
    return name
