"""What dependencies agree with, and those that agree with nothing."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers.redundancy import compliance
from explorer.figures.redundancy import plots as figures
from explorer.files import caption
from explorer.session import cache, trials
from explorer.tables.network import Network
from explorer.tables.redundancy import RedundancyTables
from explorer.theme import Palette
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import COEFFICIENT, Columns, leading_table
from explorer.words.formatting import plain
from explorer.words.help import HELP

NUMBER = st.column_config.NumberColumn
SHARE = "%.2f"
LISTED = 100


def draw(root: Path, network: Network, tables: RedundancyTables, colours: Palette) -> None:
    """Agreement with confusion, head weights and WordNet, and the dependencies without any."""
    layout.section("What do dependencies agree with?", HELP["compliance"])
    table = trials.agreement(root, network.name)
    if len(table):
        _agreement(cache.network(root, network.name, "readable"), table, colours)
    else:
        layout.empty_state(
            "Nothing to compare with",
            "Neither confusion nor head weights nor WordNet is known for any dependency here.",
        )
    notes = [
        *compliance.lacking(tables.compliance, network.info),
        compliance.partly(tables.compliance),
    ]
    for note in filter(None, notes):
        st.caption(plain(note, 300))
    _unexplained(network, tables)


def _agreement(network: Network, table: pd.DataFrame, colours: Palette) -> None:
    chart(
        figures.agreement_plot(table, colours), "agreement",
        "How well each measure tells parents from other categories",
        (f"Dependencies in {network.name}.", caption.of_network(network)),
    )  # fmt: skip
    columns: Columns = {
        "measure": "Measure",
        "sign": st.column_config.TextColumn("Sign", help=HELP["agreement_sign"]),
        "auroc": NUMBER("AUROC", format=SHARE, help=HELP["agreement_auroc"]),
        "auroc_low": NUMBER("from", format=SHARE, help=HELP["over_categories"]),
        "auroc_high": NUMBER("to", format=SHARE, help=HELP["over_categories"]),
        "auroc_control": NUMBER("control", format=SHARE, help=HELP["dealt"]),
        "spearman": NUMBER("Spearman", format=SHARE, help=HELP["agreement_spearman"]),
        "spearman_low": NUMBER("from", format=SHARE, help=HELP["over_categories"]),
        "spearman_high": NUMBER("to", format=SHARE, help=HELP["over_categories"]),
        "spearman_control": NUMBER("control", format=SHARE, help=HELP["dealt"]),
        "n_targets": "Targets",
        "n_equations": NUMBER("Ranked", help=HELP["agreement_spearman"]),
        "n_dependencies": "Dependencies",
    }
    st.dataframe(
        table[list(columns)], hide_index=True, column_config=columns, placeholder="–",
        alt="Agreement of dependencies with each measure",
    )  # fmt: skip
    downloads(table, f"{network.name}-agreement", "agreement")


def _unexplained(network: Network, tables: RedundancyTables) -> None:
    layout.section("Dependencies that nothing explains", HELP["unexplained"])
    found = compliance.named(tables.compliance, tables.readable, network.categories["name"])
    if found.empty:
        layout.empty_state("None here", compliance.why_none(tables.compliance, tables.readable))
        return
    st.caption(plain(compliance.said(found), 400))
    shown = found.head(LISTED)
    columns: Columns = {
        "target_name": "Category",
        "source_name": "uses",
        "coefficient": COEFFICIENT,
        "stability": NUMBER("Stability", format="percent", help=HELP["stability"]),
        "alike": NUMBER("Best rank", format=SHARE, help=HELP["unexplained"]),
        "confusion_rank": NUMBER("Confusion", format=SHARE, help=HELP["compliance_rank"]),
        "head_cosine_rank": NUMBER("Head cosine", format=SHARE, help=HELP["compliance_rank"]),
        "wordnet_rank": NUMBER("WordNet", format=SHARE, help=HELP["compliance_rank"]),
        "steps": NUMBER("WordNet steps", format="%d", help=HELP["distance"]),
    }
    leading_table(
        shown, "unexplained", shown["target_name"].tolist(), columns=columns, height=390,
        alt="Strong, stable dependencies between categories that no measure finds alike",
    )  # fmt: skip
    layout.cut(len(shown), len(found), "first", "the files have them all")
    downloads(found[list(columns)], f"{network.name}-unexplained", "unexplained")
