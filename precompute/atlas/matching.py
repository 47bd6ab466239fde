"""What is the same in two models: which categories, and which images."""

from collections.abc import Iterable

import numpy as np
import pandas as pd


def same_category(targets: pd.DataFrame, sources: pd.DataFrame) -> np.ndarray:
    """For each target category its counterpart among the sources, -1 where there is none: (n_targets,).

    It has the same synset, or else the same name, unless both have a synset: a crane (bird) is no
    crane (machine). Both frames have the columns name and synset of categories.parquet.
    """
    by_synset, by_name = (_rows(targets[key], sources[key]) for key in ("synset", "name"))
    both = targets["synset"].notna().to_numpy() & sources["synset"].notna().to_numpy()[by_name]
    return np.where((by_synset >= 0) | both, by_synset, by_name)


def joined_rows(target_ids: list[str], source_ids: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the images that both have, in the target's order: among the target's, the source's."""
    partner = _rows(target_ids, source_ids)
    rows = np.flatnonzero(partner >= 0)
    return rows, partner[rows]


def _rows(wanted: Iterable, known: Iterable) -> np.ndarray:
    """Where each of the wanted texts stands among the known ones; -1 where it does not, or is none."""
    row_of = {text: row for row, text in enumerate(known) if isinstance(text, str)}
    return np.array([row_of.get(text, -1) for text in wanted], dtype=np.int64)
