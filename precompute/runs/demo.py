"""The whole pipeline on logits that ship with the program: seconds, no network connection, no torch."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from precompute.atlas.labels import imagenet_1k
from precompute.atlas.progress import Report, Silent
from precompute.atlas.store import Atlas, file_digest, read_metadata
from precompute.equations.fit import FitOptions
from precompute.runs.consensus import compare_models
from precompute.runs.link import chosen_pairs, link_models
from precompute.runs.model import ModelRun
from precompute.runs.unseen import MAX_PARENTS, UnseenRun
from precompute.sources.arrays import ModelInfo, OnBad

STUDENT_AND_TEACHER = ("tf_efficientnet_lite0.in1k", "tf_efficientnet_lite2.in1k")
BUNDLE = Path(__file__).parents[1] / "data" / "logits"


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


_FACTS = (
    "name", "architecture", "weights", "weights_sha256", "n_features", "n_parameters", "input_config",
)  # fmt: skip


def bundled_models() -> list[Path]:
    """Files of the bundled networks' logits."""
    return sorted(file for file in BUNDLE.glob("*.parquet") if file.stem != "images")


def build_demo(
    root: str | Path, report: Report | None = None, options: FitOptions | None = None
) -> None:
    """Build the atlas of the seven bundled networks in `root`. Raises UserError if it can't be written."""
    report, options = report or Silent(), options or FitOptions()
    atlas, files = Atlas(root), bundled_models()
    for done, file in enumerate(files):
        report.progress("networks", done, len(files))
        ModelRun(atlas, BundledSource(file), options, report).run()
        report.progress("networks", done + 1, len(files))
    compare_models(atlas, report)
    unseen = FitOptions(max_parents=MAX_PARENTS, seed=options.seed)
    UnseenRun(atlas, *STUDENT_AND_TEACHER, "random:100", unseen, report).run()
    link_models(atlas, chosen_pairs(atlas, None, None, every=True, both=False), options, report)
