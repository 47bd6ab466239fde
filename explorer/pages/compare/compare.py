"""Compare: which dependencies two networks share, which only one has, which change their sign."""

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers import comparison
from explorer.figures import networks as network_figures
from explorer.files import caption
from explorer.pages.compare import equations, two_maps
from explorer.session import address, cache, choices, place, selection, yardsticks
from explorer.tables.network import Network
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import graph_downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.words.formatting import count, percent, plain
from explorer.words.help import HELP

LISTED = 500  # rows of the list; the files have all

here = place.here()
root, model = here.root, here.model
others = [name for name in cache.model_names(root) if name != model]
first = here.network


def controls() -> tuple[Network, bool, list[str]]:
    """Network B, whether coefficients are refit, and the kinds that are shown; in the address."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        # The address may still name what has just become network A.
        best = cache.default_model(root, others)
        name = choices.one_of(
            "Network B", address.OTHER, others, best, also=[model], help=HELP["other"], width=320
        )
        fit = choices.choice("Coefficients", address.FIT, help=HELP["fit"])
        kinds = st.pills(
            "Dependencies shown", comparison.KINDS, selection_mode="multi", help=HELP["kinds"],
            **choices.tie(
                address.KIND, [], lambda kind: kind in comparison.KINDS, instead="all kinds"
            ),
        )  # fmt: skip
    return cache.network(root, name, here.choice), fit == "refit", list(kinds)


@st.cache_resource(max_entries=6, show_spinner=False)
def compared(versions: tuple[str, str], refit: bool, _second: Network) -> pd.DataFrame:
    """Once for all sessions; nobody may change it."""
    names = set(first.search.names) & set(_second.search.names)
    return comparison.compare(first.edges, _second.edges, names, refit=refit)


@st.cache_resource(max_entries=6, show_spinner=False)
def by_chance(versions: tuple[str, str], refit: bool, _second: Network) -> dict[str, int]:
    """How many dependencies of each kind the shuffled targets of both networks give."""
    names = set(first.search.names) & set(_second.search.names)
    one, other = (yardsticks.control(root, network) for network in (first, _second))
    return comparison.counts(comparison.compare(one, other, names, refit=refit))


def turn(name: str | None) -> None:
    """Callback of maps, graphs and tables: both networks turn to this category, or let go."""
    if name is None:
        selection.let_go()
    elif name in first.search.index:
        address.CATEGORY.set(name)


def headline(second: Network, table: pd.DataFrame, refit: bool) -> None:
    """How many dependencies there are of each kind, beside what chance gives, and the signs of those
    that both networks are sure of."""
    versions = first.version, second.version
    found, chance = comparison.counts(table), by_chance(versions, refit, second)
    either = max(len(table), 1)
    figures: list[tuple[str, ...]] = [
        (
            kind[0].upper() + kind[1:],
            count(n),
            f"{HELP[kind]} {percent(n / either)} of all.",
            f"{count(chance[kind])} by chance" if kind in comparison.IN_BOTH else "",
        )
        for kind, n in found.items()
    ]
    flipped, stable = comparison.stable_flips(compared(versions, True, second))
    figures.append(
        ("Flips among stable", percent(flipped / stable if stable else None), HELP["stable flips"],
         f"{count(flipped)} of {count(stable)}" if stable else "not measured here")
    )  # fmt: skip
    layout.metric_row([tuple(part for part in figure if part) for figure in figures])
    st.caption(plain(comparison.said(found, chance), 500))


def coefficients(second: Network, table: pd.DataFrame, rows: pd.DataFrame) -> None:
    """Coefficient against coefficient, and the list that leads on."""
    layout.section("Coefficient against coefficient", HELP["compared"])
    both = comparison.counts(table)
    with st.grid(2, min_column_width=380, gap="large") as grid:
        with grid.cell():
            chart(
                network_figures.agreement_plot(table, first.name, second.name, theme.palette()),
                "agreement",
                f"{both['shared']} shared dependencies and {both['sign flip']} sign flips",
                caption.of_networks((first, second)),
            )
        with grid.cell():
            listed(second, rows)


def listed(second: Network, rows: pd.DataFrame) -> None:
    """The dependencies of the chosen kinds, strongest first."""
    if rows.empty:
        layout.empty_state("None of this kind", "Choose another kind, or refit coefficients.")
        return
    columns: Columns = {
        "target_name": "Category",
        "source_name": "uses",
        "kind": "Kind",
        "coefficient_a": st.column_config.NumberColumn("in A", format=equations.SIGNED),
        "coefficient_b": st.column_config.NumberColumn("in B", format=equations.SIGNED),
    }
    top = rows.head(LISTED)
    leading_table(
        top, "compared", top["target_name"].tolist(), columns=columns, height=390,
        alt="Dependencies of both networks, strongest first", choose=turn,
    )  # fmt: skip
    layout.cut(len(top), len(rows), "strongest", "the files have them all")
    files = comparison.edges(rows, first.search.index)
    stem = f"{first.name}-{second.name}"
    graph_downloads(files, first.categories, stem, "compared")


def page() -> None:
    """The whole page, once there are two networks."""
    second, refit, kinds = controls()
    table = compared((first.version, second.version), refit, second)
    if not set(first.search.names) & set(second.search.names):
        layout.empty_state("Nothing in common", "These networks share no category by name.")
        return
    if table.empty:
        layout.empty_state("No dependencies", "Neither network has one between shared categories.")
        return
    headline(second, table, refit)
    rows = comparison.of_kinds(table, kinds)
    chosen = selection.category(first)
    layout.section("Both maps", HELP["two_maps"])
    sides = [
        (network, comparison.mask(rows[column], len(network.edges)))
        for network, column in ((first, "row_a"), (second, "row_b"))
    ]
    two_maps.draw(sides, chosen, refit, turn)
    coefficients(second, table, rows)
    equations.draw(first, second, chosen or table["target_name"].iat[0], refit, turn)


layout.page_header(
    f"A · {plain(model)}", "Two networks side by side", "What both found, and where they differ."
)
if others:
    page()
else:
    layout.empty_state("One network only", "Add another with `python -m precompute run`.")
