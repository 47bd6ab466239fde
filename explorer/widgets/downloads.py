"""Tables, graphs and pictures as files, made when somebody asks."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from explorer.files import export
from explorer.widgets.snapshot import Snapshot

PICTURES = {"svg": "image/svg+xml", "html": "text/html"}


def downloads(frame: pd.DataFrame, stem: str, key: str) -> None:
    """A table as CSV and as parquet, made only when somebody asks."""
    with st.container(horizontal=True, gap="small"):
        file_button("CSV", lambda: frame.to_csv(index=False), f"{stem}.csv", "text/csv", key)
        file_button(
            "Parquet", lambda: export.parquet(frame), f"{stem}.parquet", export.PARQUET, key
        )


def graph_downloads(
    edges: pd.DataFrame,
    categories: pd.DataFrame,
    stem: str,
    key: str,
    png: Snapshot | None = None,
    **pictures: Callable[[], str],
) -> None:
    """The edges that are shown in every format of `export`, and maybe as SVG, PNG and HTML."""
    with st.container(horizontal=True, gap="small"):
        for form in export.FORMATS:
            write = partial(form.write, edges, categories)
            file_button(form.title, write, f"{stem}.{form.suffix}", form.mime, key)
        for kind, make in pictures.items():
            file_button(kind.upper(), make, f"{stem}.{kind}", PICTURES[kind], key)
        if png is not None:
            png.button(f"{stem}.png", f"{key}-PNG")


def file_button(
    title: str, make: Callable[[], bytes | str], name: str, mime: str, key: str
) -> None:
    """A file that is made when its button is pressed, without running the page again."""
    st.download_button(
        title, make, name, mime, key=f"{key}-{title}", icon=":material/download:", on_click="ignore"
    )
