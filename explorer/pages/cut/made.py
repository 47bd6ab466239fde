"""How a cut network was made: what fine-tuning was given, and how it went."""

import streamlit as st

from explorer.figures.cut import training_plot
from explorer.tables.cut import CutTables
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.words.formatting import count, plain
from explorer.words.help import HELP


def lines(cut: CutTables) -> tuple[str, str]:
    """Below every plot of the page: whose it is, and on what."""
    info = cut.info
    seeds = int(info["n_seeds"])
    return (
        f"{cut.name}: {count(info['n_pairs'])} dependencies of {info['model']} cut ({info['pairs']}).",
        f"Means over {seeds} {'seed' if seeds == 1 else 'seeds'}; β {info['beta']:g}, "
        f"{count(info['epochs'])} epochs, fitted on {count(info['n_fit'])} images, judged on "
        f"{count(info['n_holdout'])} that no fit saw.",
    )


def draw(cut: CutTables, colours: Palette) -> None:
    """The training curves, and all options."""
    layout.section("Fine-tuning", HELP["cut_training"])
    chart(
        training_plot(cut.training, colours), "cut-training",
        "Cross-entropy and penalty of every fine-tuning, epoch by epoch", lines(cut),
    )  # fmt: skip
    with st.expander("The curves as a table", icon=":material/table:"):
        st.dataframe(
            cut.training, hide_index=True, placeholder="–", height=220,
            column_config={
                "side": "Network",
                "seed": "Seed",
                "epoch": "Epoch",
                "cross_entropy": st.column_config.NumberColumn("Cross-entropy", format="%.4f"),
                "penalty": st.column_config.NumberColumn("Penalty", format="%.4g"),
            },
            alt="The fine-tunings epoch by epoch",
        )  # fmt: skip
        downloads(cut.training, f"{cut.name}-training", "cut-training")
    layout.section("How it was made", HELP["cut_made"])
    info = cut.info
    trained = "only the last layer" if info["head_only"] else "all layers"
    st.markdown(
        f"**Cut from** {plain(info['model'])} · **dependencies** {plain(info['pairs'])}: "
        f"{count(info['n_pairs'])} in {count(info['n_targets'])} equations  \n"
        f"**Penalty** β {info['beta']:g}, pulls pushed below {100 * (1 - info['margin']):g} % of λ · "
        "**control** the same with β 0  \n"
        f"**Fine-tuned** {trained}, {count(info['epochs'])} epochs, {count(info['batch_size'])} images a "
        f"step, learning rate {info['learning_rate']:g}, {count(info['n_seeds'])} seeds  \n"
        f"**Images** {count(info['n_trained'])} fit images with a label to train on, "
        f"{count(info['n_fit'])} fit images to look for dependencies, {count(info['n_holdout'])} held-out "
        "images that only judge  \n"
        f"**Weights, SHA-256** `{info['weights_sha256']}`"
    )
