"""The stage on redundancy: what eigenvalues, paths and dependencies of a model say together.

spectrum.parquet, support.parquet and compliance.parquet; nothing is fitted again.
"""

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from precompute.atlas import schema
from precompute.atlas.labels import LabelSet
from precompute.atlas.store import Atlas
from precompute.equations.evaluation import Batches
from precompute.equations.floor import Spectrum
from precompute.equations.folds import Folds, SeparateFolds
from precompute.kinship.wordnet_steps import WordNetSteps
from precompute.redundancy.compliance import compliance_table
from precompute.redundancy.similarity import (
    Rows,
    Similarity,
    SoftConfusion,
    head_cosine,
    wordnet_nearness,
)
from precompute.redundancy.support import support_table
from precompute.threads import in_threads


def spectrum_table(found: Spectrum, folds: Folds, center: bool) -> pd.DataFrame:
    """spectrum.parquet of a model: its spectrum, and those of the fit images but one fold, where each fold
    has moments of its own."""
    n = len(found.values)
    without: list = [None] * n
    if isinstance(folds, SeparateFolds):
        whole = folds.whole
        rest = [(whole - fold).centred(on_mean=center).moment for fold in folds.parts]
        # BLAS's own threads wait for each other longer than they compute at this size.
        with threadpool_limits(1, user_api="blas"):
            without = list(np.array(in_threads(np.linalg.eigvalsh, rest))[:, ::-1].T)
    return pd.DataFrame({
        "rank": np.arange(1, n + 1),
        "eigenvalue": found.values,
        "without": without,
        "n_images": found.n_images,
        "edge": found.edge,
    })  # fmt: skip


def support_sizes(atlas: Atlas, model: str, least: float) -> pd.DataFrame:
    """support.parquet of a model, down to `least` of lambda_max."""
    first = atlas.read(
        schema.PATH, model, columns=["target", "lambda"], filters=[("knot", "=", 0)]
    ).drop_duplicates("target")
    evaluation = atlas.read(schema.EVALUATION, model, columns=["target", "n_parents", "lambda"])
    return support_table(evaluation, first.set_index("target")["lambda"], least)


def compliance(
    atlas: Atlas, model: str, batches: Batches, labels: LabelSet, cosines: Rows | None, seed: int
) -> pd.DataFrame:
    """compliance.parquet of a model, by its logits and the cosines of its linear head (by rows)."""
    n = len(labels)
    confusion = SoftConfusion(lambda: batches("holdout"), n)
    similarities: dict[str, Similarity] = {
        "confusion": confusion,
        "head_cosine": head_cosine(cosines, n),
        "wordnet": wordnet_nearness(WordNetSteps(labels.categories)),
    }
    readable = atlas.read(schema.DEPENDENCIES, model, filters=[("choice", "=", "readable")])
    table = compliance_table(readable, similarities, n, seed)
    n_images = confusion.n_images[table["target"]]
    return table.assign(n_images=n_images, reference=confusion.reference)
