"""Links: one network's categories written in another network's logits, and what all networks share."""

import streamlit as st

from explorer import theme
from explorer.answers.network_pair import NetworkPair, Subject
from explorer.pages.links import consensus, equation, summary
from explorer.pages.links.views import VIEWS
from explorer.session import address, cache, choices, place, selection
from explorer.widgets import layout
from explorer.words.formatting import count, plain, plain_name
from explorer.words.help import HELP

here = place.here()
root, model = here.root, here.model
linked = cache.linked_pairs(root)
network = here.network


def choose_source(options: list[str]) -> str:
    """The other network, and the way to look from the other side."""
    # The address still names the other network after both have changed places.
    best = cache.default_model(root, options)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        source = choices.one_of(
            "Written in the logits of", address.SOURCE, options, best, also=[model],
            format_func=plain_name, help=HELP["source"], width=320,
        )  # fmt: skip
        st.button(
            "Swap", icon=":material/swap_horiz:", on_click=swap, args=(source,),
            disabled=(source, model) not in linked, help="Look from the other side.",
        )  # fmt: skip
    return source


def swap(source: str) -> None:
    """Callback: target and source change places."""
    address.SOURCE.set(model)
    address.MODEL.set(source)


def draw(options: list[str]) -> None:
    """The pair that was chosen, in the view that was chosen."""
    source = choose_source(options)
    found = cache.link(root, linked[model, source], here.choice)
    pair, colours = (
        NetworkPair.between(network, cache.network(root, source, here.choice), found),
        theme.palette(),
    )
    name = selection.category(network) or network.first_choice
    selection.publish_category(name)
    view = choices.choice("View", address.VIEW, label_visibility="collapsed")
    if view == VIEWS[0]:
        st.markdown(
            f"**{plain(name)}** of {plain(model)}, from the logits of {plain(source)} on the same "
            "images. Find another category at the side, or in the pair's lists."
        )
        equation.draw(root, Subject(pair, network.index_of(name)), colours)
    elif view == VIEWS[1]:
        summary.draw(root, pair, colours)
    else:
        consensus.draw(root, network, name, colours)


options = sorted(source for target, source in linked if target == model)
layout.page_header(
    f"{plain(model)} · {count(len(options))} of its links in the atlas",
    "Links between networks",
    "A category of one network, written in the logits of another that was trained on its own.",
)
if options:
    draw(options)
else:
    layout.empty_state(
        "No link to this network yet",
        f"Make one with `python -m precompute link {plain(model)} OTHER_NETWORK`, "
        "or all of them with `python -m precompute link --all`.",
    )
