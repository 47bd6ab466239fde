"""Whether classification survives the replacement, as a curve: of a network, and of one category over
it."""

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from explorer.answers.verdicts import survival
from explorer.figures.survival import survival_plot
from explorer.theme import Palette
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.choice import coefficients
from explorer.words.formatting import count

NUMBER, SHARE = st.column_config.NumberColumn, "%.0f %%"


def curve(
    points: pd.DataFrame, table: pd.DataFrame, model: str, refit: bool, colours: Palette
) -> None:
    """A network's curve with its rule, what it was made from, and the same as a table. `points` is
    `survival.curve` of its survival.parquet, `table`, with refit coefficients or those of CovLasso."""
    draw(survival_plot(points, colours), table, model, refit)
    st.markdown(f"**Where classification survives**\n\n{survival.lines(points)}")
    st.caption(f"{survival.rule()} {sampled(table)}")
    shown = points.assign(
        equations=[
            survival.name_of(*pair)
            for pair in zip(points["weighting"], points["constant"], strict=True)
        ],
        parents=points["n_parents"].astype("string").fillna("all (dense)"),
        verdict=points["holds"].map({True: "holds", False: "does not hold"}).fillna("not decided"),
    )
    per_1000 = "%.2f"
    columns: Columns = {
        "equations": "Equations",
        "parents": "Parents",
        "verdict": "Survives",
        "recall_kept": NUMBER("Recall kept", format=SHARE),
        "low": NUMBER("from", format=SHARE),
        "high": NUMBER("to", format=SHARE),
        "fp_per_1000": NUMBER("False positives per 1,000", format=per_1000),
        "fp_low": NUMBER("from ", format=per_1000),
        "fp_high": NUMBER("to ", format=per_1000),
        "fp_before_per_1000": NUMBER("as it is", format=per_1000),
        "added": NUMBER("Constant, logits", format="%.2f"),
        "n_categories": "Categories",
        "n_images": "Images",
    }
    st.dataframe(
        _in_percent(shown[list(columns)], ["recall_kept", "low", "high"]), hide_index=True,
        column_config=columns, height=320,
        alt="The curve as a table",
    )  # fmt: skip
    downloads(points.drop(columns="kind"), f"survival-{model}", "survival-file")


def draw(figure: go.Figure, table: pd.DataFrame, model: str, refit: bool) -> None:
    """The curve of a network whose survival.parquet is `table`, with what it was made from."""
    alt = f"Recall kept and false positives of {model} against parents"
    chart(figure, "survival", alt, (f"{model}, {coefficients(refit)}.", sampled(table)))


def every_network(wide: pd.DataFrame) -> None:
    """`survival.levels` as a table."""
    columns: Columns = {"model": "Network", "equations": "Equations"}
    columns |= {str(size): NUMBER(f"{size} parents", format=SHARE) for size in survival.LEVELS}
    columns["dense"] = NUMBER("All (dense)", format=SHARE)
    st.dataframe(
        _in_percent(wide, [*map(str, survival.LEVELS), "dense"]), hide_index=True,
        column_config=columns, placeholder="–",
        alt="Recall kept by every network",
    )  # fmt: skip
    downloads(wide, "survival-networks", "survival-networks")


def _in_percent(table: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    return table.assign(**{name: 100 * table[name] for name in columns})


def sampled(table: pd.DataFrame) -> str:
    """What a survival.parquet was made from, in words."""
    found = survival.sample(table)
    text = (
        f"Tried: {count(found['tried'])} of {count(found['of'])} categories that have held-out images, "
        f"{count(found['images'])} images, at most {found['most']} of one category"
    )
    if found["deep"] < found["tried"]:
        text += (
            f"; up to {found['longest']} parents {count(found['deep'])} of them, since such paths are slow "
            "(`run --survival-categories N` tries more)"
        )
    return text + "."
