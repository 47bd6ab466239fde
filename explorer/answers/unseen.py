"""Experiments on unseen categories: pure functions over the tables of `contract.schema_unseen`.

A map turns the student's seen logits into scores of unseen categories. It is known by its method, and
for sparse equations by their largest number of parents and the kind of coefficients. U, S and H follow
from `precompute.unseen.seen_unseen_curve`, the code that made the tables, so that the pages show the
same figures.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from precompute.unseen.map_key import CEILING, CHANCE, NONE, RIDGE, STACKING, MapKey
from precompute.unseen.seen_unseen_curve import Outcome

DRAWN = "random:"  # begins what a random draw of categories is called in experiment.parquet
AREA = "AUSUC"  # the one figure of merit that is no share of images
MEASURES = {
    "H": "H",
    "U": "U",
    "S": "S",
    AREA: "ausuc",
    "unseen-only top-1": "unseen_top1",
    "unseen-only top-5": "unseen_top5",
}


def title(info: dict) -> str:
    """An experiment in words, from its row of experiment.parquet."""
    return f"{info['student']} ← {info['teacher']} · {drawn(info)}"


def drawn(info: dict) -> str:
    """Which categories are unseen, in words."""
    return f"{Path(info['categories']).name}, seed {info['seed']}"


@dataclass(frozen=True)
class Experiment:
    """The tables of one student and one teacher."""

    folder: str
    info: dict  # the row of experiment.parquet
    categories: pd.DataFrame
    dependencies: pd.DataFrame
    ridge: pd.DataFrame
    calibration: pd.DataFrame
    predictions: pd.DataFrame
    ranking: pd.DataFrame
    metrics: pd.DataFrame

    @property
    def student(self) -> str:
        return self.info["student"]

    @property
    def teacher(self) -> str:
        return self.info["teacher"]

    @property
    def levels(self) -> list[int]:
        """Numbers of parents that were tried."""
        return sorted(self.dependencies["n_parents"].unique().tolist())

    @property
    def seen(self) -> np.ndarray:
        """The student's index of each seen category."""
        return self._side(True)["student_category"].to_numpy(int)

    @property
    def unseen(self) -> pd.DataFrame:
        """The unseen categories: name, synset, student_category (null if it lacks it), and
        teacher_category, by which the other tables know them."""
        return self._side(False)

    def _side(self, seen: bool) -> pd.DataFrame:
        return self.categories[self.categories["seen"] == seen].reset_index(drop=True)


def rows_of(table: pd.DataFrame, key: MapKey, calibration: str | None = None) -> pd.DataFrame:
    """The rows of one map, and of one kind of calibration if given."""
    keep = table["method"] == key.method
    if key.n_parents is not None:
        keep &= (table["n_parents"] == key.n_parents) & (table["refit"] == key.refit)
    if calibration is not None:
        keep &= table["calibration"] == calibration
    return table[keep]


def calibrated(key: MapKey, calibration: str) -> str:
    """The kind of calibration that a map has: the ceiling knows stacking only."""
    return STACKING if key == CEILING else calibration


def outcome_of(experiment: Experiment, key: MapKey, calibration: str) -> Outcome:
    """The held-out images under one map, ready for `seen_unseen_curve.curve` and `figures`."""
    rows = rows_of(experiment.predictions, key, calibrated(key, calibration))
    unseen, true = rows["unseen"].to_numpy(bool), rows["true_category"].to_numpy()
    return Outcome(
        rows["seen_category"].to_numpy(),
        rows["seen_logit"].to_numpy(),
        rows["unseen_category"].to_numpy(),
        rows["unseen_score"].to_numpy(),
        np.where(unseen, -1, true),
        np.where(unseen, true, -1),
        np.where(unseen, rows["rank"].fillna(-1), -1).astype(int),
    )


def thresholds(experiment: Experiment) -> tuple[float, float]:
    """Smallest and largest gamma at which any image of any map changes sides, rounded outwards and
    with 0 inside, so that the slider of every map has the same ends."""
    found = experiment.predictions["seen_logit"] - experiment.predictions["unseen_score"]
    return float(min(0, np.floor(found.min()))), float(np.floor(found.max()) + 1)


def has(experiment: Experiment, key: MapKey) -> bool:
    """Whether the experiment has this map."""
    return len(rows_of(experiment.metrics, key)) > 0


def metric(experiment: Experiment, key: MapKey, calibration: str) -> pd.Series:
    """The row of metrics.parquet."""
    kind = NONE if key == CHANCE else calibrated(key, calibration)
    return rows_of(experiment.metrics, key, kind).iloc[0]


def in_percent(metrics: pd.DataFrame) -> pd.DataFrame:
    """metrics.parquet with every share of images in percent, and its heading saying so; the area stays."""
    shares = [name for name in MEASURES.values() if name != MEASURES[AREA]]
    columns = [f"{name}{end}" for name in shares for end in ("", "_low", "_high")]
    return metrics.assign(**{name: 100 * metrics[name] for name in columns}).rename(
        columns={name: f"{name}_percent" for name in columns}
    )


def equation(experiment: Experiment, key: MapKey, category: int) -> pd.DataFrame:
    """The equation of an unseen category (teacher's index) in seen ones (student's index): target,
    source, coefficient, largest first. The ceiling has none; ridge uses every seen category."""
    if key == RIDGE:
        row = experiment.ridge[experiment.ridge["target"] == category].iloc[0]
        source, weights = experiment.seen, np.asarray(row["weights"], dtype=float)
    else:
        table = experiment.dependencies
        rows = table[(table["target"] == category) & (table["n_parents"] == key.n_parents)]
        source = rows["source"].to_numpy(int)
        weights = rows["refit" if key.refit else "coefficient"].to_numpy(float)
    found = pd.DataFrame({"target": category, "source": source, "coefficient": weights})
    return found.sort_values("coefficient", key=np.abs, ascending=False, ignore_index=True)


def calibration_of(
    experiment: Experiment, key: MapKey, calibration: str
) -> tuple[float, np.ndarray, np.ndarray]:
    """Gamma, and scale and offset of each unseen category in the order of `Experiment.unseen`."""
    row = rows_of(experiment.calibration, key, calibrated(key, calibration)).iloc[0]
    return float(row["gamma"]), np.asarray(row["scale"], float), np.asarray(row["offset"], float)


def raw_score(
    experiment: Experiment, key: MapKey, category: int, logits: np.ndarray
) -> np.ndarray | None:
    """An unseen category's score on images with the student's logits (N, n); None where the map has
    none for it."""
    if key == CEILING:
        own = experiment.unseen.set_index("teacher_category").at[category, "student_category"]
        return None if pd.isna(own) else logits[:, int(own)].astype(np.float64)
    terms = equation(experiment, key, category)
    return logits[:, terms["source"]].astype(np.float64) @ terms["coefficient"].to_numpy()


def all_scores(
    experiment: Experiment, key: MapKey, calibration: str, logits: np.ndarray
) -> np.ndarray:
    """Calibrated scores (n_unseen,) of every unseen category on one picture with logits (n,), in the
    order of `Experiment.unseen`; sparse maps only."""
    _, scale, offset = calibration_of(experiment, key, calibration)
    table = experiment.dependencies
    rows = table[table["n_parents"] == key.n_parents]
    order = pd.Index(experiment.unseen["teacher_category"].astype(int))
    weights = rows["refit" if key.refit else "coefficient"].to_numpy(float)
    terms = weights * logits.astype(float)[rows["source"].to_numpy(int)]
    raw = np.bincount(order.get_indexer(rows["target"]), weights=terms, minlength=len(order))
    return raw * scale + offset


def competition(
    experiment: Experiment, key: MapKey, calibration: str, logits: np.ndarray, names: np.ndarray
) -> pd.DataFrame:
    """Seen and unseen categories in one ranking of a picture: category, kind, score (a seen category's
    logit minus gamma), best first. `names` are the student's."""
    gamma, _, _ = calibration_of(experiment, key, calibration)
    seen, unseen = experiment.seen, experiment.unseen
    parts = [
        pd.DataFrame(
            {"category": names[seen], "kind": "seen", "score": logits[seen].astype(float) - gamma}
        ),
        pd.DataFrame(
            {
                "category": unseen["name"],
                "kind": "unseen",
                "score": all_scores(experiment, key, calibration, logits),
            }
        ),
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values("score", ascending=False, ignore_index=True, kind="stable")


def ranked(experiment: Experiment, key: MapKey) -> pd.DataFrame:
    """One row per unseen category under one map, best first: name, n_images, auroc, average_precision,
    r2; those without held-out images last."""
    names = experiment.unseen.set_index("teacher_category")["name"]
    rows = rows_of(experiment.ranking, key)
    table = rows.assign(name=rows["category"].map(names))
    table = table.sort_values("average_precision", ascending=False, ignore_index=True)
    return table[["name", "n_images", "auroc", "average_precision", "r2"]]


def sparsity(experiment: Experiment, calibration: str, measure: str) -> pd.DataFrame:
    """What sparsity costs: n_parents, refit, value, low, high of a column of metrics.parquet."""
    table = experiment.metrics
    rows = table[(table["method"] == "dependency") & (table["calibration"] == calibration)]
    return pd.DataFrame(
        {
            "n_parents": rows["n_parents"].astype(int),
            "refit": rows["refit"].astype(bool),
            "value": rows[measure],
            "low": rows[f"{measure}_low"],
            "high": rows[f"{measure}_high"],
        }
    ).sort_values(["refit", "n_parents"], ignore_index=True)
