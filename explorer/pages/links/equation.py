"""One category written in another network's logits, beside its equation inside each network."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers import links
from explorer.answers.evidence.evidence import Evidence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.answers.yardsticks import stability
from explorer.figures.graphs import linked, picture
from explorer.figures.graphs.component import ego_graph
from explorer.files import caption
from explorer.pages.links import agreement
from explorer.pages.links.views import open_equation
from explorer.session import address, cache, choices
from explorer.theme import Palette
from explorer.widgets import evidence as evidence_widgets
from explorer.widgets import in_short, layout, yardsticks
from explorer.widgets.downloads import graph_downloads
from explorer.widgets.snapshot import Snapshot
from explorer.words.formatting import plain
from explorer.words.help import HELP
from explorer.words.markup import equation_html, key_html, sign_key, stability_key


@st.fragment
def draw(root: Path, subject: Subject, colours: Palette) -> None:
    """Everything that moves with the sparsity."""
    if not subject.explained:
        layout.empty_state(
            "No equation", "This logit is constant on the fit images, so nothing explains it."
        )
        return
    place, refit = controls(subject)
    evidence = Evidence.at(subject, place, refit, *cache.shared_holdout(root, subject.pair))
    equation = evidence.equation
    words(root, evidence, colours)
    evidence_widgets.figures_row(evidence)
    yardsticks.beside(evidence, colours)
    own, other = agreement.inside(subject, refit)
    networks = subject.pair.target.categories, subject.pair.source.categories
    agreed = stability.of_sources(links.agreement(equation, own, other, *networks), equation)
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            graph(evidence, agreed, colours)
        with grid.cell():
            agreement.draw(root, subject, own, other, agreed, colours)
        with grid.cell():
            evidence_widgets.truth(evidence, "link_truth", HELP["truth_between"], colours)
        with grid.cell():
            evidence_widgets.epsilon(evidence, "link_epsilon", colours)
    evidence_widgets.claim(evidence)


def controls(subject: Subject) -> tuple[float, bool]:
    """Where on the link's path, and which coefficients."""
    path, most, chosen = subject.path, subject.max_parents, float(subject.chosen)
    slider, switch = st.columns([3, 1], gap="medium", vertical_alignment="bottom")
    with slider:
        size = choices.sparsity(
            "Sparsity: sources in the equation", most, chosen, path.nearest_size
        )
    with switch:
        fit = choices.choice("Coefficients", address.FIT, help=HELP["fit"])
    place = path.position_of_size(size)
    st.caption(
        f"λ = {path.lam_at(place):.4g} · knot {path.knot_at(place):.4g} of {path.knots[-1]} · "
        f"{subject.pair.choice}: {chosen:g} sources"
    )
    return place, fit == "refit"


def words(root: Path, evidence: Evidence, colours: Palette) -> None:
    """The equation across networks, and its evidence in one sentence."""
    subject, equation = evidence.subject, evidence.equation
    with st.container(border=True):
        source, intercept = subject.pair.source.name, subject.intercept(equation)
        st.caption(f"{plain(subject.pair.target.name)} ← {plain(source)}")
        st.html(equation_html(subject.name, equation, intercept, source, colours))
        yardsticks.stopped(subject, len(equation))
        in_short.sentence(root, evidence)
        in_short.copy(subject, equation)


def graph(evidence: Evidence, agreed: pd.DataFrame, colours: Palette) -> None:
    """Target left, sources right; a source's shape says which networks agree."""
    subject, equation = evidence.subject, evidence.equation
    pair, name = subject.pair, subject.name
    layout.section("The equation across networks", HELP["graph"])
    joint = links.joint_categories(
        subject.target, pair.target.categories, pair.source.categories, equation["source"]
    )
    edges, nodes = linked.two_sided(equation, subject.path.sources.tolist(), len(joint) - 1)
    between = agreed[agreed["between"].notna()]
    kinds = dict(
        zip(between["source_name"], map(links.agreement_kind, between.itertuples()), strict=True)
    )
    categories = nodes["category"].tolist()

    def chosen(index: int) -> None:
        if index:  # the first one is the target itself
            _open_counterpart(pair, categories[index])

    ego_graph(
        linked.drawing(edges, nodes, joint, colours, kinds), colours,
        key="link_graph_drawn", height=480,
        alt=f"{name} of {pair.target.name} and {len(edges)} sources in {pair.source.name}",
        on_select=chosen,
    )  # fmt: skip
    key = [*sign_key(colours), *stability_key(colours, edges)]
    st.html(key_html(key) + shape_key())
    stem = f"{pair.target.name}--{pair.source.name}-{name}"
    shapes = " · ".join(f"{sign} {meaning}" for _, sign, meaning in links.AGREEMENT)
    lines = (
        f"{name} of {pair.target.name} in logits of {pair.source.name}: {caption.size_of(evidence)}",
        caption.of_equation(evidence), shapes, picture.key(edges),
    )  # fmt: skip
    graph_downloads(
        edges, joint, stem, "link_graph", png=Snapshot("link_graph_drawn", colours, lines),
        svg=lambda: picture.svg(linked.drawing(edges, nodes, joint, theme.LIGHT, kinds), lines=lines),
    )  # fmt: skip


def shape_key() -> str:
    """What the shape of a dot says."""
    shapes = "".join(f"<span>{sign} {meaning}</span>" for _, sign, meaning in links.AGREEMENT)
    return f'<p class="nde-key">{shapes}</p>'


def _open_counterpart(pair: NetworkPair, category: int) -> None:
    """Open the link of the source's counterpart in the target network, if it has one."""
    found = links.counterpart(category, pair.source.categories, pair.target.categories)
    if found is not None:
        open_equation(pair.target.name_of(found))
