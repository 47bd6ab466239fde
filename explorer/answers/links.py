"""Equations between two networks beside those inside each: pure functions over frames.

A category goes by its index in its own network; which one is the same in the other network says
`precompute.atlas.matching`, as it did when the link was made.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from precompute.atlas.matching import same_category

BETWEEN, IN_TARGET, IN_SOURCE = "between", "in_target", "in_source"
EQUATIONS = (BETWEEN, IN_TARGET, IN_SOURCE)
Pairs = tuple[np.ndarray, np.ndarray]


def counterpart(category: int, categories: pd.DataFrame, others: pd.DataFrame) -> int | None:
    """Index of the same category in another network, None if it has none."""
    (found,) = same_category(categories.iloc[[category]], others)
    return int(found) if found >= 0 else None


def agreement(
    between: pd.DataFrame,
    in_target: pd.DataFrame,
    in_source: pd.DataFrame,
    target_categories: pd.DataFrame,
    source_categories: pd.DataFrame,
) -> pd.DataFrame:
    """Every source of one category in any of three equations: source_name (the source network's, where
    it knows the category), target_name (the target network's, else null), one coefficient each in
    EQUATIONS (null where it takes no part), `n_equations` that have it, and `signs_agree`.

    Those between networks come first, largest first, then the others by their largest coefficient.
    """
    # A key is a row of the source network; behind those stand the categories that only the target has.
    own = np.arange(len(source_categories))
    keys = same_category(target_categories, source_categories)
    alone = np.flatnonzero(keys < 0)
    keys[alone] = len(own) + np.arange(len(alone))
    target_names = target_categories["name"].to_numpy(object)
    source_names = np.append(source_categories["name"].to_numpy(object), target_names[alone])
    names_in_target = np.full(len(source_names), None)
    names_in_target[keys] = target_names
    parts = zip(EQUATIONS, (between, in_target, in_source), (own, keys, own), strict=True)
    coefficients = {
        name: pd.Series(
            equation["coefficient"].to_numpy(float), key_of[equation["source"].to_numpy(int)]
        )
        for name, equation, key_of in parts
    }
    wide = pd.DataFrame(coefficients)
    wide.insert(0, "source_name", source_names[wide.index])
    wide.insert(1, "target_name", names_in_target[wide.index])
    values = wide[list(EQUATIONS)]
    wide["n_equations"] = values.notna().sum(axis=1)
    wide["signs_agree"] = ~((values > 0).any(axis=1) & (values < 0).any(axis=1))
    order = pd.DataFrame(
        {
            "between": values[BETWEEN].abs().fillna(0.0),
            "any": values.abs().max(axis=1).fillna(0.0),
        }
    ).sort_values(["between", "any"], ascending=False, kind="stable")
    return wide.loc[order.index].reset_index(drop=True)


def also_inside(
    between: pd.DataFrame,
    in_target: pd.DataFrame,
    in_source: pd.DataFrame,
    target_categories: pd.DataFrame,
    source_categories: pd.DataFrame,
) -> float:
    """Which share of the sources of all equations `between` two networks also stands in an equation of the
    same target inside the target network or inside the source network; nan without any. Frames have
    columns target and source. With equations of shuffled targets inside (control.parquet), this is what
    chance alone agrees on."""
    same = same_category(target_categories, source_categories)
    (target, source), (own_target, own_source), other = (
        frame[["target", "source"]].to_numpy(int).T for frame in (between, in_target, in_source)
    )
    found = _among((target, source), (own_target, same[own_source])) | _among(
        (same[target], source), other
    )
    return float(found.mean()) if len(found) else float("nan")


def _among(pairs: Pairs, others: Pairs) -> np.ndarray:
    """Which of the pairs (target, source) are among the others; a missing category, -1, never is."""
    several = 1 + max(int(ends.max(initial=0)) for ends in (pairs[1], others[1]))
    keys, wanted = (
        np.where((target < 0) | (source < 0), -1, target * several + source)
        for target, source in (pairs, others)
    )
    return np.isin(keys, wanted[wanted >= 0])


AGREEMENT = (  # symbol in the graph, sign for the key, meaning
    ("diamond", "◆", "also inside both networks"),
    ("triangle", "▲", "also inside the target network"),
    ("rect", "■", "also inside the source network"),
    ("circle", "●", "only between the networks"),
)


def agreement_kind(row) -> int:
    """Row of AGREEMENT that a row of `agreement` belongs to."""
    inside = pd.notna(row.in_target), pd.notna(row.in_source)
    return {(True, True): 0, (True, False): 1, (False, True): 2, (False, False): 3}[inside]


def joint_categories(
    target: int, target_categories: pd.DataFrame, source_categories: pd.DataFrame, used: pd.Series
) -> pd.DataFrame:
    """The source network's categories, and behind them, as the last row, the target itself. It says
    that it is the target where the source network's category of that name is among the `used` ones."""
    columns = ["name", "community"]
    own = target_categories.iloc[[target]][columns].copy()
    if own["name"].iat[0] in set(source_categories["name"].to_numpy()[used]):
        own["name"] += " (target)"
    return pd.concat([source_categories[columns], own], ignore_index=True)


def summary(chosen: pd.DataFrame, median: Mapping[Any, Any], n_holdout: int) -> dict[str, float]:
    """One link in numbers, at one choice of the sparsity (the `chosen` rows of evaluation.parquet, and
    the row of median.parquet): n_targets, n_links, n_holdout, median held-out r2 and r2_refit with the
    ends of their intervals (r2_low, r2_high, ...), that of the control, the median part of images within
    half a standard deviation, and how many targets are explained at all (lasso, refit): r2 above 0 and
    above the control."""
    nothing = chosen["control_r2"].clip(lower=0.0)
    counts = {
        "n_targets": len(chosen),
        "n_links": int(chosen["n_parents"].sum()),
        "n_holdout": n_holdout,
        "n_explained": int((chosen["r2"] > nothing).sum()),
        "n_explained_refit": int((chosen["r2_refit"] > nothing).sum()),
    }
    judged = {
        f"r2{fit}{end}": float(median[f"r2_median{fit}{end}"])
        for fit in ("", "_refit")
        for end in ("", "_low", "_high")
    }
    medians = {name: float(chosen[name].median()) for name in ("control_r2", "within_half_sd")}
    return counts | judged | medians


def category_figures(categories: pd.DataFrame, chosen: pd.DataFrame) -> pd.DataFrame:
    """One row per target at one choice of the sparsity, best first: name, r2, r2_refit, control_r2,
    n_parents, within_half_sd, definition."""
    columns = ["target", "n_parents", "r2", "r2_refit", "control_r2", "within_half_sd"]
    rows = categories.iloc[chosen["target"].to_numpy()]
    found = chosen[columns].assign(
        name=rows["name"].to_numpy(), definition=rows["definition"].to_numpy()
    )
    return found.sort_values("r2", ascending=False, ignore_index=True)
