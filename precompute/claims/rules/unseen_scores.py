"""Whether a network can score what it never learned: H of its equations beside guessing and a dense map."""

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from precompute.atlas.schema import READABLE
from precompute.claims.trial import LEAST_IMAGES, Trial

WANTED, LITTLE = 0.5, 0.25  # H, harmonic mean of the accuracies on unseen and on seen categories
PARENTS = READABLE  # at most
CALIBRATION = "category"


def trial(draws: list[tuple[int, pd.DataFrame]]) -> Trial:
    """The experiments of one student and teacher, each with its number of held-out images of unseen
    categories and its metrics.parquet."""
    rows = [(n_images, _equations(metrics), metrics) for n_images, metrics in draws]
    rows = [row for row in rows if row[1] is not None]
    if not rows:
        return Trial(untestable="No experiment has calibrated equations.")
    n_images = min(row[0] for row in rows)
    if n_images < LEAST_IMAGES:
        return Trial(
            untestable=f"{n_images} held-out images of unseen categories; at least {LEAST_IMAGES} are "
            "asked for.",
            n_images=n_images,
        )  # fmt: skip
    found = pd.DataFrame([row[1] for row in rows])
    value, below, above = (
        float(x.mean())
        for x in (found["H"], found["H"] - found["H_low"], found["H_high"] - found["H"])
    )
    draw = _draw_error(found["H"].to_numpy(float))
    beside = pd.DataFrame([_beside(metrics) for _, _, metrics in rows]).mean()
    chance = float(beside.get("guessing", 0.0))
    return Trial(
        value, value - np.hypot(below, draw), value + np.hypot(above, draw),
        max(WANTED, 2 * chance), max(LITTLE, chance), n_images,
        yardsticks={name: float(x) for name, x in beside.dropna().items()},
        ends=(0.0, 1.0), remark=_remark(len(rows), int(found["n_parents"].iat[0])),
    )  # fmt: skip


def _equations(metrics: pd.DataFrame) -> pd.Series | None:
    """The refit, calibrated equations of at most PARENTS parents; the sparsest ones where all have more."""
    rows = metrics[
        (metrics["method"] == "dependency")
        & metrics["refit"].eq(True)
        & (metrics["calibration"] == CALIBRATION)
    ].sort_values("n_parents")
    if not len(rows):
        return None
    few = rows[rows["n_parents"] <= PARENTS]
    return (few.iloc[-1] if len(few) else rows.iloc[0]).copy()


def _beside(metrics: pd.DataFrame) -> dict[str, float]:
    names = {"chance": "guessing", "ridge": "dense map", "ceiling": "its own full head"}
    best = metrics[metrics["method"].isin(names)].groupby("method")["H"].max()
    found = {names[method]: float(h) for method, h in best.items()}
    raw = metrics[(metrics["method"] == "dependency") & (metrics["calibration"] == "none")]
    return found | ({"uncalibrated": float(raw["H"].max())} if len(raw) else {})


def _draw_error(values: np.ndarray) -> float:
    """Half a 95% interval of the mean over draws of categories (Student's t); 0 for a single draw."""
    n = len(values)
    return float(stdtrit(n - 1, 0.975) * values.std(ddof=1) / np.sqrt(n)) if n > 1 else 0.0


def _remark(n_draws: int, n_parents: int) -> str:
    said = f"At most {n_parents} parents, refit, calibrated on images without labels."
    if n_draws == 1:
        return f"{said} One draw of categories: the interval leaves out what another draw would change."
    return f"{said} Mean of {n_draws} draws of categories, whose spread is in the interval."
