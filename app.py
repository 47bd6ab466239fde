"""The dashboard's frame: finds the atlas, draws the sidebar, runs the page that the reader chose.

`streamlit run app.py [-- --atlas DIR --images DIR]`
"""

import sys

import streamlit as st

from explorer import theme
from explorer.pages.frame import arguments, sidebar, welcome
from explorer.session import address, cache, place
from explorer.widgets import tour
from precompute.errors import UserError

PAGES = (  # address, title, icon, what it is for
    (
        "overview",
        "Overview",
        ":material/hub:",
        "Every category of a network and what ties it to others.",
    ),
    (
        "category",
        "Category",
        ":material/account_tree:",
        "One category: its equation, and how well it holds.",
    ),
    (
        "pins",
        "Working set",
        ":material/keep:",
        "The categories that you pinned, and what connects them.",
    ),
    (
        "links",
        "Links",
        ":material/compare_arrows:",
        "One network's categories in the logits of another.",
    ),
    (
        "compare",
        "Compare",
        ":material/difference:",
        "Two networks side by side: shared dependencies, differences, sign flips.",
    ),
    (
        "unseen",
        "Unseen",
        ":material/visibility_off:",
        "What a network can score without having learned it.",
    ),
    (
        "live",
        "Live image",
        ":material/photo_camera:",
        "A picture of your own, in the networks and in the equations.",
    ),
    (
        "claims",
        "Claims",
        ":material/gavel:",
        "The paper's claims on trial: a verdict for each, on every network.",
    ),
    (
        "redundancy",
        "Redundancy",
        ":material/stacked_line_chart:",
        "How few directions the logits need, and what dependencies agree with.",
    ),
    (
        "foreign",
        "Foreign images",
        ":material/travel_explore:",
        "Whether broken dependencies show that an image is unlike those that a network knows.",
    ),
    (
        "cut",
        "Cut",
        ":material/content_cut:",
        "Networks that were made to lose dependencies, and what came of it.",
    ),
    (
        "models",
        "Models",
        ":material/lists:",
        "Every network of the atlas: origin, accuracy, redundancy.",
    ),
    (
        "glossary",
        "Learn",
        ":material/school:",
        "Worked examples, a tour, and every word explained.",
    ),
)
# All pages fit into the top of a tablet without their icons, and a phone says what its » opens.
NARROW = """<style>
@media (max-width: 1500px) {
  [data-testid=stTopNavLink] {padding-inline: .25rem}
  [data-testid=stTopNavLink] > :has([data-testid=stIconMaterial]) {display: none}
}
@media (min-width: 769px) and (max-width: 1250px) {
  [data-testid=stTopNavLink] {padding-inline: 0}
  [data-testid=stTopNavLink] span {font-size: .75rem}
  [data-testid=stTopNav] + div {min-width: 5rem}
}
@media (max-width: 768px) {
  [data-testid=stExpandSidebarButton] {width: auto; padding-inline: .4rem; gap: .3rem}
  [data-testid=stExpandSidebarButton]::after {content: "Pages and search"; font-size: .9rem}
}
</style>"""


def page(name: str, title: str, icon: str, meaning: str) -> st.Page:
    """One of the pages in explorer/pages, under its own address."""
    return st.Page(
        address.file_of(name), title=title, icon=icon, url_path=name, help=meaning,
        default=name == PAGES[0][0],
    )  # fmt: skip


st.set_page_config("Neural Dependency Explorer", "explorer/icon.svg", layout="wide")
st.html(theme.css(theme.palette()) + NARROW)
try:
    root, images = arguments.parsed(sys.argv[1:])
    models = cache.model_names(root)
    chosen = st.navigation(
        [page(*entry) for entry in PAGES],
        position="top" if models else "hidden",
    )
    place.arrive(root, chosen.url_path or PAGES[0][0], images)
    if models:
        network = sidebar.draw(root, models)
        tour.draw(network, place.here().page)
        chosen.run()
    else:
        welcome.draw(root)
except UserError as error:
    st.error(str(error), icon=":material/error:")
