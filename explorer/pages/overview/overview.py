"""Overview: the whole graph of one network, what it amounts to, and where to look first."""

from functools import partial

import streamlit as st

from explorer import theme
from explorer.answers.network_pair import NetworkPair
from explorer.figures.atlas_map.component import atlas_map
from explorer.files import caption
from explorer.pages.overview import filters, lists
from explorer.session import address, choices, place, selection
from explorer.widgets import layout, plain_map, worked_examples, yardsticks
from explorer.words.formatting import count, number, percent, plain
from explorer.words.help import HELP

here = place.here()
network = here.network
colours = theme.palette()
MARKED = 40  # rings that can still be told apart


def headline() -> None:
    """Five figures on the whole network."""
    chosen = network.chosen
    labelled = (chosen["reference"] == "label").all()
    middle = {name: number(chosen[name].median()) for name in chosen.select_dtypes("number")}
    layout.metric_row([
        ("Categories", count(len(network.categories)), HELP["categories"]),
        ("Dependencies", count(len(network.edges)), HELP["dependencies"]),
        ("Held-out error", middle["holdout_error"],
         HELP["median_error"].format(refit=middle["holdout_error_refit"])),
        ("Held-out R²", middle["r2"],
         HELP["median_r2"].format(refit=middle["r2_refit"], control=middle["control_r2"]),
         f"rank {count(network.info['rank'])} of {count(len(network.categories))}"),
        ("Top-1", percent(network.info["top1_holdout"]),
         HELP["top1"].format(reference="labels" if labelled else "the network's own top-1")),
    ])  # fmt: skip
    yardsticks.medians(NetworkPair.within(network), colours)


@st.fragment
def graph() -> None:
    """The map with its filters, what passes them, and the lists over just that."""
    layout.section("The whole graph", HELP["map"])
    refusals = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        text = mark()
        with st.popover("Filters", icon=":material/filter_alt:"):
            chosen = filters.draw(network, refusals)
    hits = network.search.every(text)
    marked = [network.index_of(name) for name in hits[:MARKED]]
    if text:
        st.caption(found(text, len(hits)))
    passing = int(chosen.passes.sum())
    if passing < len(network.edges):
        filtered(passing)
    drawn = atlas_map(
        network.categories, network.edges, key="map", version=network.version,
        palette=colours.communities, other_color=colours.other,
        sign_colors=(colours.positive, colours.negative),
        focus=focus(), highlights=marked, kept=chosen.others, filters=chosen.looks,
        community_names=network.community_names, title=network.name,
        caption=caption.of_map(network), height=600,
        on_select=map_clicked, on_filter=partial(filters.follow, network),
    )  # fmt: skip
    if not drawn.webgl:
        plain_map.draw(network, chosen.passes, focus(), "plain_map", map_clicked)
    layout.section("Where to look first", HELP["lists"])
    if passing or not len(network.edges):
        lists.draw(network, chosen.passes)
    else:
        layout.empty_state(
            "Nothing passes these filters", "Clear them above, or loosen one of them."
        )


def filtered(passing: int) -> None:
    """How much the filters let through, and the way back."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            f"{count(passing)} of {count(len(network.edges))} dependencies pass the filters; "
            "a category that has none of them is grey."
        )
        st.button(
            "Clear filters", icon=":material/filter_alt_off:", type="tertiary",
            on_click=filters.clear, args=(network,),
        )  # fmt: skip


def mark() -> str:
    """What is to be ringed on the map."""
    text = st.text_input(
        "Mark on the map", type="search", live="300ms", help=HELP["mark"],
        placeholder="dog, n02085620, musical instrument …", **choices.tie(address.MARK, ""),
    )  # fmt: skip
    return text or ""


def found(text: str, hits: int) -> str:
    """How many categories a search has found, and how many of them are marked."""
    if not hits:
        return f"Nothing in this network is called “{plain(text)}”."
    if hits > MARKED:
        return f"{MARKED} of {count(hits)} found are marked, those that fit best."
    return f"{count(hits)} marked."


def focus() -> int | None:
    """The chosen category of this network, or None."""
    name = address.CATEGORY.get()
    return None if name is None else network.index_of(name)


def map_clicked(category: int | None) -> None:
    """Callback of the map: open the category; Esc lets go of it."""
    if category is not None:
        selection.open_category(network.name_of(category))


layout.page_header(
    plain(network.name),
    "Overview of dependencies",
    "Which categories' scores are sums of others', and how well that holds on unseen images.",
)
headline()
graph()
worked_examples.invite(here.root, network)
