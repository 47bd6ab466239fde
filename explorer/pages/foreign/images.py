"""The images on which dependencies hold least and most: foreign ones, and held-out ones."""

from pathlib import Path

import pandas as pd
import streamlit as st

from explorer.answers.foreign import usual
from explorer.pages.foreign.trial import Trial
from explorer.session import address, cache, choices, foreign
from explorer.widgets import layout, thumbnails
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.widgets.thumbnails import Tile
from explorer.words.formatting import number
from explorer.words.help import HELP

TILES = 6  # at either end
LISTED = 200
NUMBER = st.column_config.NumberColumn
WAY = "Run `python -m precompute ood` again on the folder where they are now."


def draw(trial: Trial, folder: Path | None) -> None:
    """Both ends as pictures, and all images as a table. `folder` is where the reader says that the images
    of the atlas are now."""
    layout.section("Images at both ends", HELP["foreign_ends"])
    which = choices.choice("Images", address.ENDS)
    root, network = trial.root, trial.network
    if which == "foreign":
        rows = foreign.foreign_images(root, trial.found.folder, network.name, network.choice)
    else:
        rows = foreign.held_out_images(root, network.name, network.choice)
    n_least = min(TILES, (len(rows) + 1) // 2)
    n_most = min(TILES, len(rows) - n_least)
    groups = {
        title: [_tile(row) for row in part.itertuples()]
        for title, part in (
            ("Dependencies hold least", rows[:n_least]),
            ("Dependencies hold most", rows[::-1][:n_most]),
        )
        if len(part)
    }
    if which == "foreign":
        thumbnails.with_words(groups, trial.found.paths, None, WAY)
    else:
        thumbnails.with_words(groups, cache.images(root)["path"], folder)
    _table(trial, rows, which)


def _tile(row) -> Tile:
    score = f"score {number(row.score)}, {usual.percentile(row.percentile)}"
    title = f"taken for {row.top1}" if pd.isna(row.shows) else row.shows
    return Tile(row.image_id, title, (score, row.breaks))


def _table(trial: Trial, rows: pd.DataFrame, which: str) -> None:
    columns: Columns = {
        "top1": "Taken for",
        "shows": "Shows",
        "score": NUMBER("Score", format="%.2f", help=HELP["dependency_score"]),
        "percentile": NUMBER("Percentile", format="percent", help=HELP["usual_percentile"]),
        "breaks": st.column_config.TextColumn("Off most (rms)", help=HELP["foreign_ends"]),
        "image_id": "Image",
    }
    if rows["shows"].isna().all():
        del columns["shows"]
    shown = rows.head(LISTED)
    leading_table(
        shown, f"ends-{which}", shown["top1"].tolist(), columns=columns, height=300,
        alt=f"The {which} images, those first on which dependencies hold least",
    )  # fmt: skip
    layout.cut(len(shown), len(rows), "first", "the files have them all")
    downloads(rows[list(columns)], f"{trial.stem}-{which}-images", "ends")
