"""Category: one equation at any sparsity, and what held-out images say about it."""

import streamlit as st

from explorer import components, data, queries, selection, theme
from explorer.text import count, equation_html, key_html, plain
from explorer.views import (
    category_controls,
    category_evidence,
    category_graph,
    category_images,
    thread,
)
from explorer.views.subject import Evidence, Subject
from explorer.words import HELP

root, model = st.session_state["atlas"], st.session_state["model"]
network = data.network(root, model)
name = selection.category(network) or network.first_choice
selection.publish_category(name)
subject = Subject(root, network, network.index_of(name), theme.palette())


def header() -> None:
    """Who this is, and how far its path can be trusted."""
    row = subject.row
    components.page_header(f"Category · {plain(model)}", name, plain(row["definition"] or "", 200))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        certificate()
        st.badge(f"in {count(row['n_children'])} equations of others", color="gray")
        group = int(row["community"])
        colour = theme.community_colour(subject.colours, group)
        community = f"community: {network.community_names[group]}"
        st.html(key_html([(colour, community, "dot")]), width="content")
        if row["hypernyms"] is not None and len(row["hypernyms"]):
            st.caption(plain(" › ".join([name, *row["hypernyms"][:5]]), 120))
    thread.draw(network, name)


def certificate() -> None:
    """A badge that is red where the stored path is not proved optimal."""
    gaps = network.edges.loc[network.edges["target"] == subject.target, "duality_gap"]
    if len(gaps):
        solved = gaps.max() <= queries.CERTIFIED
        st.badge(
            f"{'certified' if solved else 'not certified'}: gap {gaps.max():.0e}",
            icon=":material/verified:" if solved else ":material/gpp_bad:",
            color="green" if solved else "red",
            help=HELP["certificate"],
        )


@st.fragment
def workbench() -> None:
    """Everything that moves with the sparsity."""
    if subject.path is None:
        components.empty_state(
            "No equation", "This logit is zero on all fit images, so there is nothing to explain."
        )
        return
    place, refit = category_controls.draw(subject)
    equation = queries.named(queries.equation(subject.path, place, refit), network.categories)
    intercept = subject.intercept(equation) if network.centred else None
    with st.container(border=True):
        st.html(equation_html(name, equation, intercept, model, subject.colours))
    headline = st.container()
    components.section("Neighbourhood", HELP["ego"])
    drawn = category_graph.portrait(subject, equation, subject.path.lam_at(place), refit)
    category_graph.draw(subject, drawn)
    # The graph is what the reader waits for; what takes long comes after it.
    evidence = Evidence.of(subject, equation)
    with headline:
        category_evidence.figures_row(subject, evidence, len(equation))
    components.lazy_tabs("evidence", {
        "The whole path": lambda: category_evidence.path(subject, place, refit),
        "Predicted and true": lambda: category_evidence.truth(subject, evidence),
        "How often it is off": lambda: category_evidence.epsilon(subject, evidence),
        "Replacement test": lambda: category_evidence.replacement(subject, evidence),
        "Images": lambda: category_images.draw(subject, evidence),
    })  # fmt: skip
    category_graph.tables(subject, drawn)


header()
workbench()
