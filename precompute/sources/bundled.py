"""The logits that ship with the program, as a source."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from precompute.atlas.files import file_digest, read_metadata
from precompute.atlas.labels import imagenet_1k
from precompute.sources.heads import read_cosines
from precompute.sources.protocol import ModelInfo, OnBad

BUNDLE = Path(__file__).parents[1] / "data" / "logits"
HEADS = Path(__file__).parents[1] / "data" / "heads"


class BundledSource:
    """One network's bundled logits (see data/README.md for how they were made)."""

    def __init__(self, file: Path):
        facts = json.loads(read_metadata(file)["classifier"])
        labels = imagenet_1k()
        self.info = ModelInfo(**{name: facts[name] for name in _FACTS}, labels=labels)
        self.fingerprint = {"bundled": file_digest(file)}
        rows = pq.read_table(file)
        self._logits = rows["logits"].combine_chunks().flatten().to_numpy().reshape(-1, len(labels))
        images = pd.read_parquet(file.parent / "images.parquet").set_index("image_id")
        self.images = images.loc[rows["image_id"].to_pylist()].reset_index()

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See LogitSource."""
        yield (
            np.arange(rows.start, rows.stop),
            self._logits[rows.start : rows.stop].astype(np.float32),
        )

    def head_cosines(self) -> np.ndarray | None:
        """See LogitSource. The heads of ONNX files are not bundled."""
        file = HEADS / f"{self.info.name}.parquet"
        return read_cosines(file, len(self.info.labels)) if file.exists() else None


_FACTS = (
    "name", "architecture", "weights", "weights_sha256", "n_features", "n_parameters", "input_config",
)  # fmt: skip


def bundled_models() -> list[Path]:
    """Files of the bundled networks' logits."""
    return sorted(file for file in BUNDLE.glob("*.parquet") if file.stem != "images")
