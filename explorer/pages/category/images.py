"""Images of a category, and those on which its equation fails worst: read only when somebody looks."""

import pandas as pd
import streamlit as st

from explorer.answers import worst_images
from explorer.pages.category.subject import Evidence, Subject
from explorer.session import selection
from explorer.widgets import layout, thumbnails
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import leading_table
from explorer.widgets.thumbnails import Tile
from explorer.words.formatting import count, number, plain
from explorer.words.help import HELP

TILES = 12
LISTED = 200
NUMBER = st.column_config.NumberColumn


def draw(subject: Subject, evidence: Evidence) -> None:
    """Images of the category, then those that the equation gets most wrong, as pictures and a table."""
    names = subject.network.categories["name"].to_numpy()
    judged = worst_images.judged(
        evidence.images, subject.target, evidence.predicted, subject.sd, names
    )
    examples, own = worst_images.examples(judged, TILES)
    layout.section(f"Images of {plain(subject.name)}", HELP["examples"])
    if not own:
        st.caption("No held-out image shows it: these have the largest logits.")
    pictured = _gallery(subject, examples)
    if not pictured:
        _table(subject, examples, "examples")
    layout.section("Where the equation fails worst", HELP["failures"])
    side = selection.choice("The equation says", worst_images.SIDES, "fails")
    worst = worst_images.worst(judged, side)
    _gallery(subject, worst.head(TILES), say=pictured)
    _table(subject, worst.head(LISTED), "worst")
    st.caption(
        f"{count(min(LISTED, len(worst)))} of {count(len(worst))} held-out images; a row opens what it "
        "shows."
    )
    downloads(worst, f"{subject.network.name}-{subject.name}-images", "image_table")


def _gallery(subject: Subject, rows: pd.DataFrame, say: bool = True) -> bool:
    folder = st.session_state.get("image_folder")
    tiles = [_tile(subject, row) for row in rows.itertuples()]
    return thumbnails.gallery(subject.root, folder, tiles, say)


def _tile(subject: Subject, row) -> Tile:
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
        subject.colours.positive if much else subject.colours.negative,
    )


def _table(subject: Subject, rows: pd.DataFrame, key: str) -> None:
    columns = {
        "shows": "Shows",
        "off": NUMBER("Off by (sd)", format="%+.2f", help=HELP["off"]),
        "logit": NUMBER("Network", format="%.2f"),
        "predicted": NUMBER("Equation", format="%.2f"),
        "top1": "Taken for",
        "image_id": "Image",
    }
    leading_table(
        rows, f"images-{key}-{subject.name}", rows["shows"].fillna(rows["top1"]).tolist(),
        columns=columns,
        alt=f"Held-out images and the equation of {subject.name}: {key}",
    )  # fmt: skip
