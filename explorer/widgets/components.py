"""Widgets that every page shares: header, figures row, tables that lead on, empty state."""

from collections.abc import Callable
from functools import partial

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from explorer.files import export
from explorer.session import selection
from explorer.widgets.snapshot import Snapshot
from explorer.words.formatting import plain
from explorer.words.help import HELP

PICTURES = {"svg": "image/svg+xml", "html": "text/html"}

# Columns that several tables share. Numbers keep their hyphen as minus sign: they must stay sortable.
COEFFICIENT = st.column_config.NumberColumn("Coefficient", format="%.4f", help=HELP["coefficient"])
REFIT = st.column_config.NumberColumn("Refit", format="%.4f", help=HELP["refit_coefficient"])
R2_OF_TARGET = st.column_config.NumberColumn(
    "Held-out R²", format="%.2f", help=HELP["r2_of_target"]
)


def page_header(eyebrow: str, title: str, lede: str) -> None:
    """The frame of every page: where one is, what it is called, what it answers."""
    with st.container(gap="xsmall"):
        st.caption(eyebrow)
        st.title(plain(title), anchor=False)
        if lede:
            st.markdown(lede)


def metric_row(figures: list[tuple[str, ...]]) -> None:
    """Headline figures: label, value with its unit, what it means, and maybe a note below it."""
    with st.grid(len(figures), min_column_width=140, gap="small"):
        for label, value, meaning, *note in figures:
            st.metric(
                label, value, note[0] if note else None, delta_color="off", delta_arrow="off",
                help=meaning, border=True, height="stretch",
            )  # fmt: skip


def section(title: str, meaning: str) -> None:
    """A heading whose question mark says what is shown, its unit, and where it comes from."""
    st.subheader(title, help=meaning, anchor=False)


def lazy_tabs(key: str, views: dict[str, Callable[[], None]]) -> None:
    """Tabs of which only the open one is made; which one it is stands in the address under `key`."""
    tabs = st.tabs(list(views), key=key, on_change="rerun", bind="query-params")
    for tab, draw in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def chart(figure: go.Figure, key: str, alt: str) -> None:
    """A Plotly figure; `alt` says it to those who cannot see it. Its camera button saves it under the
    model's name and the key, as PNG or SVG, as the reader has chosen under “Share or cite”."""
    form = st.session_state.get("pictures", "PNG").lower()
    picture = {"format": form, "filename": f"{st.session_state['model']}-{key}", "scale": 2}
    config = {"displaylogo": False, "toImageButtonOptions": picture}
    st.plotly_chart(figure, key=key, config=config, alt=alt)


def leading_table(
    frame: pd.DataFrame,
    key: str,
    names: list[str],
    *,
    columns: dict[str, object],
    alt: str,
    height: int | str = "auto",
    choose: Callable[[str], None] = selection.open_category,
) -> None:
    """A sortable table; its first column is of buttons that open the category `names[row]`, or do with it
    what `choose` says, and so does the box in front of a row. `columns` maps the columns to be shown to
    their heading or column config."""
    first, *others = columns
    st.dataframe(
        frame[list(columns)],
        hide_index=True,
        column_config={first: _buttons(columns[first], key, names, choose)}
        | {name: columns[name] for name in others},
        key=key,
        on_select=_chooser(key, names, choose),
        selection_mode="single-row",
        height=height,
        placeholder="–",
        lazy=False,
        alt=alt,
    )


def _chooser(key: str, names: list[str], choose: Callable[[str], None]) -> Callable[[], None]:
    def chosen() -> None:
        rows = st.session_state[key].selection.rows
        if rows:
            choose(names[rows[0]])

    return chosen


def _buttons(column: object, key: str, names: list[str], choose: Callable[[str], None]) -> object:
    """A column's heading or config, for buttons. A selection of cells would not do: a cell is selected by
    the Tab key, too, and by a click on a heading."""
    looks = {"label": column} if isinstance(column, str) else column
    click = f"{key}-name"
    return st.column_config.ButtonColumn(
        **{name: looks.get(name) for name in ("label", "help", "width")},
        type="tertiary",
        alignment="left",
        key=click,
        on_click=lambda: choose(names[st.session_state[click].row]),
    )


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


def empty_state(title: str, text: str, icon: str = ":material/search_off:") -> None:
    """What to show where there is nothing to show, and what to do about it."""
    with st.container(border=True, horizontal_alignment="center"):
        st.subheader(f"{icon} {title}", anchor=False, text_alignment="center")
        st.markdown(text, text_alignment="center")
