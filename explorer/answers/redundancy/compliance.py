"""What dependencies agree with, in rows with names; and why a measure may be lacking."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from precompute.redundancy.agreement import MEASURES, agreement, unexplained

TITLES = {
    "confusion": "Confusion on held-out images",
    "head_cosine": "Cosine of head weights",
    "wordnet": "Nearness in WordNet",
}


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """`agreement` of compliance.parquet in the measures that are known, with their titles."""
    found = agreement(table)
    found = found[found["n_dependencies"] > 0]
    return found.assign(measure=found["measure"].map(TITLES)).reset_index(drop=True)


def lacking(table: pd.DataFrame, info: Mapping[str, Any]) -> list[str]:
    """A sentence for every measure that no dependency has, and why; `info` is the row of model.parquet."""
    own = table[~table["control"]]
    why = {
        "confusion": "Confusion is unknown: no held-out image shows a category of this network.",
        "head_cosine": f"Head weights are unknown: {_no_head(info)}",
        "wordnet": "WordNet is unknown: the categories of this network have no WordNet ids.",
    }
    return [why[measure] for measure in MEASURES if own[f"{measure}_rank"].isna().all()]


def partly(table: pd.DataFrame) -> str | None:
    """How many targets lack held-out images, and by what an image belongs to one; None if all have some."""
    own = table[~table["control"]].drop_duplicates("target")
    without = int((own["n_images"] == 0).sum())
    if own.empty or without in (0, len(own)):
        return None
    by = "label" if own["reference"].iat[0] == "label" else "the network's own top-1"
    return (
        f"Confusion is that of {len(own) - without} of {len(own)} targets: no held-out image shows the "
        f"others (by {by})."
    )


def named(table: pd.DataFrame, edges: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    """`unexplained` dependencies of compliance.parquet with the names of both ends and the WordNet steps;
    `edges` are the readable dependencies with their stability."""
    stability = edges.set_index(["target", "source"])["stability"].astype(float)
    found = unexplained(table, stability)
    return found.assign(
        target_name=names.to_numpy()[found["target"]],
        source_name=names.to_numpy()[found["source"]],
        steps=-found["wordnet"],
    )


def why_none(table: pd.DataFrame, edges: pd.DataFrame) -> str:
    """Why no dependency is listed."""
    ranks = table[~table["control"]][[f"{measure}_rank" for measure in MEASURES]]
    if not len(ranks) or int((ranks.notna().sum(axis=1) >= 2).sum()) == 0:
        return "No dependency is known in two measures, which is the least that the list asks for."
    if edges["stability"].isna().all():
        return "The stability of dependencies was not measured here, and the list asks for it."
    return "Every strong and stable dependency agrees with at least one of the measures."


def _no_head(info: Mapping[str, Any]) -> str:
    architecture = info["architecture"]
    if architecture == "logits":
        return "an array of logits shows no layer."
    if architecture == "onnx":
        return "a network that comes as an ONNX file does not show its last layer here."
    return "the last layer of this network is not a single linear one, or its weights are not here."
