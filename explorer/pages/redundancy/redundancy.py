"""Redundancy: how few directions logits need, how errors go with it, what dependencies agree with."""

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers.redundancy import spectrum as spectra
from explorer.answers.yardsticks import rank
from explorer.figures.redundancy import plots as figures
from explorer.files import caption
from explorer.pages.redundancy import compliance, errors
from explorer.session import place, trials
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.formatting import count, number, plain
from explorer.words.help import HELP

here, colours = place.here(), theme.palette()
network = here.network
tables = trials.redundancy(here.root, network.name)
headline = spectra.headline(tables.spectrum)
NUMBER = st.column_config.NumberColumn


def cards() -> None:
    """The headline figures."""
    info, law = network.info, headline.law
    width = info["n_features"]
    known = law is not None and pd.notna(law.low)
    layout.metric_row([
        ("Categories n", count(info["n_categories"]), HELP["categories"]),
        ("Width d", "–" if pd.isna(width) else count(width), HELP["width"]),
        ("Rank", count(info["rank"]), HELP["rank"]),
        ("Effective rank", number(headline.effective_rank, 0), HELP["effective_rank"],
         f"{number(headline.participation_ratio, 0)} by participation"),
        ("Exponent", number(law.exponent if law else None), HELP["exponent"],
         f"{number(law.low)} to {number(law.high)}" if law and known else "without an interval"),
    ])  # fmt: skip
    st.caption(rank.sentence(info))


def spectrum() -> None:
    """The eigenvalues, as singular values, and what they are read against."""
    layout.section("Spectrum", HELP["spectrum"])
    figure = figures.spectrum_plot(
        tables.spectrum, headline.law, spectra.marks(network.info), colours
    )
    alt = f"Singular values of the logits of {network.name} against their rank"
    chart(figure, "spectrum", alt, caption.of_logits(network))
    st.caption(plain(spectra.said(headline.law), 400))
    rows = tables.spectrum[["rank", "eigenvalue"]]
    rows = rows.assign(share=rows["eigenvalue"].cumsum() / rows["eigenvalue"].sum())
    columns: Columns = {
        "rank": "Rank",
        "eigenvalue": NUMBER("Eigenvalue, logits²", format="%.4g"),
        "share": NUMBER("Share so far", format="percent"),
    }
    st.dataframe(
        rows, hide_index=True, column_config=columns, height=180, alt="The spectrum as a table",
        lazy=True,
    )  # fmt: skip
    downloads(rows, f"{network.name}-spectrum", "spectrum")


def support() -> None:
    """How many parents there are along the path."""
    layout.section("Parents along λ", HELP["support"])
    table = tables.support
    alt = "Number of parents against the penalty"
    lines = (f"Paths of all categories of {network.name}.", caption.of_network(network))
    chart(figures.support_plot(table, colours), "support", alt, lines)
    if table["stopped"].max() > 0:
        most = int(network.info["max_parents"])
        half = table["ratio"][table["stopped"] >= 0.5].max()
        where = f" Half of them have at λ / λ max = {half:.2g}." if pd.notna(half) else ""
        st.caption(
            f"Paths stop at {most} parents, and their last number counts from there on.{where}"
        )
    columns: Columns = {
        "ratio": NUMBER("λ / λ max", format="%.4f"),
        **{f"n_parents_{k}": NUMBER(f"{k} %", format="%.0f") for k in (10, 25, 50, 75, 90)},
        "stopped": NUMBER("Stopped", format="percent"),
    }
    st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, height=180,
        alt="Quantiles over the categories of the number of parents",
    )  # fmt: skip
    downloads(table, f"{network.name}-support", "support")


layout.page_header(
    network.name,
    "Redundancy",
    "How few directions the logits need, whether redundant categories have the better equations, and what "
    "dependencies agree with.",
)
cards()
with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
    with grid.cell():
        spectrum()
    with grid.cell():
        support()
errors.draw(here.root, network, tables, colours)
compliance.draw(here.root, network, tables, colours)
