"""A classifier exported to ONNX: the graph says nothing about crops and colours, so the user does."""

from pathlib import Path

import numpy as np
import onnxruntime
import torch
from timm.data import create_transform

from precompute.atlas.files import file_digest
from precompute.atlas.head import Head
from precompute.atlas.labels import LabelSet, imagenet_1k
from precompute.errors import UserError
from precompute.inference.classifiers import Classifier, named, pick_device
from precompute.inference.input_config import data_config
from precompute.sources.onnx_bytes import showing
from precompute.sources.onnx_layer import last_layer


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
    input_config : how an image enters, in timm's words (see `data_config`)
    labels : names of the categories; ImageNet-1k where there are 1,000 and none are given

    Raises `UserError` for a file that is no such graph, and where configuration or names are missing.
    """
    file, picked = Path(file), _pick(device)
    session = _open(file, picked)
    outputs = {output.name: output.shape for output in session.get_outputs()}
    if "logits" not in outputs:
        raise UserError(
            f"'{file}' has no output 'logits', only {', '.join(map(repr, outputs))}. Export it so that "
            "the last layer's output, before any softmax, is called 'logits'."
        )
    image = _image_input(session, file)
    config = data_config(file, image.shape[1:], input_config or {})
    transform = create_transform(**config, is_training=False, normalize=False)
    forward = OnnxNetwork(session, image)
    n = _n_categories(file, forward, config)
    if labels is None and n != 1000:
        raise UserError(f"'{file}' has {n} categories without names. Give them with --labels.")
    features = outputs.get("features", [None])[-1]
    pixels = np.zeros((1, *config["input_size"]), forward.type)
    head = _head(file, {image.name: pixels}) if "features" in outputs else None
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
        with_features=forward.with_features if "features" in outputs else None,
        head=head,
    )


class OnnxNetwork:
    """Images (B, C, H, W) -> logits (B, n), one by one where the graph has a batch size of 1."""

    def __init__(self, session: onnxruntime.InferenceSession, image: onnxruntime.NodeArg):
        self.session, self.input = session, image.name
        self.type = np.float16 if image.type == "tensor(float16)" else np.float32
        self.single = image.shape[0] == 1

    def __call__(self, images: torch.Tensor) -> np.ndarray:
        (logits,) = self._run(["logits"], images)
        return logits

    def with_features(self, images: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Logits (B, n) and the output `features` (B, d), float32."""
        logits, features = self._run(["logits", "features"], images)
        return logits, features

    def _run(self, outputs: list[str], images: torch.Tensor) -> list[np.ndarray]:
        pixels = images.cpu().numpy().astype(self.type, copy=False)
        parts = pixels[:, None] if self.single else [pixels]
        found = zip(*(self.session.run(outputs, {self.input: part}) for part in parts), strict=True)
        return [np.concatenate(one).astype(np.float32, copy=False) for one in found]


def _pick(device: str) -> torch.device:
    """`pick_device`, where onnxruntime can use it."""
    picked, gpu = pick_device(device), "CUDAExecutionProvider"
    if picked.type == "cpu" or (
        picked.type == "cuda" and gpu in onnxruntime.get_available_providers()
    ):
        return picked
    if device == "auto":
        return torch.device("cpu")
    raise UserError(
        f"This onnxruntime cannot use device '{device}'. Give --device cpu, or pip install "
        "onnxruntime-gpu for cuda."
    )


def _open(file: Path, device: torch.device) -> onnxruntime.InferenceSession:
    if not file.is_file():
        raise UserError(f"There is no ONNX file '{file}'. Check --onnx.")
    providers: list[str | tuple[str, dict]] = ["CPUExecutionProvider"]
    if device.type == "cuda":
        providers = [("CUDAExecutionProvider", {"device_id": device.index or 0}), *providers]
    try:
        return onnxruntime.InferenceSession(str(file), providers=providers)
    # onnxruntime has one exception class for every status code, without a common ancestor.
    except Exception as error:
        raise UserError(f"Cannot read '{file}' as an ONNX graph ({_first_line(error)}).") from error


def _image_input(session: onnxruntime.InferenceSession, file: Path) -> onnxruntime.NodeArg:
    inputs = session.get_inputs()
    image = inputs[0]
    batch = image.shape[0] if len(inputs) == 1 and len(image.shape) == 4 else 0
    free = not isinstance(batch, int) or batch == 1
    if not free or image.shape[1] != 3 or "float" not in image.type:
        found = ", ".join(f"'{i.name}' {i.type} {i.shape}" for i in inputs)
        raise UserError(
            f"'{file}' takes {found}; it must take one float input (batch, 3, height, width) with a "
            "batch that is free or 1."
        )
    return image


def _n_categories(file: Path, forward: OnnxNetwork, config: dict) -> int:
    try:
        shape = forward(torch.zeros(1, *config["input_size"])).shape
    except Exception as error:
        raise UserError(
            f"'{file}' does not run on an image of {list(config['input_size'])} ({_first_line(error)})."
        ) from error
    if len(shape) != 2:
        raise UserError(f"The output 'logits' of '{file}' is {list(shape)}; it must be (batch, n).")
    return shape[1]


def _head(file: Path, feed: dict[str, np.ndarray]) -> Head | None:
    """The layer that makes the logits of the features, where it is a linear one; `feed` is an input of the
    graph."""
    model = file.read_bytes()
    layer = last_layer(model)
    if layer is None:
        return None
    names = (layer.weights,) if layer.bias is None else (layer.weights, layer.bias)
    try:
        session = onnxruntime.InferenceSession(
            showing(model, names), providers=["CPUExecutionProvider"]
        )
        weights, *bias = session.run(list(names), feed)
    # onnxruntime has one exception class for every status code, without a common ancestor.
    except Exception:  # weights in a file beside the graph, say
        return None
    weights = np.ascontiguousarray(weights if layer.transposed else weights.T, dtype=np.float32)
    zeros = np.zeros(len(weights))
    return Head(weights, (bias[0].ravel() if bias else zeros).astype(np.float32))


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
