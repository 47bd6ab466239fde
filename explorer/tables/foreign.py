"""What a network has seen of one set of foreign images."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from explorer.tables.evaluation import checked
from precompute.atlas.contract import schema_robustness as robustness
from precompute.atlas.store import Atlas
from precompute.atlas.vectors import read_vectors


@dataclass(frozen=True)
class ForeignSet:
    """The tables of one folder ood/<model>--<set>/ at a choice of the sparsity: rows of scores.parquet and
    detection.parquet of that choice and of none, rows of broken.parquet of that choice, and where each
    foreign image lies (index: image_id)."""

    folder: str
    info: dict  # the row of ood.parquet
    choice: str
    scores: pd.DataFrame
    detection: pd.DataFrame
    broken: pd.DataFrame
    paths: pd.Series

    def values(self, score: str) -> tuple[np.ndarray, np.ndarray]:
        """A score of the held-out (H,) and of the foreign images (F,)."""
        rows = self.scores[self.scores["score"] == score]
        value, foreign = rows["value"].to_numpy(float), rows["foreign"].to_numpy(bool)
        return value[~foreign], value[foreign]


def read_foreign_set(atlas: Atlas, folder: str, choice: str) -> ForeignSet:
    """Read them. Raises ValueError for an unknown choice, UserError if a table is missing or outdated."""
    of_choice, or_none = [("choice", "==", checked(choice))], [("choice", "in", (choice, ""))]
    images = atlas.read(robustness.FOREIGN, folder=folder, columns=["image_id", "path"])
    return ForeignSet(
        folder=folder,
        info=atlas.read(robustness.OOD, folder=folder).iloc[0].to_dict(),
        choice=choice,
        scores=atlas.read(robustness.SCORES, folder=folder, filters=or_none),
        detection=atlas.read(robustness.DETECTION, folder=folder, filters=or_none),
        broken=atlas.read(robustness.BROKEN, folder=folder, filters=of_choice),
        paths=images.drop_duplicates("image_id").set_index("image_id")["path"],
    )


def read_foreign_logits(atlas: Atlas, folder: str) -> tuple[list[str], np.ndarray]:
    """image_ids (F,) and logits (F, n) float16 of the foreign images of a folder. Raises UserError if the
    table is missing or outdated."""
    image_ids, logits = read_vectors(atlas, robustness.FOREIGN, "logits", folder)
    assert logits is not None, "every foreign image has logits"
    return image_ids, logits
