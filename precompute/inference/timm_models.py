"""Any classifier of timm, with timm's own data configuration."""

import difflib
from itertools import chain
from pathlib import Path

import numpy as np
import timm
import torch
from timm.data import ImageNetInfo, create_transform, infer_imagenet_subset, resolve_data_config

from precompute.atlas.head import Head
from precompute.atlas.labels import LabelSet, anonymous, from_synsets, imagenet_1k
from precompute.errors import UserError
from precompute.inference.classifiers import Classifier, named, pick_device
from precompute.inference.lean.folding import folded
from precompute.inference.weights import TimmModel, load_weights


def load_timm(
    name: str,
    *,
    weights: Path | None = None,
    labels: LabelSet | None = None,
    device: str = "auto",
) -> Classifier:
    """Load a timm model, `arch.tag` or `arch`, ready to run.

    Parameters
    ----------
    weights : checkpoint to use instead of timm's; may have another number of categories
    labels : names of the categories, where they are not an ImageNet set that timm knows

    Raises `UserError` for an unknown model, weights that are missing or do not fit, a model without
    a classifier, the wrong number of names, and a device that this machine lacks.
    """
    _check_name(name)
    if weights is None:
        name = _with_tag(name)
    picked = pick_device(device)
    model, origin, sha256 = load_weights(name, weights)
    _check_classifier(name, model.num_classes)
    source = model.pretrained_cfg
    if labels is not None:
        labels, warning = named(labels, model.num_classes, name), None
    else:
        labels, warning = _own_labels(name, model)
    config = resolve_data_config(pretrained_cfg=source)
    forward, head = TimmNetwork(model, picked), linear_head(model)
    return Classifier(
        name=name,
        architecture=source["architecture"],
        weights=origin,
        weights_sha256=sha256,
        labels=labels,
        n_features=_n_features(model),
        n_parameters=sum(parameter.numel() for parameter in model.parameters()),
        input_config=config,
        transform=create_transform(**config, is_training=False, normalize=False),
        forward=forward,
        device=picked,
        with_features=None if head is None else forward.with_features,
        head=head,
        warning=warning,
    )


class TimmNetwork:
    """Images (B, C, H, W) -> logits (B, n) on one device; in mixed precision on a CUDA GPU.

    Mixed means float16, whose logits were off by 0.4% of their standard deviation on
    tf_efficientnet_lite0; bfloat16 was off by 3%. A batch that overflows is run again in float32. The
    last layer is always float32: the logits must stay a linear image of the features, or the low
    rank of their second moment is lost. In float32 batch normalisation is folded into the convolutions
    (`precompute.inference.lean.folding`): on a CPU that takes a third off, and changes rounding alone.
    """

    def __init__(self, model: TimmModel, device: torch.device, mixed: bool | None = None):
        self.device = device
        self.model = model.eval().to(device, memory_format=torch.channels_last)
        self.mixed = device.type == "cuda" if mixed is None else mixed
        if self.mixed:
            for head in _heads(model):
                head.register_forward_hook(_again_in_float32)
        self._folded: tuple[list, TimmModel] = [], None

    @torch.inference_mode()
    def __call__(self, images: torch.Tensor) -> np.ndarray:
        images = images.to(self.device, memory_format=torch.channels_last, non_blocking=True)
        logits = self._run(images, self.mixed)
        if self.mixed and not logits.isfinite().all():
            logits = self._run(images, False)
        return logits.float().cpu().numpy()

    def with_features(self, images: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
        """Logits (B, n) and what the last layer makes them of (B, d), float32."""
        seen: list[torch.Tensor] = []
        (head,) = _heads(self._network())
        hook = head.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
        try:
            logits = self(images)
        finally:
            hook.remove()
        return logits, seen[-1].float().cpu().numpy()

    def _run(self, images: torch.Tensor, mixed: bool) -> torch.Tensor:
        with torch.autocast(self.device.type, dtype=torch.float16, enabled=mixed):
            return self._network()(images)

    def _network(self) -> TimmModel:
        """What is run: the model, or what it was folded to, anew whenever somebody has changed it."""
        if self.mixed:
            return self.model
        tensors = chain(self.model.parameters(), self.model.buffers())
        state = [(id(tensor), tensor._version) for tensor in tensors]
        if state != self._folded[0]:
            # What is made in inference mode could not be hooked or copied outside of it.
            with torch.inference_mode(False), torch.no_grad():
                network = folded(self.model).to(memory_format=torch.channels_last)
            self._folded = state, network
        return self._folded[1]


def _again_in_float32(head: torch.nn.Module, inputs: tuple, _) -> torch.Tensor:
    features = inputs[0].float()
    with torch.autocast(features.device.type, enabled=False):
        return head.forward(features)


def _heads(model: TimmModel) -> list[torch.nn.Module]:
    """The last layer; distilled models have two."""
    head = model.get_classifier()
    return list(head) if isinstance(head, tuple | list) else [head]


def the_head(model: TimmModel) -> tuple[str, torch.nn.Module]:
    """The last layer of a model that has one, and its name among the modules."""
    (head,) = _heads(model)
    return next(name for name, module in model.named_modules() if module is head), head


def linear_head(model: TimmModel) -> Head | None:
    """The last layer; None where it is no linear one, or there are two."""
    head, *others = _heads(model)
    if others or not isinstance(head, torch.nn.Linear):
        return None
    weights = head.weight.detach().float().cpu().numpy()
    bias = np.zeros(len(weights), np.float32)
    return Head(weights, bias if head.bias is None else head.bias.detach().float().cpu().numpy())


def _n_features(model: TimmModel) -> int:
    width = getattr(_heads(model)[0], "in_features", None)
    return width or getattr(model, "head_hidden_size", None) or model.num_features


def _check_name(name: str) -> None:
    architecture, _, tag = name.partition(".")
    if not timm.is_model(architecture):
        near = difflib.get_close_matches(architecture, timm.list_models(), n=1)
        hint = f"Did you mean '{near[0]}'?" if near else "timm.list_models() lists them all."
        raise UserError(f"Model '{name}' is not a timm model. {hint}")
    known = timm.list_pretrained(f"{architecture}.*")
    if tag and name not in known:
        near = difflib.get_close_matches(name, known, n=1, cutoff=0) or [architecture]
        raise UserError(
            f"timm has no weights '{tag}' of '{architecture}'. Did you mean '{near[0]}'?"
        )


def _with_tag(name: str) -> str:
    """The full name of the weights that timm takes by default, if it has any."""
    source = timm.get_pretrained_cfg(name)
    if source is None or not source.has_weights:
        return name
    _check_classifier(name, source.num_classes)
    return f"{name}.{source.tag}" if "." not in name and source.tag else name


def _check_classifier(name: str, n: int) -> None:
    if not n:
        raise UserError(f"Model '{name}' has no classifier, only features. Choose another one.")


def _own_labels(name: str, model: TimmModel) -> tuple[LabelSet, str | None]:
    """The ImageNet set that timm knows the model by, else numbered categories and a warning."""
    subset = infer_imagenet_subset(model)
    tag = model.pretrained_cfg.get("tag") or ""
    if subset == "imagenet-1k" and "in1k" in tag:
        return imagenet_1k(), None
    if subset is not None and subset != "imagenet-1k":
        return from_synsets(ImageNetInfo(subset).label_names(), subset), None
    return anonymous(model.num_classes), (
        f"Nobody names the {model.num_classes} categories of '{name}': they are called 'category 0' "
        "and so on. Give their names with --labels."
    )
