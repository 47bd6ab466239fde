"""Equations in the order in which they break on foreign images."""

import numpy as np
import pandas as pd

from explorer.words.formatting import count, number, percent

FRAGILE = 0.5  # rms residual on held-out images over that on fit images, below which a ratio needs caution


def ranked(broken: pd.DataFrame, categories: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """Rows of broken.parquet of the targets with an equation (`chosen` rows of evaluation.parquet), those
    first that break most, with their `name`, their held-out R² (refit) as `r2`, and a `caution` where
    the held-out residual is so small that the ratio may owe to it."""
    r2 = chosen.set_index("target")["r2_refit"]
    rows = broken[broken["target"].isin(r2.index)]
    rows = rows.assign(
        name=categories["name"].to_numpy()[rows["target"]],
        r2=rows["target"].map(r2),
        caution=np.where(rows["held_out"] < FRAGILE, "⚠", ""),
    )
    rows = rows.sort_values("ratio", ascending=False, ignore_index=True, kind="stable")
    return rows[["name", "held_out", "foreign", "ratio", "bias", "r2", "caution"]]


def said(rows: pd.DataFrame) -> str:
    """How many equations break, by how much, and to which side."""
    more, half = (rows["ratio"] > 1).mean(), (rows["ratio"] > 2).mean()
    too_much = (rows["bias"] < 0).mean()
    return (
        f"Of {count(len(rows))} equations {percent(more, 0)} hold less well on the foreign images than on "
        f"held-out ones, {percent(half, 0)} less than half as well (median ratio "
        f"{number(rows['ratio'].median())}); {percent(too_much, 0)} promise too large a logit on average."
    )
