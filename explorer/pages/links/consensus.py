"""What the networks of one label set agree on."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers import consensus
from explorer.answers.surprising import least_networks
from explorer.figures import links as link_figures
from explorer.files import caption
from explorer.pages.links.views import open_equation
from explorer.session import address, cache, choices
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, on_row
from explorer.words.formatting import count, percent, plain
from explorer.words.help import HELP

SHOWN = 500
SOURCES = 16  # rows of the heat map


def draw(root: Path, network: Network, name: str, colours: Palette) -> None:
    """Shared dependencies over all categories, then those of the chosen one."""
    table = cache.consensus(root, network.info["label_set"], network.choice)
    if table.empty:
        layout.empty_state(
            "Nothing to compare yet",
            "The atlas has no consensus of this label set. It is made by `python -m precompute demo`, "
            "`run` or `link` as soon as two networks share their categories.",
        )
        return
    chance = cache.chance(root, network.info["label_set"], network.choice)
    found = consensus.beside_chance(consensus.counts(table), chance)
    headline(table, found, chance)
    r2 = cache.held_out_r2(root, network.info["label_set"], network.choice)
    r2 = r2[r2.columns.intersection(table["models"].explode())]
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            layout.section("How many networks share it?", HELP["by_chance"])
            chart(
                link_figures.shared_bars(found, colours),
                "shared_bars",
                "Dependencies by the number of networks, beside what shuffled targets give",
                caption.of_label_set(network, r2.median(), "Medians over the categories"),
            )
            columns = {
                "n_models": "Networks", "n": "Dependencies", "chance": "Shuffled",
                "positive": "Positive", "negative": "Negative", "conflict": "Signs differ",
            }  # fmt: skip
            least = least_networks(chance) if len(chance) else None
            st.caption(plain(consensus.above_chance(found, least), 500))
            st.dataframe(
                found[list(columns)], hide_index=True, column_config=columns,
                alt="The same as a table",
            )  # fmt: skip
        with grid.cell():
            by_model(root, network, table, name, r2, colours)
    dependencies(network, table)


def headline(table: pd.DataFrame, found: pd.DataFrame, chance: pd.DataFrame) -> None:
    """What the networks share, and how often they differ about a sign, beside what chance gives."""
    compared = int(table["n_compared"].max())
    everywhere = found.loc[found["n_models"] == compared].iloc[0]
    signs = consensus.sign_figures(table, chance)
    known = len(chance) > 0
    figures: list[tuple[str, ...]] = [
        ("Networks", count(compared), "Networks of this label set."),
        ("Dependencies", count(len(table)), "Pairs (target, source) that any of them has."),
        ("In all networks", count(everywhere["n"]), HELP["by_chance"],
         *([f"{count(everywhere['chance'])} by chance"] if known else [])),
        ("In one only", percent((table["n_models"] == 1).mean(), 0), HELP["consensus"]),
        ("Signs differ", _share(*signs["lasso"]), HELP["signs_differ"],
         *([f"{_share(*signs['shuffled'])} by chance"] if known else [])),
    ]  # fmt: skip
    if known:
        differ, stable = signs["refit"]
        figures.append(
            ("Signs differ, refit", _share(differ, stable), HELP["signs_differ_refit"],
             f"{count(differ)} of {count(stable)}" if stable else "not measured here")
        )  # fmt: skip
    layout.metric_row(figures)


def _share(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)


def by_model(
    root: Path, network: Network, table: pd.DataFrame, name: str, r2: pd.DataFrame, colours: Palette
) -> None:
    """One category's sources in every network; `r2` is held-out R² by category and network."""
    layout.section(f"{plain(name)} in every network", HELP["by_model"])
    known = cache.provenance(root)
    models = known.loc[known["label_set"] == network.info["label_set"], "name"].tolist()
    whole = consensus.by_model(table, network.index_of(name), models)
    wide = whole.head(SOURCES)
    if wide.empty:
        st.caption("No network has an equation for it.")
        return
    names = network.categories["name"].to_numpy()[whole.index].tolist()
    figure = link_figures.coefficient_heatmap(wide, names[: len(wide)], colours)
    lines = caption.of_label_set(network, r2.loc[name], f"Equations of {name}")
    chart(figure, "by_model", f"Coefficients of {name}'s sources in {len(models)} networks", lines)
    layout.cut(len(wide), len(whole), "most shared", "the files have them all")
    downloads(whole.reset_index(drop=True).assign(source=names), f"{name}-by-network", "bymodel")


def dependencies(network: Network, table: pd.DataFrame) -> None:
    """The list; a row opens its target."""
    layout.section("Dependencies", HELP["consensus"])
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        which = choices.choice("Shared by", address.SHARED_BY)
        only = st.toggle("Signs differ", **choices.tie(address.CONFLICTS, False))
    rows = consensus.shared_by(table, which)
    rows = rows[consensus.conflicting(rows)] if only else rows
    if rows.empty:
        layout.empty_state("None", "No dependency is like that here.")
        return
    rows = consensus.named(rows, network.categories)
    st.caption(
        f"{count(len(rows))} dependencies, the strongest {count(min(SHOWN, len(rows)))} shown."
    )
    shown = rows.head(SHOWN)
    key = f"consensus-{which}-{only}"

    def opened(row: int) -> None:
        open_equation(shown["target_name"].iat[row])

    columns: Columns = {
        "target_name": st.column_config.TextColumn("Category", width="medium"),
        "source_name": st.column_config.TextColumn("uses", width="medium"),
        "mean_coefficient": st.column_config.NumberColumn("Mean", format="%.3f", help=HELP["mean"]),
        "n_models": "Networks",
        "n_positive": "Positive",
        "n_negative": "Negative",
        "networks": "Which",
    }
    st.dataframe(
        shown[list(columns)], hide_index=True, column_config=columns, key=key,
        on_select=on_row(key, opened),
        selection_mode="single-row", height=390, lazy=False, alt=f"Dependencies of {which}",
    )  # fmt: skip
    downloads(rows, f"consensus-{which.replace(' ', '-')}", "consensus")
