"""One unseen category: its equation in seen ones, and how well the score finds its images."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from explorer.answers import unseen
from explorer.answers.unseen import Experiment
from explorer.figures import unseen as unseen_figures
from explorer.session import address, cache, choices, place
from explorer.tables.network import Network
from explorer.theme import Palette
from explorer.widgets import layout, thumbnails
from explorer.widgets.charts import chart
from explorer.widgets.downloads import downloads
from explorer.widgets.tables import Columns, leading_table
from explorer.widgets.thumbnails import Tile
from explorer.words.formatting import count, number, plain
from explorer.words.help import HELP
from explorer.words.markup import equation_html
from precompute.unseen.map_key import CEILING, RIDGE, MapKey

TOP = 12


@dataclass(frozen=True)
class Trial:
    """What the reader has chosen of an experiment."""

    root: Path
    experiment: Experiment
    student: Network
    key: MapKey
    calibration: str
    colours: Palette


@dataclass(frozen=True)
class HeldOutImages:
    """The images that judge an experiment, in the student's logits."""

    image_ids: np.ndarray
    logits: np.ndarray
    shows: np.ndarray  # (N,) bool: images of the category


def draw(trial: Trial) -> None:
    """Choose a category, and look at it."""
    layout.section("One unseen category", HELP["unseen_category"])
    known = trial.experiment.unseen
    name = choose(trial)
    at = known["name"].tolist().index(name)
    category = int(known["teacher_category"].iat[at])
    terms = unseen.equation(trial.experiment, trial.key, category)
    with st.container(border=True):
        student_names = trial.student.categories["name"].to_numpy()
        named = terms.assign(source_name=student_names[terms["source"]])
        st.html(equation_html(name, named, None, trial.experiment.student, trial.colours))
    images = held_out(trial, category)
    _, scale, offset = unseen.calibration_of(trial.experiment, trial.key, trial.calibration)
    score = unseen.raw_score(trial.experiment, trial.key, category, images.logits)
    score = score * scale[at] + offset[at]
    figures_row(trial, category)
    if images.shows.any():
        curves(trial, category, images)
    best = highest(trial, images, score)
    ranked(trial, name, images, best)
    layout.lazy_tabs(
        address.UNSEEN_TABLE,
        {
            "The pictures as a table": lambda: ranked_table(name, best),
            "The equation as a table": lambda: equation_table(name, named),
            "All unseen categories": lambda: all_table(trial),
        },
    )


def choose(trial: Trial) -> str:
    """Name of the category; at first the one with the most held-out images."""
    names = trial.experiment.unseen["name"].tolist()
    found = unseen.rows_of(trial.experiment.ranking, trial.key).set_index("category")["n_images"]
    order = trial.experiment.unseen["teacher_category"].astype(int)
    first = names[int(np.argmax(found.reindex(order).fillna(0)))]
    return choices.one_of("Unseen category", address.UNSEEN, names, first, width=360)


def held_out(trial: Trial, category: int) -> HeldOutImages:
    """The images that judged the experiment, in the order of predictions.parquet."""
    rows = unseen.rows_of(trial.experiment.predictions, trial.key, trial.calibration)
    known = cache.holdout(trial.root, trial.experiment.student)
    at = pd.Index(known.image_ids).get_indexer(rows["image_id"])
    shows = (rows["unseen"] & (rows["true_category"] == category)).to_numpy(bool)
    return HeldOutImages(rows["image_id"].to_numpy(), known.logits[at], shows)


def figures_row(trial: Trial, category: int) -> None:
    """How well the score alone tells the category's images from all others."""
    rows = unseen.rows_of(trial.experiment.ranking, trial.key)
    row = rows[rows["category"] == category].iloc[0]
    layout.metric_row([
        ("Held-out images", str(int(row["n_images"])), HELP["n_images"]),
        ("AUROC", number(row["auroc"], 3), HELP["auroc"]),
        ("Average precision", number(row["average_precision"]), HELP["average_precision"]),
        ("R² with the teacher", number(row["r2"]), HELP["teacher_r2"]),
    ])  # fmt: skip


def curves(trial: Trial, category: int, images: HeldOutImages) -> None:
    """ROC and precision-recall of the score beside ridge and ceiling."""
    # scikit-learn takes most of a second to load, so only this page pays for it.
    from sklearn.metrics import precision_recall_curve, roc_curve

    roc, precision = [], []
    maps = {"these equations": trial.key, "dense ridge": RIDGE, "the student's own head": CEILING}
    for name, key in maps.items():
        if not unseen.has(trial.experiment, key):
            continue
        score = unseen.raw_score(trial.experiment, key, category, images.logits)
        if score is not None:
            x, y, _ = roc_curve(images.shows, score)
            roc.append((name, x, y))
            y, x, _ = precision_recall_curve(images.shows, score)
            # From the first image on; scikit-learn adds a point without any.
            x, y = x[-2::-1], y[-2::-1]
            precision.append((name, np.r_[0, x], np.r_[y[0], y]))
    grid = st.grid(2, min_column_width=430, gap=("medium", "large"))
    for lines, titles, diagonal in (
        (roc, ("false positive rate", "recall"), True),
        (precision, ("recall", "precision"), False),
    ):
        with grid.cell():
            title = "ROC" if diagonal else "Precision and recall"
            layout.section(title, HELP["roc"] if diagonal else HELP["precision"])
            chart(
                unseen_figures.detection_plot(lines, *titles, diagonal, trial.colours),
                f"detect-{title}",
                f"{title} of the score",
                caption(trial),
            )


def caption(trial: Trial) -> tuple[str, str]:
    """Below a plot: which experiment and map, and on how many images."""
    info, fit = trial.experiment.info, "refit" if trial.key.refit else "lasso"
    return (
        f"{unseen.title(info)}; at most {trial.key.n_parents} parents, {fit}, calibration: "
        f"{trial.calibration}.",
        f"Judged on {count(info['n_holdout'])} held-out images, {count(info['n_holdout_unseen'])} of "
        "unseen categories.",
    )


def highest(trial: Trial, images: HeldOutImages, score: np.ndarray) -> pd.DataFrame:
    """The held-out images that the score ranks highest: image, right, score, true (what it shows)."""
    best = np.argsort(-score, kind="stable")[:TOP]
    ids = images.image_ids[best]
    return pd.DataFrame(
        {
            "image": ids,
            "right": images.shows[best],
            "score": score[best],
            "true": true_names(trial, ids),
        }
    )


def ranked(trial: Trial, name: str, images: HeldOutImages, best: pd.DataFrame) -> None:
    """Their pictures, where the files are on this machine."""
    layout.section("Ranked highest", HELP["ranked"])
    right = int(best["right"].sum())
    st.caption(
        f"{right} of the first {len(best)} show {plain(name)}; it has {int(images.shows.sum())}."
    )
    folder = place.here().images
    thumbnails.gallery(trial.root, folder, [_tile(trial, row) for row in best.itertuples()])


def ranked_table(name: str, best: pd.DataFrame) -> None:
    """The same in words and numbers."""
    columns: Columns = {
        "true": "Shows",
        "right": "Right",
        "score": st.column_config.NumberColumn("Score", format="%.2f"),
        "image": "Image",
    }
    shown = best.assign(right=best["right"].map({True: "✓", False: "✗"}))
    st.dataframe(
        shown[list(columns)], hide_index=True, column_config=columns,
        alt=f"Images that the score of {name} ranks highest",
    )  # fmt: skip
    downloads(best, f"unseen-{name}-ranked", "ranked")


def equation_table(name: str, named: pd.DataFrame) -> None:
    """Every term of the equation."""
    columns: Columns = {
        "source_name": "Seen category",
        "coefficient": st.column_config.NumberColumn("Coefficient", format="%.4f"),
    }
    st.dataframe(
        named[list(columns)], hide_index=True, column_config=columns, alt=f"Equation of {name}"
    )
    downloads(named, f"unseen-{name}", "unseen_equation")


def all_table(trial: Trial) -> None:
    """Every unseen category under this map, best first."""
    rows = unseen.ranked(trial.experiment, trial.key)
    middle = rows[rows["n_images"] > 0].median(numeric_only=True)
    st.caption(
        f"Median over the categories with held-out images: AUROC {number(middle['auroc'], 3)}, average "
        f"precision {number(middle['average_precision'])}.",
        help=HELP["all_unseen"],
    )
    columns: Columns = {
        "name": "Unseen category",
        "n_images": st.column_config.NumberColumn("Held-out images", help=HELP["n_images"]),
        "auroc": st.column_config.NumberColumn("AUROC", format="%.3f", help=HELP["auroc"]),
        "average_precision": st.column_config.NumberColumn(
            "Average precision", format="%.2f", help=HELP["average_precision"]
        ),
        "r2": st.column_config.NumberColumn(
            "R² with the teacher", format="%.2f", help=HELP["teacher_r2"]
        ),
    }
    leading_table(
        rows, "all_unseen", rows["name"].tolist(), columns=columns, height=390,
        alt="Every unseen category", choose=address.UNSEEN.set,
    )  # fmt: skip
    downloads(rows, f"unseen-{trial.key.n_parents}-ranking", "all_unseen_files")


def _tile(trial: Trial, row) -> Tile:
    colour = trial.colours.accent if row.right else trial.colours.faint
    mark = "✓ right" if row.right else "✗ another category"
    return Tile(row.image, row.true, (f"score {number(row.score)}", mark), colour)


def true_names(trial: Trial, image_ids: np.ndarray) -> list[str]:
    """What each image shows, by the name of its category."""
    rows = unseen.rows_of(trial.experiment.predictions, trial.key, trial.calibration)
    rows = rows.set_index("image_id").loc[image_ids]
    unseen_names = trial.experiment.unseen.set_index("teacher_category")["name"]
    return [
        unseen_names[row.true_category] if row.unseen else trial.student.name_of(row.true_category)
        for row in rows.itertuples()
    ]
