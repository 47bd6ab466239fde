"""Foreign images before the network itself, and whether they are foreign at all."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from precompute.atlas.files import digest
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.inference.atlas_images import AtlasImages
from precompute.inference.classifiers import Classifier
from precompute.inference.image_sets import same_images
from precompute.inference.images import ImageSet
from precompute.inference.stream import stream_looks
from precompute.sources.decode import DECODER
from precompute.sources.foreign import Looked
from precompute.sources.protocol import OnBad


class ForeignImages:
    """Images that a network of the atlas looks at; see ForeignSource. It is opened when it has to look."""

    def __init__(
        self,
        images: ImageSet,
        info: Mapping,
        opened: Callable[[], Classifier],
        batch_size: int,
        workers: int | None,
    ):
        """`info` is the network's row of model.parquet."""
        self._images, self._opened = images, opened
        self._batch_size, self._workers = batch_size, workers
        self.name = images.name
        self.ids = np.array(images.ids, dtype=object)
        self.paths = np.array(images.paths, dtype=object)
        self.fingerprint = {
            "images": digest(*self.ids),
            "weights": info["weights_sha256"],
            "input_config": info["input_config"],
            "decoder": DECODER,
            "sizes": digest(*map(str, images.sizes)),
        }

    @cached_property
    def _network(self) -> Classifier:
        return self._opened()

    def widths(self) -> tuple[int, int | None]:
        """See ForeignSource."""
        network = self._network
        shown = network.with_features is not None
        return len(network.labels), network.n_features if shown else None

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[Looked]:
        """See ForeignSource."""
        kept = self.widths()[1] is not None
        for seen, logits, features in stream_looks(
            self._network, self._images, rows, batch_size=self._batch_size, workers=self._workers,
            on_bad=on_bad,
        ):  # fmt: skip
            yield seen, logits, features if kept else None


def refuse_own(images: ImageSet, atlas: Atlas, folder: Path | None, report: Report) -> None:
    """Raises `UserError` where a foreign image is one of the atlas's own, by its name or its bytes; those
    may lie in `folder`. Where they cannot be found, the report says that bytes were not compared."""
    own = AtlasImages(atlas, folder=folder)
    same = [(image, image) for image in sorted(set(own.ids) & set(images.ids))]
    same += same_images(images, own)
    if same:
        foreign, known = same[0]
        raise UserError(
            f"The foreign image '{foreign}' is the image '{known}' of the atlas ({len(same)} such). "
            "An image that the network was fitted or judged on is not foreign: take it out of --images."
        )
    if own.missing:
        report.say(
            f"{len(own.missing)} of the atlas's {len(own)} images are not where they were: that they are "
            "not among the foreign ones was seen by names and logits alone"
        )
