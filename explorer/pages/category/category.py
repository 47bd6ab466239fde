"""Category: one equation at any sparsity, and what held-out images say about it."""

import streamlit as st

from explorer import theme
from explorer.answers import dependencies
from explorer.answers.evidence.evidence import Evidence
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.pages.category import controls, graph, images
from explorer.pages.category import evidence as evidence_parts
from explorer.session import address, cache, place, selection
from explorer.widgets import evidence as evidence_widgets
from explorer.widgets import history_buttons, in_short, layout, yardsticks
from explorer.words.formatting import count, plain
from explorer.words.help import HELP
from explorer.words.markup import equation_html, key_html

HYPERNYMS = 5  # kinds above a category that are named below its title

here = place.here()
network, model = here.network, here.model
name = selection.category(network) or network.first_choice
selection.publish_category(name)
subject, colours = Subject(NetworkPair.within(network), network.index_of(name)), theme.palette()


def header() -> None:
    """Who this is, and how far its path can be trusted."""
    row = subject.row
    layout.page_header(f"Category · {plain(model)}", name, plain(row["definition"] or "", 200))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        certificate()
        st.badge(f"in {count(row['n_children'])} equations of others", color="gray")
        group = int(row["community"])
        colour = theme.community_colour(colours, group)
        community = f"community: {network.community_names[group]}"
        st.html(key_html([(colour, community, "dot")]), width="content")
        if row["hypernyms"] is not None and len(row["hypernyms"]):
            more = ["…"] if len(row["hypernyms"]) > HYPERNYMS else []
            kinds = [name, *row["hypernyms"][:HYPERNYMS], *more]
            st.caption(plain(" › ".join(kinds), 120))
    history_buttons.draw(network, name)


def certificate() -> None:
    """A badge that is red where the stored path is not proved optimal."""
    gaps = network.edges.loc[network.edges["target"] == subject.target, "duality_gap"]
    if len(gaps):
        solved = gaps.max() <= dependencies.SOLVED
        st.badge(
            f"{'solved exactly' if solved else 'not solved exactly'}: gap {gaps.max():.0e}",
            icon=":material/verified:" if solved else ":material/gpp_bad:",
            color="green" if solved else "red",
            help=HELP["certificate"],
        )


@st.fragment
def workbench() -> None:
    """Everything that moves with the sparsity."""
    if not subject.explained:
        layout.empty_state(
            "No equation", "This logit is zero on all fit images, so there is nothing to explain."
        )
        return
    place, refit = controls.draw(subject)
    equation = subject.equation(place, refit)
    with st.container(border=True):
        st.html(equation_html(name, equation, subject.intercept(equation), model, colours))
        yardsticks.stopped(subject, len(equation))
        in_words = st.container()
        in_short.copy(subject, equation)
    headline = st.container()
    layout.section("Neighbourhood", HELP["ego"])
    drawn = graph.choose(subject, equation, subject.path.lam_at(place), refit)
    graph.draw(drawn, colours)
    # The graph is what the reader waits for; what takes long comes after it.
    held_out = cache.shared_holdout(here.root, subject.pair)
    evidence = Evidence.at(subject, place, refit, *held_out)
    with in_words:
        in_short.sentence(here.root, evidence)
    with headline:
        evidence_widgets.figures_row(evidence)
        yardsticks.beside(evidence, colours)
    layout.lazy_tabs(address.EVIDENCE, {
        "The whole path": lambda: evidence_parts.path(evidence, place, refit, colours),
        "Predicted and true": lambda: evidence_widgets.truth(
            evidence, "truth", HELP["truth"], colours
        ),
        "How often it is off": lambda: evidence_widgets.epsilon(evidence, "epsilon", colours),
        "Replacement test": lambda: evidence_parts.replacement(
            here.root, evidence, len(equation), refit, colours
        ),
        "Images": lambda: images.draw(here.root, evidence, colours),
    })  # fmt: skip
    drawn = drawn.with_evidence(evidence, in_short.agreed(here.root, subject.pair))
    graph.tables(drawn, evidence.sd, colours)


header()
workbench()
