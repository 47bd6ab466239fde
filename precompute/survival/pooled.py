"""From the counts of survival.parquet to the curve that pages and claims show, with the verdict on each
point.

Recall kept is the share of a network's right answers that stand when a category's logit is replaced, pooled
over categories: right answers after over right answers before. Intervals are percentile bootstrap over
categories, each with all its images (Efron and Tibshirani 1993, section 13.3).
"""

from functools import lru_cache

import numpy as np
import pandas as pd

from precompute.survival.rule import honest, tolerated, verdict

N_DRAWS, SEED = 1000, 0
LEVEL = (0.025, 0.975)

POINT = ["weighting", "kind", "n_parents"]  # what tells one point of the curve from another
COLUMNS = [
    *POINT, "constant", "recall_kept", "low", "high", "fp_per_1000", "fp_low", "fp_high",
    "fp_before_per_1000", "fp_tolerated_per_1000", "recall_before", "n_categories", "n_images", "added",
    "holds",
]  # fmt: skip


def pooled(table: pd.DataFrame) -> pd.DataFrame:
    """The curve of one network, or of one category, from its rows of survival.parquet.

    One row for each weighting, kind, n_parents (null: dense) and `constant` (bool: whether it is added),
    with the columns COLUMNS: recall_kept with its interval low, high; fp_per_1000 (false positives per
    1,000 images of other categories) with fp_low, fp_high, beside those of the network as it is and those
    that the rule tolerates; `holds` is True, False, or None where it cannot be told
    (`precompute.survival.rule`).
    """
    rows = []
    for key, group in table.groupby(POINT, dropna=False, sort=False):
        for constant in (False, True):
            point = dict(zip(POINT, key, strict=True)) | {"constant": constant}
            rows.append(point | pool(group, constant))
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.astype({"holds": object, "n_parents": "Int64"})


def pool(group: pd.DataFrame, constant: bool) -> dict:
    """The figures of one point: rows of survival.parquet, one for each category."""
    after = "with_constant" if constant else "after"
    counts = group[[
        "hits_before", f"hits_{after}", "false_before", f"false_{after}", "n_others",
    ]].to_numpy(float)  # fmt: skip
    sums, n_images = counts.sum(axis=0), int(group["n_images"].sum())
    values, drawn = _figures(sums), _figures(_draws(len(counts)) @ counts)
    (low, high), (fp_low, fp_high), excess = (_interval(drawn[:, k]) for k in range(3))
    low, high = honest((low, high), float(values[0]), float(sums[0]))
    per_1000 = 1000 / max(sums[4], 1)
    return {
        "recall_kept": float(values[0]),
        "low": low,
        "high": high,
        "fp_per_1000": float(values[1]),
        "fp_low": fp_low,
        "fp_high": fp_high,
        "fp_before_per_1000": per_1000 * sums[2],
        "fp_tolerated_per_1000": per_1000 * tolerated(sums[2], sums[4]),
        "recall_before": sums[0] / n_images if n_images else np.nan,
        "n_categories": len(group),
        "n_images": n_images,
        "added": float(group["added"].iloc[0]) if constant else 0.0,
        "holds": verdict(n_images, (low, high), excess),
    }


def _figures(sums: np.ndarray) -> np.ndarray:
    """Recall kept, false positives per 1,000, and how many of them are more than is tolerated (..., 3), of
    sums over categories (..., 5) in the order of `pool`; nan where nothing tells."""
    before, after, false_before, false_after, others = np.moveaxis(sums, -1, 0)
    kept = np.divide(after, before, out=np.full_like(after, np.nan), where=before > 0)
    per_1000 = 1000 / np.where(others > 0, others, np.nan)
    excess = false_after - tolerated(false_before, others)
    return np.stack([kept, per_1000 * false_after, per_1000 * excess], axis=-1)


def _interval(drawn: np.ndarray) -> tuple[float, float]:
    """95% of the resamples' values, of those that have one."""
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, LEVEL)
    return float(low), float(high)


@lru_cache(maxsize=8)
def _draws(n_categories: int) -> np.ndarray:
    """How often each of N_DRAWS resamples draws each category (N_DRAWS, n_categories)."""
    rng = np.random.default_rng(SEED)
    equal = np.full(n_categories, 1 / n_categories)
    return rng.multinomial(n_categories, equal, size=N_DRAWS).astype(np.float64)
