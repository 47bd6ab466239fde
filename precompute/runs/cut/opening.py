"""A model of the atlas, opened for fine-tuning, and the sets of foreign images that it can look at."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import FOREIGN, OOD
from precompute.atlas.files import safe_name
from precompute.atlas.known_models import checked_model
from precompute.atlas.progress import Report
from precompute.atlas.store import Atlas
from precompute.atlas.vectors import read_vectors
from precompute.cutting.networks import FIT, HOLDOUT, HeadNetwork, Network, WholeNetwork
from precompute.errors import UserError
from precompute.inference.atlas_images import AtlasImages, PlacedImages
from precompute.inference.classifiers import Classifier
from precompute.inference.images import ImageSet
from precompute.inference.reopen import reopen
from precompute.runs.features.made_later import features, fresh_features
from precompute.runs.ood.run import ood_folder
from precompute.sources.reopening import without_weighting


@dataclass(frozen=True)
class Means:
    """Where the network and its images are, and what it runs on; see `python -m precompute cut --help`."""

    weights: Path | None = None
    images_dir: Path | None = None
    device: str = "auto"
    look_at: int = 64
    workers: int | None = None


@dataclass(frozen=True)
class Opened:
    """The network before, the same to be fine-tuned, and the sets of foreign images that it can look at."""

    classifier: Classifier
    network: Network
    sets: list[str]


def open_for_cutting(
    atlas: Atlas, model: str, means: Means, report: Report, *, head_only: bool
) -> Opened:
    """Raises UserError for a model that is not there, that cannot be opened or fine-tuned, that has
    weighted equations, and whose images are gone."""
    checked_model(atlas, model)
    if without_weighting(model) != model:
        raise UserError(
            f"The equations of {model} are weighted. Cut {without_weighting(model)} itself."
        )
    architecture = atlas.read(schema.MODEL, model, columns=["architecture"])["architecture"].iat[0]
    if architecture in ("onnx", "logits"):
        kind = {"onnx": "an ONNX file", "logits": "an array of logits"}[architecture]
        raise UserError(
            f"{model} is {kind}, which cannot be fine-tuned: cutting needs a timm network."
        )
    classifier = reopen(atlas, model, weights=means.weights, device=means.device)
    report.say(f"{classifier.name}: {classifier.weights}, on {classifier.device}")
    build = _head if head_only else _whole
    network, sets = build(atlas, model, classifier, means, report)
    return Opened(classifier, network, sets)


def _head(
    atlas: Atlas, model: str, classifier: Classifier, means: Means, report: Report
) -> tuple[Network, list[str]]:
    if fresh_features(atlas, model) is None:
        features(
            atlas, model, classifier, report, images_dir=means.images_dir,
            batch_size=means.look_at, workers=means.workers,
        )  # fmt: skip
    known = fresh_features(atlas, model)
    assert known is not None, "they were just made"
    parts = {split: known[rows] for split, rows in _rows(atlas, model).items()}
    sets = []
    for name in _sets(atlas, model):
        found = read_vectors(atlas, FOREIGN, "features", ood_folder(model, name))[1]
        if found is None:
            report.say(f"The foreign images '{name}' have no features and are left out")
            continue
        parts[name] = found
        sets.append(name)
    return HeadNetwork(classifier, parts), sets


def _whole(
    atlas: Atlas, model: str, classifier: Classifier, means: Means, report: Report
) -> tuple[Network, list[str]]:
    own = AtlasImages(atlas, model, means.images_dir)
    own.refuse_missing()
    parts: dict[str, ImageSet] = {
        split: own.among(rows) for split, rows in _rows(atlas, model).items()
    }
    sets = []
    for name in _sets(atlas, model):
        table = atlas.read(FOREIGN, folder=ood_folder(model, name), columns=["image_id", "path"])
        images = PlacedImages(name, table["image_id"].tolist(), table["path"].tolist())
        if images.missing:
            report.say(f"The foreign images '{name}' are not where they were and are left out")
            continue
        parts[name] = images
        sets.append(name)
    network = WholeNetwork(classifier, parts, batch_size=means.look_at, workers=means.workers)
    return network, sets


def _rows(atlas: Atlas, model: str) -> dict[str, np.ndarray]:
    """The rows of the model's logits in each split."""
    ids = atlas.read(schema.LOGITS, model, columns=["image_id"])["image_id"]
    return {
        split: np.flatnonzero(ids.isin(set(atlas.image_ids(model, split))))
        for split in (FIT, HOLDOUT)
    }


def _sets(atlas: Atlas, model: str) -> list[str]:
    """The sets of foreign images that a model has looked at, to the end."""
    files = sorted(atlas.root.glob(f"ood/{safe_name(model)}--*/{OOD.file}"))
    rows = [atlas.read(OOD, folder=f"ood/{file.parent.name}").iloc[0] for file in files]
    return [row["set"] for row in rows if row["model"] == model]
