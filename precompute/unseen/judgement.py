"""Held-out judgement of unseen scores: predictions, ranking and metrics. Nothing is chosen here."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from precompute.unseen.calibration import Calibration
from precompute.unseen.held_out import HeldOut
from precompute.unseen.map_key import CATEGORY, CHANCE, NONE, STACKING, MapKey
from precompute.unseen.partition import Partition
from precompute.unseen.seen_unseen_curve import (
    METRICS,
    Outcome,
    draws,
    outcome,
    ranking,
    with_intervals,
)


def judge(
    held: HeldOut,
    scores: Mapping[MapKey, np.ndarray],
    chosen: Mapping[MapKey, Sequence[Calibration]],
    partition: Partition,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """predictions.parquet, ranking.parquet and metrics.parquet."""
    predictions, rankings, metrics = [], [], [_chance(partition)]
    drawn = draws(held.true_unseen >= 0, seed)
    for key, raw in scores.items():
        rankings.append(_ranking(held, raw).assign(**key._asdict(), category=partition.unseen))
        of_kind = {calibration.kind: calibration for calibration in chosen[key]}
        for kind in (STACKING, CATEGORY):
            if kind not in of_kind:
                continue
            scaled = raw * of_kind[kind].scale + of_kind[kind].offset
            result = outcome(held.seen, scaled, held.true_seen, held.true_unseen)
            table = _predictions(held, result, partition)
            predictions.append(table.assign(**key._asdict(), calibration=kind))
            kinds = (NONE, STACKING) if kind == STACKING else (CATEGORY,)
            gammas = [of_kind[each].gamma for each in kinds]
            rows = with_intervals(result, gammas, drawn)
            metrics += [
                key._asdict() | {"calibration": each, "gamma": gamma} | row
                for each, gamma, row in zip(kinds, gammas, rows, strict=True)
            ]
    return (
        pd.concat(predictions, ignore_index=True),
        pd.concat(rankings, ignore_index=True),
        pd.DataFrame(metrics),
    )


def parents_needed(metrics: pd.DataFrame, part: float) -> int | None:
    """Fewest parents (refit, calibrated by category) with `part` of the ridge map's unseen-only
    accuracy, among the levels tried; None where even the whole path does not get there."""
    rows = metrics[metrics["calibration"] == CATEGORY]
    ridge = rows.loc[rows["method"] == "ridge", "unseen_top1"].item()
    sparse = rows[(rows["method"] == "dependency") & (rows["refit"] == True)]  # noqa: E712
    enough = sparse.loc[sparse["unseen_top1"] >= part * ridge, "n_parents"]
    return int(enough.min()) if len(enough) else None


def summary(metrics: pd.DataFrame) -> str:
    """One line: H at every number of parents (refit, calibrated by category), and what it is up to."""
    sparse = metrics.query("method == 'dependency' and refit and calibration == 'category'")
    parts = [f"{n:.0f}: {h:.3f}" for n, h in zip(sparse["n_parents"], sparse["H"], strict=True)]
    text = f"H by number of parents: {', '.join(parts)}"
    for method, kind, name in (
        ("ridge", CATEGORY, "all seen logits"),
        ("ceiling", STACKING, "own head"),
    ):
        rows = metrics[(metrics["method"] == method) & (metrics["calibration"] == kind)]
        text += "".join(f"; {name}: {h:.3f}" for h in rows["H"])
    return text


def _chance(partition: Partition) -> dict:
    """Guessing evenly: among all categories for U, S and H, among the unseen ones for unseen-only; the
    curve is the line that joins guessing among the seen with guessing among the unseen."""
    n_seen, n_unseen = len(partition.seen), len(partition.unseen)
    even = 1 / (n_seen + n_unseen)
    guess = (even, even, even, 0.5 / n_seen / n_unseen, 1 / n_unseen, min(1, 5 / n_unseen))
    return CHANCE._asdict() | {
        "calibration": NONE,
        "gamma": 0.0,
        **dict(zip(METRICS, guess, strict=True)),
    }


def _ranking(held: HeldOut, raw: np.ndarray) -> pd.DataFrame:
    auroc, precision = ranking(raw, held.true_unseen)
    variance = held.teacher.var(axis=0)
    error = ((held.teacher - raw) ** 2).mean(axis=0)
    known = held.true_unseen[held.true_unseen >= 0]
    return pd.DataFrame(
        {
            "n_images": np.bincount(known, minlength=raw.shape[1]),
            "auroc": auroc,
            "average_precision": precision,
            "r2": 1 - error / np.where(variance > 0, variance, 1.0),
        }
    )


def _predictions(held: HeldOut, result: Outcome, partition: Partition) -> pd.DataFrame:
    unseen = result.unseen
    true = np.where(unseen, partition.unseen[result.true_unseen], partition.seen[result.true_seen])
    return pd.DataFrame(
        {
            "image_id": held.image_ids,
            "unseen": unseen,
            "true_category": true,
            "seen_category": partition.seen[result.seen_category],
            "seen_logit": result.seen_logit,
            "unseen_category": partition.unseen[result.unseen_category],
            "unseen_score": result.unseen_score,
            "rank": pd.Series(result.rank, dtype="Int32").mask(~unseen),
        }
    )
