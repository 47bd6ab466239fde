"""Networks that were cut from one, few dependencies at once beside many: do they come out differently?"""

import pandas as pd

from explorer.answers.cutting import dependencies
from explorer.answers.cutting.in_short import signed
from explorer.answers.cutting.seeds import after_less_control, means
from explorer.answers.cutting.whole import auroc_of, robustness
from explorer.tables.cut import CutTables
from explorer.words.formatting import count, percent


def beside_each_other(cuts: list[CutTables], names: pd.Series) -> pd.DataFrame:
    """One row for each network, that with the fewest pairs first: what was asked for, and what came out;
    `names` of the categories, in logit order."""
    rows = pd.DataFrame([_row(cut, dependencies.each(cut.pairs, names)) for cut in cuts])
    return rows.sort_values("n_pairs", kind="stable", ignore_index=True)


def _row(cut: CutTables, found: pd.DataFrame) -> dict:
    top1, gain = after_less_control(cut.sides, "top1_holdout"), robustness(cut)
    ends = {"gain": "gain", "gain_low": "low", "gain_high": "high"}
    mean = auroc_of(cut)
    return {
        "cut_model": cut.name,
        "pairs": cut.info["pairs"],
        "n_pairs": int(cut.info["n_pairs"]),
        "still_selected": means(cut.sides, "still_selected")["after"],
        "top1": top1.mean, "top1_low": top1.low, "top1_high": top1.high,
        "kept": means(cut.sides, "kept")["after"],
        "back": len(dependencies.returning(found)) / len(found),
        "back_control": len(dependencies.returning(found, "control")) / len(found),
        **{name: None if gain is None else float(gain[end]) for name, end in ends.items()},
        "over_before": mean["after"] - mean["before"] if mean else None,
    }  # fmt: skip


def said(rows: pd.DataFrame) -> str:
    """Whether the network that lost most differs from the one that lost fewest; of `beside_each_other`."""
    few, many = rows.iloc[0], rows.iloc[-1]
    n_few, n_many = (count(row["n_pairs"]) for row in (few, many))
    differ = "differ" if _apart(few, many) else "do not differ"
    return (
        f"{n_many} dependencies cut at once and {n_few} {differ} in AUROC, against the control, by more "
        f"than their intervals allow; in top-1 against the control, they are at {_points(few)} and "
        f"{_points(many)} points. Of the {n_few} and the {n_many}, "
        f"{_both(few, many, 'still_selected')} are still selected; {_both(few, many, 'back')} come back "
        f"through a third category (in the controls {_both(few, many, 'back_control')}). Of all others "
        f"{_both(few, many, 'kept')} are kept."
    )


def _apart(few: pd.Series, many: pd.Series) -> bool:
    """Intervals over images and seeds; those of top-1 know the seeds alone."""
    return bool(few["gain_low"] > many["gain_high"] or many["gain_low"] > few["gain_high"])


def _points(row: pd.Series) -> str:
    return signed(100 * row["top1"], 1)


def _both(few: pd.Series, many: pd.Series, column: str) -> str:
    return f"{percent(few[column], 0)} and {percent(many[column], 0)}"
