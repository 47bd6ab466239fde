"""Whether more fit images would give better equations, by learning.parquet: in words."""

import pandas as pd

from explorer.words.formatting import count, number

RISES = 0.01  # R² that the last doubling of the images must add, or the curve is called flat


def sentence(model: str, learning: pd.DataFrame) -> str | None:
    """How R² rose with the fit images, and what follows; None where it is not known. `learning` are the
    rows of learning.parquet of one model."""
    rows = learning.dropna(subset="r2_refit").sort_values("n_fit")
    if len(rows) < 2:
        return None
    steps = ", ".join(
        f"{number(row.r2_refit)} with {count(row.n_fit)}" for row in rows.itertuples()
    )
    return f"{model}: R² {steps} fit images; {_follows(rows)}."


def _follows(rows: pd.DataFrame) -> str:
    gain = float(rows["r2_refit"].diff().iat[-1])
    if gain >= RISES:
        return f"the last doubling added {number(gain)}, so more images would help"
    return "the last doubling added next to nothing, so more images would hardly help"
