"""Equations between two networks beside those inside each: pure functions over frames.

A category goes by its index in its own network; which one is the same in the other network says
`precompute.atlas.matching`, as it did when the link was made.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.answers.heldout import Holdout
from explorer.tables.target_path import PathIndex
from precompute.atlas.matching import joined_rows, same_category

BETWEEN, IN_TARGET, IN_SOURCE = "between", "in_target", "in_source"
EQUATIONS = (BETWEEN, IN_TARGET, IN_SOURCE)


@dataclass(frozen=True)
class Link:
    """One link of the atlas: the target model's logits written in those of the source model."""

    name: str
    info: dict  # the row of link.parquet
    dependencies: pd.DataFrame
    evaluation: pd.DataFrame
    paths: PathIndex
    means: tuple[np.ndarray, np.ndarray] | None  # mean logits of both models, where centred

    @property
    def target_model(self) -> str:
        return self.info["target_model"]

    @property
    def source_model(self) -> str:
        return self.info["source_model"]

    def intercept(self, target: int, equation: pd.DataFrame) -> float:
        """Constant of an equation in raw logits, 0 unless the link was fitted on centred ones."""
        if self.means is None:
            return 0.0
        targets, sources = self.means
        return float(targets[target] - equation["coefficient"] @ sources[equation["source"]])


Logits = tuple[list[str], np.ndarray, np.ndarray]  # image ids, labels, logits (N, n)


def joint_means(target: Logits, source: Logits) -> tuple[np.ndarray, np.ndarray]:
    """Mean logits (n,) of each model over the images that both have."""
    rows, partners = joined_rows(target[0], source[0])
    return tuple(
        logits[kept].mean(axis=0, dtype=np.float64)
        for logits, kept in ((target[2], rows), (source[2], partners))
    )


def shared_images(target: Holdout, source: Holdout) -> tuple[Holdout, Holdout]:
    """The held-out images that both models have, row by row the same."""
    rows, partners = joined_rows(target.image_ids, source.image_ids)
    return target.take(rows), source.take(partners)


def counterpart(category: int, categories: pd.DataFrame, others: pd.DataFrame) -> int | None:
    """Index of the same category in another network, None if it has none."""
    (found,) = same_category(categories.iloc[[category]], others)
    return int(found) if found >= 0 else None


def stored_equation(dependencies: pd.DataFrame, target: int | None, refit: bool) -> pd.DataFrame:
    """The stored equation of one target: source, coefficient (or refit), largest first."""
    rows = dependencies[dependencies["target"] == (-1 if target is None else target)]
    kept = pd.DataFrame(
        {
            "target": rows["target"].astype(int),
            "source": rows["source"].astype(int),
            "coefficient": rows["refit" if refit else "coefficient"].astype(float),
        }
    )
    return kept.sort_values("coefficient", key=np.abs, ascending=False, ignore_index=True)


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


def summary(evaluation: pd.DataFrame) -> dict[str, float]:
    """One link in numbers, at each target's chosen sparsity: n_targets, n_links, median held-out r2
    (lasso, refit, control), the median part of images within half a standard deviation, and how many
    targets are explained at all (lasso, refit): r2 above 0 and above the control."""
    chosen = evaluation[evaluation["chosen"]]
    nothing = chosen["control_r2"].clip(lower=0.0)
    counts = {
        "n_targets": len(chosen),
        "n_links": int(chosen["n_parents"].sum()),
        "n_explained": int((chosen["r2"] > nothing).sum()),
        "n_explained_refit": int((chosen["r2_refit"] > nothing).sum()),
    }
    medians = {
        name: float(chosen[name].median())
        for name in ("r2", "r2_refit", "control_r2", "within_half_sd")
    }
    return counts | medians


def judged_categories(categories: pd.DataFrame, evaluation: pd.DataFrame) -> pd.DataFrame:
    """One row per target at its chosen sparsity, best first: name, r2, r2_refit, control_r2,
    n_parents, within_half_sd, definition."""
    columns = ["target", "n_parents", "r2", "r2_refit", "control_r2", "within_half_sd"]
    chosen = evaluation.loc[evaluation["chosen"], columns].drop_duplicates("target")
    rows = categories.iloc[chosen["target"].to_numpy()]
    chosen = chosen.assign(name=rows["name"].to_numpy(), definition=rows["definition"].to_numpy())
    return chosen.sort_values("r2", ascending=False, ignore_index=True)
