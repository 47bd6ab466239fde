"""The network of an atlas, opened again: so that it looks at further images, exactly as it looked at those
of the atlas."""

import json
from dataclasses import replace
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file

from precompute.atlas import schema
from precompute.atlas.contract.schema_robustness import CUT, CUT_MARK
from precompute.atlas.files import file_digest, safe_name
from precompute.atlas.known_models import checked_model
from precompute.atlas.labels import LabelSet
from precompute.atlas.store import Atlas
from precompute.errors import UserError
from precompute.inference.classifiers import Classifier
from precompute.inference.onnx_models import load_onnx
from precompute.inference.timm_models import TimmNetwork, linear_head, load_timm
from precompute.sources.reopening import why_not, without_weighting

CUT_WEIGHTS = "weights.safetensors"  # in the folder of a cut model


def reopen(
    atlas: Atlas,
    model: str,
    *,
    weights: Path | None = None,
    onnx: Path | None = None,
    device: str = "auto",
) -> Classifier:
    """A network of the atlas, ready to run under its name there, with its own categories.

    Parameters
    ----------
    weights, onnx : the file that it was made of, where `model.parquet` says no other place

    Raises `UserError` where the atlas has no such network, where it cannot be opened here, and where its
    weights are not those that the atlas was made with.
    """
    known = {name: atlas.read(schema.MODEL, name).iloc[0] for name in atlas.models()}
    info = known[checked_model(atlas, model)]
    reason = why_not(model, known, weights=weights, onnx=onnx)
    if reason is not None:
        raise UserError(
            f"{model} cannot look at images here: {reason}. "
            f"{_WAYS.get(info['architecture'], 'Give --weights FILE')}."
        )
    name = without_weighting(model)
    if CUT_MARK in name:
        classifier = _cut(atlas, name, weights, onnx, device)
    elif info["architecture"] == "onnx":
        config = json.loads(info["input_config"])
        told = {key: config[key] for key in _TOLD if key in config}
        assert onnx is not None, "why_not asks for the file"
        classifier = load_onnx(
            name, onnx, input_config=told, labels=_labels(atlas, model), device=device
        )
    else:
        classifier = load_timm(name, weights=weights, labels=_labels(atlas, model), device=device)
    if classifier.weights_sha256 != info["weights_sha256"]:
        raise UserError(
            f"The weights of {model} on this machine are not those of the atlas "
            f"({classifier.weights}). Compute the atlas again, or install the old ones."
        )
    return replace(classifier, name=model)


# How somebody goes on with a network that cannot be opened; any other is one of timm's.
_WAYS = {
    "logits": "Give --logits FILE.npy",
    "onnx": "Give --onnx FILE",
    "characters": "Choose another network",
}
# What `data_config` takes of timm's data config.
_TOLD = ("input_size", "crop_pct", "crop_mode", "interpolation", "mean", "std")


def _labels(atlas: Atlas, model: str) -> LabelSet:
    """The categories of a network as the atlas knows them."""
    info = atlas.read(schema.MODEL, model, columns=["label_set"])
    columns = ["name", "synset", "definition", "hypernyms"]
    return LabelSet(info["label_set"].iat[0], atlas.read(schema.CATEGORIES, model, columns=columns))


def _cut(
    atlas: Atlas, model: str, weights: Path | None, onnx: Path | None, device: str
) -> Classifier:
    """The network that a cut model was made of, with the tensors that changed."""
    folder = f"cut/{safe_name(model)}"
    base = atlas.read(CUT, folder=folder)["model"].iat[0]
    classifier = reopen(atlas, base, weights=weights, onnx=onnx, device=device)
    return changed(classifier, atlas.root / folder / CUT_WEIGHTS, f"cut of {base}")


def changed(classifier: Classifier, file: Path, origin: str) -> Classifier:
    """A timm classifier with the tensors of a safetensors file in place of its own; it is changed itself.

    Raises `UserError` for a file that is none, tensors that do not fit, and other kinds of network.
    """
    network = classifier.forward
    if not isinstance(network, TimmNetwork):
        raise UserError(f"{classifier.name} is no timm network: its tensors cannot be replaced.")
    try:
        tensors = load_file(file)
        _, unexpected = network.model.load_state_dict(tensors, strict=False)
    # safetensors tells a damaged file, torch a tensor of another shape.
    except (OSError, SafetensorError, RuntimeError) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[-1].strip()
        raise UserError(
            f"Cannot put the tensors of '{file}' into {classifier.name} ({reason})."
        ) from error
    if unexpected:
        raise UserError(f"'{file}' holds '{unexpected[0]}', which {classifier.name} does not have.")
    return replace(
        classifier,
        weights=origin,
        weights_sha256=file_digest(file),
        head=linear_head(network.model),
    )
