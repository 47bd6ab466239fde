"""Equations that keep their category's classification: a model of its own beside the one it is made
from."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.runs.logits import has_logits
from precompute.sources.heads import CosineRows
from precompute.sources.protocol import LogitSource, OnBad
from precompute.sources.reopening import WEIGHTED_MARK


def checked_share(share: float) -> float:
    """Raises UserError unless the share leaves mass for both a target's own images and all others."""
    if not 0 < share < 1:
        raise UserError(
            f"--weight-positives {share:g} is no share between 0 and 1. Try 0.1; leave it away for "
            "equations in which all images weigh the same."
        )
    return share


def weighted_name(model: str, share: float) -> str:
    """The name of a model with weighted equations in the atlas."""
    return f"{model}{WEIGHTED_MARK}{share!r}"  # all digits, so that two shares never meet in one folder


class WeightedSource:
    """The logits of another source under the name of a model of its own; read from the atlas where that
    has them fresh, so that no image goes through the network twice."""

    def __init__(self, atlas: Atlas, source: LogitSource, share: float):
        self._atlas, self._source = atlas, source
        name = weighted_name(source.info.name, checked_share(share))
        self.info = replace(source.info, name=name)
        self.images, self.fingerprint = source.images, source.fingerprint

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See LogitSource."""
        model = self._source.info.name
        if not has_logits(self._atlas, self._source):
            yield from self._source.batches(rows, on_bad)
            return
        ids = self.images["image_id"].to_numpy()
        place = {image: row for row, image in enumerate(ids)}
        missing = set(range(rows.start, rows.stop))
        for batch, _, logits in self._atlas.iter_logits(model):
            number = np.array([place[image] for image in batch])
            inside = (number >= rows.start) & (number < rows.stop)
            missing.difference_update(number[inside].tolist())
            if inside.any():
                yield number[inside], logits[inside]
        for row in sorted(missing):
            on_bad(str(ids[row]), f"it could not be read when {model} was run")

    def head_cosines(self) -> np.ndarray | CosineRows | None:
        """See LogitSource."""
        return self._source.head_cosines()
