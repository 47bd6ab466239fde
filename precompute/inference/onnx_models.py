"""A classifier exported to ONNX: the graph says nothing about crops and colours, so the user does."""

import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from timm.data import create_transform, resolve_data_config

from precompute.errors import UserError
from precompute.inference.classifiers import Classifier, named, pick_device
from precompute.labels import LabelSet, imagenet_1k
from precompute.store import file_digest

KEYS = ("input_size", "crop_pct", "crop_mode", "interpolation", "mean", "std")


def load_onnx(
    name: str,
    file: Path,
    *,
    input_config: dict | None = None,
    labels: LabelSet | None = None,
    device: str = "auto",
) -> Classifier:
    """Load an ONNX graph with one image input (B, 3, H, W), an output `logits` (B, n) and, if it has
    one, `features` (B, d).

    Parameters
    ----------
    input_config : how an image enters, by timm's names; over FILE.json beside the graph. `mean` and
        `std` have to be told; input_size is the graph's own, crop_pct 0.875 and interpolation bicubic
        unless told
    labels : names of the categories; ImageNet-1k where there are 1,000 and none are given

    Raises `UserError` for a file that is no such graph, and where configuration or names are missing.
    """
    file, picked = Path(file), pick_device(device)
    session = _open(file, picked)
    outputs = {output.name: output.shape for output in session.get_outputs()}
    if "logits" not in outputs:
        raise UserError(
            f"'{file}' has no output 'logits', only {', '.join(map(repr, outputs))}. Export it so that "
            "the last layer's output, before any softmax, is called 'logits'."
        )
    image = _image_input(session, file)
    config = _input_config(file, image.shape, input_config or {})
    transform = create_transform(**config, is_training=False)
    forward = OnnxNetwork(session, image)
    n = forward(torch.zeros(1, *config["input_size"])).shape[1]
    if labels is None and n != 1000:
        raise UserError(f"'{file}' has {n} categories without names. Give them with --labels.")
    features = outputs.get("features", [None])[-1]
    return Classifier(
        name=name,
        architecture="onnx",
        weights=f"file {file.name}",
        weights_sha256=file_digest(file),
        labels=imagenet_1k() if labels is None else named(labels, n, name),
        n_features=features if isinstance(features, int) else None,
        n_parameters=None,
        input_config=config,
        transform=transform,
        forward=forward,
        device=picked,
    )


class OnnxNetwork:
    """Images (B, C, H, W) -> logits (B, n), one by one where the graph has a batch size of 1."""

    def __init__(self, session: onnxruntime.InferenceSession, image: onnxruntime.NodeArg):
        self.session, self.input = session, image.name
        self.type = np.float16 if image.type == "tensor(float16)" else np.float32
        self.single = image.shape[0] == 1

    def __call__(self, images: torch.Tensor) -> np.ndarray:
        pixels = images.numpy().astype(self.type, copy=False)
        parts = pixels[:, None] if self.single else [pixels]
        logits = [self.session.run(["logits"], {self.input: part})[0] for part in parts]
        return np.concatenate(logits).astype(np.float32, copy=False)


def _open(file: Path, device: torch.device) -> onnxruntime.InferenceSession:
    if not file.is_file():
        raise UserError(f"There is no ONNX file '{file}'. Check --onnx.")
    providers = ["CPUExecutionProvider"]
    if device.type == "cuda":
        providers = [("CUDAExecutionProvider", {"device_id": device.index or 0}), *providers]
    try:
        return onnxruntime.InferenceSession(str(file), providers=providers)
    # onnxruntime has one exception class for every status code, without a common ancestor.
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise UserError(f"Cannot read '{file}' as an ONNX graph ({reason}).") from error


def _image_input(session: onnxruntime.InferenceSession, file: Path) -> onnxruntime.NodeArg:
    inputs = session.get_inputs()
    image = inputs[0]
    if (
        len(inputs) != 1
        or len(image.shape) != 4
        or image.shape[1] != 3
        or "float" not in image.type
    ):
        found = ", ".join(f"'{i.name}' {i.type} {i.shape}" for i in inputs)
        raise UserError(
            f"'{file}' takes {found}; it must take one float image batch (batch, 3, height, width)."
        )
    return image


def _input_config(file: Path, shape: list, given: dict) -> dict:
    """timm's data config out of the arguments, FILE.json and the graph's own input size."""
    config = _beside(file) | given
    if all(isinstance(side, int) for side in shape[1:]):
        config = {"input_size": shape[1:]} | config
        if list(config["input_size"]) != shape[1:]:
            raise UserError(
                f"'{file}' takes images of {shape[1:]}, not {list(config['input_size'])}. Leave "
                "input_size away."
            )
    missing = [key for key in ("input_size", "mean", "std") if key not in config]
    if missing:
        raise UserError(
            f"How images enter '{file}' is not known: {', '.join(missing)} missing. Give "
            f"{', '.join('--' + key.replace('_', '-') for key in missing)}, or write them into "
            f"'{file.name}.json' beside it."
        )
    return resolve_data_config(config)


def _beside(file: Path) -> dict:
    path = file.with_name(f"{file.name}.json")
    if not path.exists():
        return {}
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"Cannot read '{path}' as JSON ({error}).") from error
    unknown = (
        [key for key in config if key not in KEYS] if isinstance(config, dict) else ["no object"]
    )
    if unknown:
        raise UserError(f"'{path}' holds '{unknown[0]}'; it may hold {', '.join(KEYS)}.")
    return config
