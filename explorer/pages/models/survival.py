"""Does classification survive the replacement? The chosen network's curve, and all networks side by
side."""

from pathlib import Path

import streamlit as st

from explorer import theme
from explorer.answers.verdicts import survival
from explorer.session import address, cache, trials
from explorer.widgets import layout
from explorer.widgets import survival as survival_widgets
from explorer.words.choice import coefficients
from explorer.words.formatting import plain
from explorer.words.help import HELP


def draw(root: Path, model: str) -> None:
    """The section; coefficients are those that the switch of the page chose."""
    layout.section("Does classification survive the replacement?", HELP["survival"])
    refit = address.FIT.get() == "refit"
    points = trials.survival_curve(root, model, refit)
    st.caption(
        f"{plain(model)}, {coefficients(refit)}; the network at the side and the switch above choose."
    )
    survival_widgets.curve(points, trials.survival(root, model), model, refit, theme.palette())
    layout.section("Recall kept, every network", HELP["survival_all"])
    curves = {name: trials.survival_curve(root, name, refit) for name in cache.model_names(root)}
    survival_widgets.every_network(survival.levels(curves))
