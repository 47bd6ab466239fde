"""The logits of a cut model as a source, for a run like that of any other model."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from precompute.inference.classifiers import Classifier
from precompute.inference.source import FACTS
from precompute.sources.heads import CosineRows
from precompute.sources.protocol import ModelInfo, OnBad


class CutSource:
    """Logits (N, n) of all `images` (rows of images.parquet), in their order; see LogitSource.

    `classifier` is the network before, `head` the weights (n, d) of its last layer after, `sha256`
    that of the tensors that changed.
    """

    def __init__(
        self,
        name: str,
        classifier: Classifier,
        images: pd.DataFrame,
        logits: np.ndarray,
        head: np.ndarray,
        sha256: str,
    ):
        facts = ModelInfo(**{fact: getattr(classifier, fact) for fact in FACTS})
        self.info = replace(
            facts, name=name, weights=f"cut of {classifier.name}", weights_sha256=sha256
        )
        self.images, self.fingerprint = images, {"weights": sha256}
        self._logits, self._head = logits, head

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See LogitSource; all images were readable."""
        for start in range(rows.start, rows.stop, 1024):
            stop = min(start + 1024, rows.stop)
            yield np.arange(start, stop), self._logits[start:stop].astype(np.float32)

    def head_cosines(self) -> CosineRows:
        """See LogitSource."""
        return CosineRows(self._head)
