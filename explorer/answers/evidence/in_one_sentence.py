"""From an equation to its verdict in one sentence: the facts; `verdicts.one_sentence` has the words."""

import math

import numpy as np
import pandas as pd

from explorer.answers.evidence.evidence import Evidence
from explorer.answers.verdicts.one_sentence import (
    Firmness,
    OwnImages,
    Parent,
    Yardsticks,
    sentence,
)

STABLE = 0.8  # share of the half-samples from which a dependency counts as stable


def in_one_sentence(evidence: Evidence, consensus: pd.DataFrame | None = None) -> str:
    """The sentence on an equation where the slider stands. `consensus` are the rows of consensus.parquet
    at the reader's choice of sparsity (None, or empty, where networks are not compared, as between two).

    Stability and agreement are those of the equation that the reader's choice has: of an equation with
    another number of parents they are not said.
    """
    subject, equation = evidence.subject, evidence.equation
    pair = subject.pair
    stored = pair.dependencies[pair.dependencies["target"] == subject.target].set_index("source")
    at_choice = len(equation) == subject.chosen
    agreed = None
    if consensus is not None and len(consensus):
        agreed = consensus[consensus["target"] == subject.target].set_index("source")
    return sentence(
        subject.name,
        float(evidence.figures.r2),
        len(evidence.truth),
        yardsticks(subject.evaluation, len(equation))._replace(
            refit=None if evidence.refit is None else float(evidence.refit.figures.r2)
        ),
        own_images(evidence.predicted - evidence.truth, evidence.shows, evidence.sd,
                   evidence.images.has_labels),
        parents(equation, stored, agreed) if at_choice else [],
        firmness(equation, stored) if at_choice else None,
    )  # fmt: skip


def yardsticks(evaluation: pd.DataFrame, n_parents: int) -> Yardsticks:
    """Those of a target's rows of evaluation.parquet, at its largest number of parents that is not above
    this one."""
    rows = evaluation[evaluation["n_parents"] <= n_parents]
    if rows.empty:
        return Yardsticks()
    row = rows.loc[rows["n_parents"].idxmax()]
    names = {
        "shuffled": "control_r2", "random": "random_r2", "correlated": "correlated_r2", "dense": "dense_r2",
    }  # fmt: skip
    known = {
        word: float(row[name]) for word, name in names.items() if pd.notna(row.get(name, None))
    }
    return Yardsticks(int(row["n_parents"]), **known)


def own_images(miss: np.ndarray, shows: np.ndarray, sd: float, labelled: bool) -> OwnImages:
    """Of the images (N,) that `shows` (N,) bool says; `miss` is equation less network, in logits."""
    n = int(shows.sum())
    off = float(miss[shows].mean()) / sd if n and sd > 0 else math.nan
    return OwnImages(n, off, labelled)


def parents(
    equation: pd.DataFrame, stored: pd.DataFrame, agreed: pd.DataFrame | None
) -> list[Parent]:
    """The parent with the largest coefficient, and the one farthest in WordNet, if that is another one.
    `equation` has source, source_name and coefficient; `stored` (dependencies.parquet of the target) and
    `agreed` (consensus.parquet, or None) are indexed by source."""
    if equation.empty:
        return []
    named = equation.set_index("source")["source_name"]
    roles = {equation["source"].iat[equation["coefficient"].abs().argmax()]: "strongest"}
    far = stored.get("distance", pd.Series(dtype=float)).reindex(named.index)
    if far.notna().any():
        roles.setdefault(far.idxmax(), "farthest")
    return [
        Parent(str(named[source]), role, _networks(agreed, source), _half_samples(stored, source))
        for source, role in roles.items()
    ]


def firmness(equation: pd.DataFrame, stored: pd.DataFrame) -> Firmness | None:
    """How many of the equation's parents are stable; None where stability was not measured."""
    share = stored.get("stability", pd.Series(dtype=float)).reindex(equation["source"])
    return None if share.isna().all() else Firmness(int((share >= STABLE).sum()), len(share))


def _networks(agreed: pd.DataFrame | None, source: int) -> tuple[int, int] | None:
    if agreed is None or source not in agreed.index:
        return None
    return int(agreed.at[source, "n_models"]), int(agreed.at[source, "n_compared"])


def _half_samples(stored: pd.DataFrame, source: int) -> tuple[int, int] | None:
    if "stability" not in stored or source not in stored.index:
        return None
    share, asked = stored.at[source, "stability"], int(stored.at[source, "n_half_samples"])
    return (round(float(share) * asked), asked) if pd.notna(share) and asked else None
