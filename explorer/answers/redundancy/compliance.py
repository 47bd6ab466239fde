"""What dependencies agree with, in rows with names; and why a measure may be lacking."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from explorer.words.formatting import count
from precompute.redundancy.agreement import MEASURES, agreement, least_explained

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
    """`least_explained` dependencies of compliance.parquet with the names of both ends and the WordNet
    steps; `edges` are the readable dependencies with their stability."""
    stability = edges.set_index(["target", "source"])["stability"].astype(float)
    found = least_explained(table, stability)
    return found.assign(
        target_name=names.to_numpy()[found["target"]],
        source_name=names.to_numpy()[found["source"]],
        steps=-found["wordnet"],
    )


def said(found: pd.DataFrame) -> str:
    """How many of the `named` dependencies nothing explains, in a sentence."""
    none = int(found["unexplained"].sum())
    if not none:
        return (
            f"Every one of {count(len(found))} strong and stable dependencies is explained by some "
            "measure. The least explained stand first."
        )
    return (
        f"{count(none)} of {count(len(found))} strong and stable dependencies "
        f"{'is' if none < 2 else 'are'} explained by no measure: in each that is known, the source is less "
        "like the target than half of what the equation does not use. The least explained stand first."
    )


def why_none(table: pd.DataFrame, edges: pd.DataFrame) -> str:
    """Why the list is empty."""
    ranks = table[~table["control"]][[f"{measure}_rank" for measure in MEASURES]]
    if not (ranks.notna().sum(axis=1) >= 2).any():
        return "No dependency is known in two measures, which is the least that the list asks for."
    if edges["stability"].isna().all():
        return "The stability of dependencies was not measured here, and the list asks for it."
    return "No strong dependency is stable and known in two measures."


def _no_head(info: Mapping[str, Any]) -> str:
    architecture = info["architecture"]
    if architecture == "logits":
        return "an array of logits shows no layer."
    if architecture == "onnx":
        return "a network that comes as an ONNX file does not show its last layer here."
    return "the last layer of this network is not a single linear one, or its weights are not here."
