"""Models: every network of the atlas, where it came from, and how redundant its categories are."""

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers import sparsity
from explorer.answers.yardsticks import more_images, rank
from explorer.answers.yardsticks.baselines import BASELINES
from explorer.figures import networks as network_figures
from explorer.files import caption
from explorer.pages.models import survival
from explorer.session import address, cache, choices, place, yardsticks
from explorer.widgets import layout
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.formatting import counted, plain
from explorer.words.help import HELP

root = place.here().root
models = cache.provenance(root)


def comparison() -> None:
    """Held-out truth of all networks at equal numbers of parents."""
    layout.section("Held-out truth against sparsity", HELP["sparsity"])
    with st.container(horizontal=True, gap="medium"):
        measure = choices.choice("Measure", address.MEASURE)
        fit = choices.choice("Coefficients", address.FIT)
    table = cache.sparsity_medians(root, fit == "refit")
    column = "error" if measure == "error" else "r2"
    beside = [name for name, _ in BASELINES] + ["refit"] * (fit != "refit")
    shown = {name: table[f"{name}_{column}"] for name in beside}
    curve = table.assign(**shown)
    title = "relative error (0 is perfect)" if column == "error" else "R² (1 is perfect)"
    chart(
        network_figures.comparison_plot(curve, column, title, theme.palette()),
        "comparison",
        f"Held-out {measure} of every network against parents",
        caption.of_medians(models, fit == "refit"),
    )
    wide = sparsity.at_parents(table, column)
    number: Columns = {
        str(k): st.column_config.NumberColumn(
            "1 parent" if k == 1 else f"{k} parents", format="%.3f"
        )
        for k in sparsity.LEVELS
    }
    st.dataframe(
        wide,
        hide_index=True,
        column_config={"model": "Network", **number},
        alt="The same as a table",
    )
    downloads(wide, "held-out-truth", "truth")


def overview() -> None:
    """One row per network."""
    layout.section("Networks of this atlas", HELP["networks"])
    table = models.assign(
        bound=models["n_features"] + 1,
        forced=[rank.forced(row) for row in models.to_dict("records")],
        total=models["seconds"].map(lambda s: sum(map(float, s.values()))),
    )
    columns: Columns = {
        "name": "Network",
        "top1_holdout": st.column_config.NumberColumn("Top-1 held-out", format="%.1f %%"),
        "top1_fit": st.column_config.NumberColumn("Top-1 fit", format="%.1f %%"),
        "n_categories": "Categories",
        "n_features": "Width d",
        "rank": "Rank",
        "bound": "d + 1",
        "forced": st.column_config.NumberColumn("Forced", help=HELP["forced"]),
        "n_parameters": st.column_config.NumberColumn("Parameters", format="compact"),
        "n_fit": "Fit images",
        "n_holdout": "Held-out images",
        "n_labelled": "Labelled",
        "weight_positives": st.column_config.NumberColumn(
            "Own images weigh", format="percent", help=HELP["weight_positives"]
        ),
        "total": st.column_config.NumberColumn("Time", format="%.1f s"),
    }
    shown = table.assign(**{name: 100 * table[name] for name in ("top1_fit", "top1_holdout")})
    st.dataframe(
        shown[list(columns)],
        hide_index=True,
        column_config=columns,
        placeholder="–",
        alt="Networks of the atlas",
    )
    downloads(table.drop(columns=["versions", "seconds", "input_config"]), "networks", "networks")
    for row in models.to_dict("records"):
        if rank.forced(row):
            st.caption(f"**{plain(row['name'])}**: {rank.sentence(row)}")


def learning() -> None:
    """Whether more fit images would give better equations."""
    said = [
        more_images.sentence(name, yardsticks.learning(root, name))
        for name in models["name"].tolist()
    ]
    if any(said):
        layout.section("Would more images help?", HELP["more_images"])
        st.markdown("\n".join(f"- {plain(text, 300)}" for text in said if text))


def provenance() -> None:
    """What a careful reader asks: weights, options, versions, time."""
    layout.section("Provenance", HELP["provenance"])
    for row in models.to_dict("records"):
        with st.expander(plain(row["name"]), icon=":material/fingerprint:"):
            st.markdown(
                f"**Architecture** {plain(row['architecture'])}  \n"
                f"**Weights** {plain(row['weights'], 200)}  \n"
                f"**SHA-256** `{row['weights_sha256']}`  \n"
                f"**Label set** {plain(row['label_set'])} · **seed** {row['seed']} · "
                f"**centred** {'yes' if row['center'] else 'no'} · "
                f"**longest path** {row['max_parents']} parents"
            )
            with st.grid(3, min_column_width=220, gap="medium"):
                for title, unit, values in (
                    ("Seconds per stage", "seconds", row["seconds"]),
                    ("Versions", "version", row["versions"]),
                    ("Input", "value", row["input_config"]),
                ):
                    small_table(title, unit, values)


def small_table(title: str, unit: str, values: dict) -> None:
    """A dictionary as a table of two columns."""
    with st.container(gap="xsmall"):
        st.caption(title)
        if values:
            rows = pd.DataFrame({title: list(values), unit: [str(v) for v in values.values()]})
            st.dataframe(rows, hide_index=True, alt=title)
        else:
            st.caption("nothing recorded")


layout.page_header(
    counted(len(models), "network"),
    "Models in this atlas",
    "Where every number comes from, and how the networks compare.",
)
overview()
comparison()
survival.draw(root, place.here().model)
learning()
provenance()
