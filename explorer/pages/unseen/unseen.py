"""Unseen categories: what a student can score without having learned it, and how well."""

import pandas as pd
import streamlit as st

from explorer import theme
from explorer.answers import unseen
from explorer.answers.verdicts import unseen as unseen_verdicts
from explorer.figures import unseen as unseen_figures
from explorer.pages.unseen import category, headline
from explorer.pages.unseen.category import Trial
from explorer.session import address, cache, choices, experiments, place
from explorer.widgets import layout, verdict
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns
from explorer.words.formatting import count, percent, plain, plain_name
from explorer.words.help import HELP
from precompute.unseen import seen_unseen_curve
from precompute.unseen.map_key import CEILING, CHANCE, RIDGE, MapKey

DEFAULT_PARENTS = 8

root, colours = place.here().root, theme.palette()
known = experiments.by_title(root)


def choose() -> Trial:
    """The experiment and its map."""
    options = list(known)
    with st.container(horizontal=True, gap="medium"):
        chosen = choices.one_of(
            "Experiment: student ← teacher", address.EXPERIMENT, options, options[0],
            format_func=plain_name, help=HELP["experiment"], width=455,
        )  # fmt: skip
        found = experiments.read(root, known[chosen])
        levels = [str(level) for level in found.levels]
        start = str(DEFAULT_PARENTS) if str(DEFAULT_PARENTS) in levels else levels[-1]
        level = address.UNSEEN_PARENTS
        address.recall(level)
        if level.known and level.get() not in levels:
            level.set(start)
        parents = st.select_slider(
            "Parents, at most", levels, start, help=HELP["unseen_parents"], width=190,
            **choices.tie(level, start, lambda value: value in levels),
        )  # fmt: skip
        fit = choices.choice("Coefficients", address.UNSEEN_FIT, help=HELP["unseen_fit"])
        calibration = choices.choice("Calibration", address.CALIBRATION, help=HELP["calibration"])
    key = MapKey("dependency", int(parents), fit == "refit")
    student = cache.network(root, found.student, place.here().choice)
    return Trial(root, found, student, key, calibration, colours)


def choose_gamma(trial: Trial) -> float:
    """Where the slider stands; it starts at what was chosen on fit images, for every map anew."""
    chosen, _, _ = unseen.calibration_of(trial.experiment, trial.key, trial.calibration)
    low, high = unseen.thresholds(trial.experiment)
    start = round(min(max(chosen, low), high), 2)
    of = (trial.experiment.folder, trial.key, trial.calibration)
    before = address.GAMMA_OF.get()
    if before not in (None, of):
        address.GAMMA.set(start)
    # Later the address may name what another map had, which is let go of above.
    fine = choices.number_in(low, high) if before is None else choices.is_number
    address.GAMMA_OF.set(of)
    gamma = st.slider(
        "Calibration constant γ, taken off the seen logits", low, high, start, 0.01,
        format="%.2f", help=HELP["gamma"],
        **choices.tie(address.GAMMA, start, fine, instead=f"{start:g}"),
    )  # fmt: skip
    # The slider has two digits; unmoved it stands for the exact constant.
    return chosen if gamma == start else gamma


@st.fragment
def balance(trial: Trial) -> None:
    """Everything that moves with gamma."""
    result = unseen.outcome_of(trial.experiment, trial.key, trial.calibration)
    opening = st.container()
    gamma = choose_gamma(trial)
    (now,) = seen_unseen_curve.figures(result, [gamma])
    stored = unseen.metric(trial.experiment, trial.key, trial.calibration)
    with opening:
        headline.sentence(trial, now)
    headline.cards(trial, now, gamma)
    with st.grid(2, min_column_width=430, gap=("medium", "large")) as grid:
        with grid.cell():
            layout.section("Seen against unseen", HELP["curve"])
            maps = {
                "these equations": trial.key,
                "dense ridge": RIDGE,
                "the student's own head": CEILING,
            }
            curves = {
                name: seen_unseen_curve.curve(
                    unseen.outcome_of(trial.experiment, key, trial.calibration)
                )
                for name, key in maps.items()
                if unseen.has(trial.experiment, key)
            }
            figure = unseen_figures.seen_unseen_plot(
                curves,
                (float(now["U"]), float(now["S"])),
                (float(stored["U"]), float(stored["S"])),
                colours,
            )
            chart(figure, "curve", "S against U over all gammas", category.caption(trial))
            best = curves["these equations"].H.max()
            st.caption(
                f"γ was chosen on {count(trial.experiment.info['n_fit'])} fit images without labels. The "
                f"best H with hindsight is {percent(float(best))}."
            )
        with grid.cell():
            cost(trial)


def cost(trial: Trial) -> None:
    """What sparsity costs."""
    layout.section("What sparsity costs", HELP["cost"])
    measure = choices.choice("Figure of merit", address.MERIT)
    column = unseen.MEASURES[measure]
    rows = unseen.sparsity(trial.experiment, trial.calibration, column)
    maps = {"dense ridge": RIDGE, "own head": CEILING, "chance": CHANCE}
    references = {
        name: float(unseen.metric(trial.experiment, key, trial.calibration)[column])
        for name, key in maps.items()
        if unseen.has(trial.experiment, key)
    }
    figure = unseen_figures.cost_plot(rows, references, trial.key.n_parents, measure, colours)
    chart(figure, "cost", f"{measure} against the number of parents", category.caption(trial))
    info = trial.experiment.info
    needed = ", ".join(
        f"{part} % at {'more than were tried' if pd.isna(found) else int(found)}"
        for part in (50, 80, 95)
        for found in [info[f"parents_for_{part}"]]
    )
    st.caption(
        f"What refit equations reach of the dense map's unseen-only accuracy, by parents: {needed}."
    )


def claims(trial: Trial) -> None:
    """Where hopes hold and where they do not."""
    layout.section("Does it hold?", HELP["claims"])
    for hope, holds, text in unseen_verdicts.verdicts(
        trial.experiment, trial.key, trial.calibration
    ):
        verdict.say(holds, text, hope)


def table(trial: Trial) -> None:
    """Every map and calibration, with intervals."""
    layout.section("All figures", HELP["all_figures"])
    rows = trial.experiment.metrics
    shown = rows.assign(coefficients=rows["refit"].map({True: "refit", False: "lasso"}).fillna(""))
    for name in unseen.MEASURES.values():
        shown[f"{name}_interval"] = [
            headline.with_interval(name, value, low, high)
            for value, low, high in zip(
                rows[name], rows[f"{name}_low"], rows[f"{name}_high"], strict=True
            )
        ]
    columns: Columns = {
        "method": "Map",
        "n_parents": st.column_config.NumberColumn("Parents", format="%d"),
        "coefficients": "Coefficients",
        "calibration": "Calibration",
        "gamma": st.column_config.NumberColumn("γ", format="%.2f"),
        **{f"{column}_interval": title for title, column in unseen.MEASURES.items()},
    }
    st.dataframe(
        shown[list(columns)], hide_index=True, column_config=columns, height=330, placeholder="–",
        alt="Figures of every map and calibration",
    )  # fmt: skip
    downloads(unseen.in_percent(rows), "unseen-metrics", "unseen_metrics")


def covered(trial: Trial) -> int:
    """How many unseen categories have held-out images."""
    return int((unseen.rows_of(trial.experiment.ranking, trial.key)["n_images"] > 0).sum())


def draw() -> None:
    """One experiment."""
    trial = choose()
    info = trial.experiment.info
    st.caption(
        f"{plain(info['student'])} keeps {count(info['n_seen'])} categories and scores "
        f"{count(info['n_unseen'])} others through equations fitted to the logits of "
        f"{plain(info['teacher'])} on {count(info['n_fit'])} unlabelled images. Judged on "
        f"{count(info['n_holdout'])} other images, of which {count(info['n_holdout_unseen'])} show "
        f"{count(covered(trial))} of the unseen categories; no image shows the others "
        f"({plain(unseen.drawn(info))})."
    )
    balance(trial)
    claims(trial)
    category.draw(trial)
    table(trial)


layout.page_header(
    f"{len(known)} {'experiment' if len(known) == 1 else 'experiments'}",
    "Unseen categories",
    "A student scores categories it never learned, as sums of those it did.",
)
if known:
    draw()
else:
    layout.empty_state(
        "No experiment in this atlas yet",
        "Make one with `python -m precompute unseen STUDENT TEACHER --categories random:100`.",
    )
