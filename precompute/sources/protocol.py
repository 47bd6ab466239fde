"""Where logits come from. Runs know only this protocol; photographs, arrays and the bundled logits each
implement it, and only the first needs torch."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import pandas as pd

from precompute.atlas.files import digest
from precompute.atlas.head import Head
from precompute.atlas.labels import LabelSet
from precompute.errors import UserError
from precompute.sources.heads import CosineRows

OnBad = Callable[[str, str], None]


@dataclass(frozen=True)
class ModelInfo:
    """What the atlas remembers of a model (columns of model.parquet)."""

    name: str
    architecture: str
    weights: str
    weights_sha256: str
    labels: LabelSet
    n_features: int | None
    n_parameters: int | None
    input_config: dict


class LogitSource(Protocol):
    """`images` has the columns of images.parquet; `fingerprint` is all that decides the logits."""

    info: ModelInfo
    images: pd.DataFrame
    fingerprint: dict

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """(row numbers (B,), logits (B, n) float32) of the readable images among `rows`, in order;
        `on_bad(image_id, reason)` hears of the others."""
        ...

    def head_cosines(self) -> np.ndarray | CosineRows | None:
        """Cosine of the weights of every two categories in a linear last layer, (n, n) float32, by rows;
        None where there is no such layer, or it cannot be seen."""
        ...


@runtime_checkable
class FeatureSource(LogitSource, Protocol):
    """One whose logits may be made of features by a linear last layer."""

    def head(self) -> Head | None:
        """That layer, or None where there is none that can be seen."""
        ...

    def features(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """As `batches`, with the features (B, d) float32 that the head makes those logits of."""
        ...


def split_at_random(image_ids: list[str], fraction: float, seed: int) -> list[str]:
    """'holdout' for about `fraction` of the images, 'fit' for the rest.

    An image's side depends on its id and the seed alone, so models that see different images of one
    set still agree on every image they share.
    """
    if not 0 < fraction < 1:
        raise UserError(f"--holdout {fraction} is not a fraction between 0 and 1, nor a folder.")
    limit = int(fraction * 2**32)
    return [
        "holdout" if int(digest(str(seed), name)[:8], 16) < limit else "fit" for name in image_ids
    ]
