"""Whether few parents are enough: how many reach a share of what the dense map explains."""

import numpy as np
import pandas as pd

from precompute.claims import bootstrap
from precompute.claims.trial import Trial, too_few

SHARE = 0.9  # of the dense map's held-out R²
WORTH = 0.1  # R² of the dense map, below which there is too little to reach a share of
FEW, MANY = 16, 64  # parents, and never more than a tenth and a quarter of the categories


def thresholds(n_categories: int) -> tuple[int, int]:
    """How many parents are few, and how many are many, in a network of so many categories."""
    return min(FEW, n_categories // 10), min(MANY, n_categories // 4)


def parents_needed(evaluation: pd.DataFrame, column: str = "r2_refit") -> pd.DataFrame:
    """Of every target whose dense map explains WORTH at least: `needed`, the fewest parents with which
    `column` reaches SHARE of the dense map's R², infinite where its path ends before; and `cap`, the
    parents at its end. `evaluation` has all rows of all targets."""
    rows = evaluation[evaluation["dense_r2"] >= WORTH]
    reached = rows[rows[column] >= SHARE * rows["dense_r2"]].groupby("target")["n_parents"].min()
    cap = rows.groupby("target")["n_parents"].max()
    return pd.DataFrame({"needed": reached.reindex(cap.index).fillna(np.inf), "cap": cap})


def trial(evaluation: pd.DataFrame, n_categories: int, n_images: int, max_parents: int) -> Trial:
    """`evaluation` has all rows of a network; its paths end at `max_parents`."""
    found = parents_needed(evaluation)
    few, many = thresholds(n_categories)
    lacking = too_few(n_images, len(found))
    if lacking:
        tail = f" Only categories of which a dense map explains {WORTH:.0%} at least count."
        return Trial(untestable=lacking + tail, n_images=n_images, n_categories=len(found))
    if max_parents < many:
        return Trial(
            untestable=f"Paths end at {max_parents} parents; to tell, they have to reach {many}: run "
            f"with --max-parents {many}.",
            n_images=n_images, n_categories=len(found),
        )  # fmt: skip
    beyond = max_parents + 1  # stands for all that is more
    needed = np.minimum(found["needed"].to_numpy(), beyond)
    low, high = bootstrap.over_categories(len(needed), lambda rows: float(np.median(needed[rows])))
    stopped = found["needed"].eq(np.inf).mean()
    return Trial(
        float(np.median(needed)), low, high, few, many, n_images, len(found),
        _beside(evaluation, beyond), higher_is_better=False, ends=(0.0, float(beyond)),
        remark=f"{stopped:.0%} of the categories do not get there with {max_parents} parents"
        f"{_stopped(evaluation)}; they count as {beyond}.",
    )  # fmt: skip


def _stopped(evaluation: pd.DataFrame) -> str:
    part = evaluation.groupby("target")["stopped"].any().mean()
    return f", where {part:.0%} of all paths stop with the error still falling" if part else ""


def _beside(evaluation: pd.DataFrame, beyond: int) -> dict[str, float]:
    columns = {
        "r2": "lasso coefficients",
        "correlated_r2": "the most correlated parents",
        "random_r2": "random parents",
    }
    return {
        name: float(np.median(np.minimum(parents_needed(evaluation, column)["needed"], beyond)))
        for column, name in columns.items()
    }
