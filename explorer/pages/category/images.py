"""Images of a category, and those on which its equation fails worst: read only when somebody looks."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers.evidence import worst_images
from explorer.answers.evidence.evidence import Evidence
from explorer.session import address, choices, place
from explorer.theme import Palette
from explorer.widgets import layout, thumbnails
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.widgets.thumbnails import Tile
from explorer.words.formatting import count, number, plain
from explorer.words.help import HELP

TILES = 12
LISTED = 200
NUMBER = st.column_config.NumberColumn


def draw(root: Path, evidence: Evidence, colours: Palette) -> None:
    """Images of the category, then those that the equation gets most wrong, as pictures and a table."""
    subject = evidence.subject
    found = worst_images.image_table(
        evidence.images, subject.target, evidence.predicted, evidence.sd,
        subject.pair.target.categories["name"].to_numpy(),
    )  # fmt: skip
    examples, own = worst_images.examples(found, TILES)
    layout.section(f"Images of {plain(subject.name)}", HELP["examples"])
    if not own:
        st.caption("No held-out image shows it: these have the largest logits.")
    else:
        layout.cut(len(examples), int(found["of_category"].sum()), "first")
    pictured = _gallery(root, examples, colours)
    if not pictured:
        _table(subject.name, examples, "examples")
    layout.section("Where the equation fails worst", HELP["failures"])
    side = choices.choice("The equation says", address.FAILS)
    worst = worst_images.worst(found, side)
    _gallery(root, worst.head(TILES), colours, say=pictured)
    _table(subject.name, worst.head(LISTED), "worst")
    st.caption(
        f"{count(min(LISTED, len(worst)))} of {count(len(worst))} held-out images; a row opens what it "
        "shows."
    )
    downloads(worst, f"{subject.pair.name}-{subject.name}-images", "image_table")


def _gallery(root: Path, rows: pd.DataFrame, colours: Palette, say: bool = True) -> bool:
    folder = place.here().images
    tiles = [_tile(row, colours) for row in rows.itertuples()]
    return thumbnails.gallery(root, folder, tiles, say)


def _tile(row, colours: Palette) -> Tile:
    much = row.off > 0
    other = [] if row.shows == row.top1 else [f"taken for {row.top1}"]
    return Tile(
        row.image_id,
        other.pop() if pd.isna(row.shows) else row.shows,
        (
            *other,
            f"network {number(row.logit, 1)}, equation {number(row.predicted, 1)}",
            f"{'▲' if much else '▼'} {number(abs(row.off), 1)} sd too {'much' if much else 'little'}",
        ),
        colours.positive if much else colours.negative,
    )


def _table(name: str, rows: pd.DataFrame, key: str) -> None:
    columns: Columns = {
        "shows": "Shows",
        "off": NUMBER("Off by (sd)", format="%+.2f", help=HELP["off"]),
        "logit": NUMBER("Network", format="%.2f"),
        "predicted": NUMBER("Equation", format="%.2f"),
        "top1": "Taken for",
        "image_id": "Image",
    }
    leading_table(
        rows, f"images-{key}-{name}", rows["shows"].fillna(rows["top1"]).tolist(),
        columns=columns,
        alt=f"Held-out images and the equation of {name}: {key}",
    )  # fmt: skip
