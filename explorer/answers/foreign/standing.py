"""How scores stand beside each other: their kinds, and how far each is behind the dependency score."""

import numpy as np
import pandas as pd

from explorer.tables.foreign import ForeignSet
from precompute.ood import detection
from precompute.ood.scores import CONTROLS, DEPENDENCY, NAMES, PEERS

OWN, CONTROL, OTHER = "on trial", "control", "other"
KINDS = {DEPENDENCY: OWN} | dict.fromkeys(CONTROLS, CONTROL) | dict.fromkeys(PEERS, OTHER)
MEASURES = {"AUROC": "auroc", "AUPR": "aupr", "FPR at 95 %": "fpr95"}


def standing(found: ForeignSet) -> pd.DataFrame:
    """The rows of detection.parquet of a choice and of none, in the order of NAMES, with the `name` and the
    `kind` of each score. What is `ahead` is the dependency score of the choice, for every score."""
    rows = found.detection[found.detection["score"].isin(NAMES)].copy()
    if found.choice != detection.ORDINARY:
        rows = _ahead_of(rows, found)
    order = rows["score"].map({score: k for k, score in enumerate(NAMES)})
    rows = rows.iloc[np.argsort(order.to_numpy(), kind="stable")].reset_index(drop=True)
    return rows.assign(name=rows["score"].map(NAMES), kind=rows["score"].map(KINDS))


def _ahead_of(rows: pd.DataFrame, found: ForeignSet) -> pd.DataFrame:
    """The table compares scores without a choice with the readable dependency score: here with that of
    the reader's choice, on the same resamples."""
    columns = ["ahead", "ahead_low", "ahead_high"]
    rows = rows.astype(dict.fromkeys(columns, float))
    own, own_drawn = detection.resampled(*found.values(DEPENDENCY))
    for at in rows.index[rows["choice"] == ""]:
        other, drawn = detection.resampled(*found.values(rows.at[at, "score"]))
        low, high = detection.interval(own_drawn[:, 0] - drawn[:, 0])
        rows.loc[at, columns] = own[0] - other[0], low, high
    return rows


def best(rows: pd.DataFrame, kind: str, but: tuple[str, ...] = ()) -> str | None:
    """The score of a kind with the largest AUROC, the first of equals, of all `but` some; None without
    any."""
    rows = rows[(rows["kind"] == kind) & ~rows["score"].isin(but)]
    return None if rows.empty else str(rows["score"].iat[int(rows["auroc"].argmax())])


def threshold(held_out: np.ndarray) -> float:
    """The highest score that PASSING of the held-out images reach."""
    reached = int(np.ceil(detection.PASSING * len(held_out) * (1 - 1e-12)))
    return float(np.sort(held_out)[::-1][max(reached, 1) - 1])


def roc(held_out: np.ndarray, foreign: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of the foreign (T,) and of the held-out images (T,) that pass each threshold, rising."""
    at = np.unique(np.r_[held_out, foreign])[::-1]
    passing = [
        1 - np.searchsorted(np.sort(scores), at, "left") / len(scores)
        for scores in (foreign, held_out)
    ]
    return np.r_[0.0, passing[0]], np.r_[0.0, passing[1]]


def everywhere(detections: pd.DataFrame, choice: str) -> pd.DataFrame:
    """One row for each model and set of `detections` (rows of detection.parquet of one choice and of none,
    with `model` and `set`): AUROC of the dependency score, the best control by AUROC, its AUROC, the
    difference and its interval (null where the tables have it for another choice only)."""
    detections = detections.assign(kind=detections["score"].map(KINDS))
    rows = []
    for (model, name), part in detections.groupby(["model", "set"], sort=True):
        own, control = part[part["kind"] == OWN], best(part, CONTROL)
        if own.empty or control is None:
            continue
        auroc, beside = float(own["auroc"].iat[0]), part[part["score"] == control].iloc[0]
        same = (beside["choice"] or detection.ORDINARY) == choice
        ends = (beside["ahead_low"], beside["ahead_high"]) if same else (np.nan, np.nan)
        difference = auroc - beside["auroc"]
        rows.append((model, name, auroc, NAMES[control], beside["auroc"], difference, *ends))
    columns = ["model", "set", "auroc", "control", "control_auroc", "difference", "low", "high"]
    return pd.DataFrame(rows, columns=columns)
