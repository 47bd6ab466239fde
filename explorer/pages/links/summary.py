"""A pair of networks as a whole, and all pairs beside it."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers import links
from explorer.answers.network_pair import NetworkPair
from explorer.answers.verdicts import links as link_verdicts
from explorer.figures import links as link_figures
from explorer.files import caption
from explorer.pages.links.views import open_equation
from explorer.session import address, cache, choices
from explorer.theme import Palette
from explorer.widgets import layout, verdict, yardsticks
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, on_row
from explorer.words.formatting import count, number, percent, plain
from explorer.words.help import HELP

R2 = st.column_config.NumberColumn("Held-out R²", format="%.2f")
LISTED = 100
PAIRS = "pairs_table"


def draw(root: Path, pair: NetworkPair, colours: Palette) -> None:
    """How well one network's categories can be read off the other."""
    info, table = pair.info, cache.pair_figures(root, pair.choice)
    ends = (table["target_model"] == pair.target.name) & (table["source_model"] == pair.source.name)
    summary = table[ends].to_dict("records")[0]
    figures: list[tuple[str, ...]] = [
        *(
            (
                title,
                number(summary[name]),
                f"{meaning} {HELP['median_interval']}",
                link_verdicts.interval(summary[f"{name}_low"], summary[f"{name}_high"]),
            )
            for title, name, meaning in (
                ("Held-out R²", "r2", HELP["distribution"]),
                ("R², refit", "r2_refit", HELP["fit"]),
            )
        ),
        ("Shuffled control", number(summary["control_r2"]), HELP["distribution"]),
        (
            "Within ½ sd",
            percent(summary["within_half_sd"], 0),
            "Median over categories.",
            f"guessing {percent(pair.chosen['within_half_sd_mean'].median(), 0)}",
        ),
        ("Links", count(summary["n_links"]), HELP["dependencies"]),
        ("Shared images", count(info["n_holdout"]), HELP["shared_images"]),
    ]
    if info["allow_same"]:
        figures.append(("Same category first", percent(info["same_strongest"], 0), HELP["same"]))
    layout.metric_row(figures)
    yardsticks.medians(pair, colours)
    left_out = info["n_only_target"] + info["n_only_source"]
    if left_out:
        st.caption(f"{count(left_out)} images that only one of the networks has are left out.")
    rows = links.category_figures(pair.target.categories, pair.chosen)
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            layout.section("How well does it hold?", HELP["distribution"])
            fit = choices.choice("Coefficients", address.FIT, help=HELP["fit"])
            verdict.say(*link_verdicts.between(summary, fit == "refit"))
            figure = link_figures.r2_histogram(rows, fit == "refit", colours)
            alt = f"Held-out R² over the categories of {pair.name}"
            chart(figure, "pair_r2", alt, (f"{pair.name}.", caption.of_network(pair)))
        with grid.cell():
            categories(pair, rows)
    all_pairs(table, pair.choice, colours)


def categories(pair: NetworkPair, rows: pd.DataFrame) -> None:
    """Best and worst categories; a row opens its equation."""
    layout.section("Best and worst categories", HELP["best"])
    order = choices.choice("Order", address.ORDER)
    shown = (rows if order == "best" else rows[::-1]).head(LISTED).reset_index(drop=True)
    key = f"categories-{pair.name}-{order}"

    def opened(row: int) -> None:
        open_equation(shown["name"].iat[row])

    columns: Columns = {
        "name": "Category",
        "r2": R2,
        "control_r2": st.column_config.NumberColumn("Control", format="%.2f"),
        "n_parents": "Sources",
        "definition": "Meaning",
    }
    st.dataframe(
        shown[list(columns)], hide_index=True, column_config=columns, key=key,
        on_select=on_row(key, opened),
        selection_mode="single-row", height=330, lazy=False,
        alt=f"The {order} categories of {pair.name}",
    )  # fmt: skip
    layout.cut(len(shown), len(rows), order, "the files have them all")
    downloads(rows, f"{pair.target.name}--{pair.source.name}-categories", "categories")


def all_pairs(table: pd.DataFrame, choice: str, colours: Palette) -> None:
    """Every link of the atlas; a row chooses its pair."""
    layout.section("All pairs of this atlas", HELP["pairs"])
    refit = address.FIT.get() == "refit"
    measure = "r2_refit" if refit else "r2"
    table = table.sort_values(measure, ascending=False, ignore_index=True)
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            figure = link_figures.pair_heatmap(table, measure, colours)
            alt = "Median held-out R² of every ordered pair"
            chart(figure, "pairs_map", alt, caption.of_pairs(table, refit, choice))
        with grid.cell():
            st.markdown(plain(link_verdicts.every_pair(table, refit), 400))
    pair_table(table, measure)
    downloads(table, "links", "pairs")


def pair_table(table: pd.DataFrame, measure: str) -> None:
    """The same as a table, with the verdict on every pair."""

    def opened(row: int) -> None:
        address.MODEL.set(table["target_model"].iat[row])
        address.SOURCE.set(table["source_model"].iat[row])

    refit = measure == "r2_refit"
    explained = "n_explained_refit" if refit else "n_explained"
    rows = table.to_dict("records")
    shown = table.assign(
        interval=[link_verdicts.interval(r[f"{measure}_low"], r[f"{measure}_high"]) for r in rows],
        verdict=[verdict.WORDS[link_verdicts.judged(row, refit)] for row in rows],
    )
    columns: Columns = {
        "target_model": "Target",
        "source_model": "Source",
        measure: st.column_config.NumberColumn("R²", format="%.2f", help=HELP["pairs"]),
        "interval": st.column_config.TextColumn("95 %", help=HELP["median_interval"]),
        "verdict": st.column_config.TextColumn("Claim", help=HELP["link_verdict"]),
        explained: st.column_config.NumberColumn("Explained", help=HELP["explained"]),
        "control_r2": st.column_config.NumberColumn("Control", format="%.2f"),
        "n_links": "Links",
    }
    st.dataframe(
        shown[list(columns)], hide_index=True, column_config=columns, key=PAIRS,
        on_select=on_row(PAIRS, opened), selection_mode="single-row", height=390, lazy=False,
        alt="Every ordered pair of networks",
    )  # fmt: skip
