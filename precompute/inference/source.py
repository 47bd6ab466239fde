"""Photographs through a network: the source of logits that needs torch (or onnxruntime)."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from precompute.atlas.files import digest
from precompute.atlas.head import Head
from precompute.atlas.labels import LabelSet
from precompute.atlas.progress import Report
from precompute.errors import UserError
from precompute.inference.classifiers import Classifier, proven_head
from precompute.inference.image_sets import assert_disjoint, open_images, originals
from precompute.inference.images import ImageSet
from precompute.inference.onnx_models import load_onnx
from precompute.inference.stream import stream_logits, stream_looks
from precompute.inference.timm_models import load_timm
from precompute.sources.decode import DECODER
from precompute.sources.heads import CosineRows
from precompute.sources.protocol import ModelInfo, OnBad, split_at_random
from precompute.sources.request import Request, fraction_of

FACTS = (
    "name", "architecture", "weights", "weights_sha256", "labels", "n_features", "n_parameters",
    "input_config",
)  # fmt: skip


class ImageSource:
    """One classifier on one or two image sets; see LogitSource."""

    def __init__(
        self, classifier: Classifier, fit: ImageSet, holdout: ImageSet | float, request: Request
    ):
        self._classifier, self._request = classifier, request
        self.info = ModelInfo(**{fact: getattr(classifier, fact) for fact in FACTS})
        self._sets = [fit]
        if isinstance(holdout, float):
            # A copy goes where its original goes: fit and held-out images never mix.
            names = [fit.ids[first] for first in originals(fit)]
            splits = split_at_random(names, holdout, request.seed)
        else:
            assert_disjoint(fit, holdout)
            self._sets.append(holdout)
            splits = ["fit"] * len(fit) + ["holdout"] * len(holdout)
        self.images = pd.DataFrame(
            {
                "image_id": _joined(self._sets, "ids"),
                "split": splits,
                "class_name": _joined(self._sets, "class_names"),
                "path": _joined(self._sets, "paths"),
            }
        )
        self.fingerprint = {
            "weights": classifier.weights_sha256,
            "input_config": classifier.input_config,
            "decoder": DECODER,
            "sizes": digest(*map(str, _joined(self._sets, "sizes"))),
        }

    def batches(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See LogitSource."""
        for first, images, inside in self._parts(rows):
            batches = stream_logits(
                self._classifier, images, inside, batch_size=self._request.batch_size,
                workers=self._request.workers, on_bad=on_bad,
            )  # fmt: skip
            for indices, logits in batches:
                yield first + indices, logits

    def head(self) -> Head | None:
        """See FeatureSource."""
        return proven_head(self._classifier)

    def features(self, rows: range, on_bad: OnBad) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """See FeatureSource."""
        for first, images, inside in self._parts(rows):
            looks = stream_looks(
                self._classifier, images, inside, batch_size=self._request.batch_size,
                workers=self._request.workers, on_bad=on_bad,
            )  # fmt: skip
            for indices, _, features in looks:
                assert features is not None, "a network with a head shows its features"
                yield first + indices, features

    def _parts(self, rows: range) -> Iterator[tuple[int, ImageSet, range]]:
        """The image sets that have some of these rows: row of the first image, images, and their numbers
        there."""
        first = 0
        for images in self._sets:
            inside = range(max(rows.start - first, 0), min(rows.stop - first, len(images)))
            if len(inside):
                yield first, images, inside
            first += len(images)

    def head_cosines(self) -> CosineRows | None:
        """See LogitSource."""
        head = self._classifier.head
        return None if head is None else CosineRows(head.weights)


def open_image_source(
    request: Request, overrides: dict, labels: LabelSet | None, report: Report
) -> ImageSource:
    """Load the classifier and list the images. Raises UserError for whatever is wrong with either."""
    fraction = fraction_of(request.holdout)
    assert request.images is not None, "who asks for photographs says where they are"
    fit = open_images(request.images)
    holdout = open_images(request.holdout) if fraction is None else fraction
    if request.onnx is not None:
        classifier = load_onnx(
            request.model,
            request.onnx,
            input_config=overrides,
            labels=labels,
            device=request.device,
        )
    else:
        classifier = load_timm(
            request.model, weights=request.weights, labels=labels, device=request.device
        )
    if not len(fit):
        raise UserError(
            f"There are no images in {request.images}. Give a folder or archive with images."
        )
    report.say(f"{classifier.name}: {classifier.weights}, {len(classifier.labels)} categories")
    if classifier.warning:
        report.say(classifier.warning)
    return ImageSource(classifier, fit, holdout, request)


def _joined(sets: list[ImageSet], attribute: str) -> list:
    return [value for images in sets for value in getattr(images, attribute)]
